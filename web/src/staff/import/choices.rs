//! What the admin decides about a batch as a whole.

use importer::batch::{AllDay, Choices};
use minijinja::{Value, context};

use crate::extract::{Fields, Site};

/// What the form says. The concern for all unknown ones is decided here or on the page of concerns.
pub(super) fn read(site: &Site, fields: &Fields) -> Choices {
    let unknown = fields.get("unbekannt").filter(|it| site.town.catalog.get(it).is_some()).map(str::to_owned);
    Choices {
        all_day: if fields.get("ganztags") == Some("schliessen") { AllDay::Close } else { AllDay::Skip },
        unknown,
        send_mails: fields.get("mails").is_some(),
        cancel_gone: fields.get("absagen").is_some(),
    }
}

/// The fields, for the template.
pub(super) fn view(site: &Site, choices: &Choices) -> Value {
    let concerns = site.town.catalog.concerns.iter();
    context! {
        closes => choices.all_day == AllDay::Close,
        unknown => choices.unknown.as_deref().unwrap_or_default(),
        send_mails => choices.send_mails,
        cancel_gone => choices.cancel_gone,
        concerns => concerns
            .map(|it| context! { key => it.key.as_str(), name => it.name.get(&site.lang) })
            .collect::<Vec<_>>(),
    }
}
