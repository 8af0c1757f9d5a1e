//! What earlier editions of a file had and this one has not, a page at a time.

use importer::batch::{self, Batch, Gone, GoneState};
use minijinja::{Value, context};
use templating::Dates;

use super::step::Step;
use super::words;
use crate::extract::Site;
use crate::{AppState, WebError};

/// So many stand on a page.
const ON_A_PAGE: i64 = 50;

/// Those that the address asks for: after number `fehlt`.
///
/// # Errors
/// The database's own.
pub(super) async fn view(site: &Site, app: &AppState, batch: &Batch, step: Step) -> Result<Value, WebError> {
    let after: i64 = site.query.get("fehlt").and_then(|it| it.parse().ok()).unwrap_or(0);
    let mut tx = site.tx(app).await?;
    let mut list = batch::gone(&mut tx, batch.id, after, ON_A_PAGE + 1).await?;
    let is_wanted = batch.choices.cancel_gone && batch.numbers.gone > 0;
    let is_blocked = is_wanted && batch::has_nameless(&mut tx, batch.id).await?;
    tx.rollback().await?;
    let has_more = list.len() > usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX);
    if has_more {
        list.pop();
    }
    let address = |after: i64| format!("{}?fehlt={after}#fehlt", site.url(&step.path(batch.id)));
    Ok(context! {
        list => list.iter().map(|it| row(site, it)).collect::<Vec<_>>(),
        first => (after > 0).then(|| address(0)),
        next => list.last().filter(|_| has_more).map(|last| address(last.number)),
        is_ahead => step == Step::Check,
        will_cancel => step == Step::Check && is_wanted && !is_blocked,
        is_blocked,
    })
}

fn row(site: &Site, it: &Gone) -> Value {
    let states = if it.days.is_some() { "closed_state" } else { "gone_state" };
    // Of what is only shown there is nothing to say.
    let state =
        (it.state != GoneState::Missing).then(|| site.t(&format!("staff.import.{states}.{}", it.state.as_str()), &[]));
    let days = it.days.map(|(first, last)| words::days(&Dates::new(&site.texts, &site.lang), first, last));
    let name = match (&days, &it.counter) {
        (None, _) => it.name.clone(),
        (Some(_), Some(counter)) => site.t("staff.import.gone_closure_of", &[("counter", counter.as_str().into())]),
        (Some(_), None) => site.t("staff.import.gone_closure", &[]),
    };
    context! {
        name,
        at => it.start.to_string(),
        days,
        href => it.appointment_id.map(|id| site.url(&format!("/verwaltung/termine/{id}"))),
        state,
    }
}
