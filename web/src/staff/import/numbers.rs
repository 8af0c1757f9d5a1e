//! How many rows stand how.

use importer::batch::Numbers;
use minijinja::{Value, context};

/// All of them, for a template.
pub(super) fn view(numbers: &Numbers) -> Value {
    context! {
        ready => numbers.ready,
        warning => numbers.warning,
        error => numbers.error,
        skipped => numbers.skipped,
        all => numbers.ready + numbers.warning + numbers.error + numbers.skipped,
        add => numbers.add,
        update => numbers.update,
        same => numbers.same,
        close => numbers.close,
        gone => numbers.gone,
        cancelled => numbers.cancelled,
        flagged => numbers.flagged,
    }
}
