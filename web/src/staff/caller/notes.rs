//! Citizens' rules that a booking for a caller exceeds: allowed, and always said.

use std::borrow::Cow;

use booking::SelectionProblem;
use booking::desk::{self, Intake};
use jiff::{Timestamp, ToSpan as _};
use tenancy::TenantTx;

use crate::WebError;
use crate::citizen::today;
use crate::extract::Site;

/// What is special about the choice and about its times; nothing twice.
pub(super) fn notes(site: &Site, intake: &Intake, starts: &[Timestamp]) -> Vec<String> {
    let of_choice = intake.exceeds.iter().map(|it| of_choice(site, it));
    let all = of_choice.chain(starts.iter().filter_map(|it| of_time(site, *it)));
    all.fold(Vec::new(), |mut notes, note| {
        if !notes.contains(&note) {
            notes.push(note);
        }
        notes
    })
}

/// That there are more appointments under this address than a citizen could have booked.
///
/// # Errors
/// The database's own.
pub(super) async fn of_email(
    site: &Site,
    tx: &mut TenantTx,
    email: &str,
    further: usize,
) -> Result<Option<String>, WebError> {
    let max = site.town.town.rules.bookings_per_email;
    let count = desk::upcoming(tx, email, site.now).await? + further;
    let arguments = [("count", count.to_string().into()), ("max", max.to_string().into())];
    Ok((count > usize::from(max)).then(|| t(site, "per_email", &arguments)))
}

fn of_choice(site: &Site, problem: &SelectionProblem) -> String {
    let name = |key: &str| -> Cow<'static, str> {
        site.town.catalog.get(key).map_or_else(String::new, |it| it.name.get(&site.lang).to_owned()).into()
    };
    let minutes =
        |minutes: u16| -> Cow<'static, str> { templating::minutes(&site.texts, &site.lang, u32::from(minutes)).into() };
    match problem {
        SelectionProblem::PhoneOnly { concern } => t(site, "internal", &[("name", name(concern))]),
        SelectionProblem::Quantity { concern, max, .. } => {
            t(site, "quantity", &[("name", name(concern)), ("max", max.to_string().into())])
        }
        SelectionProblem::Alone { concern } => t(site, "alone", &[("name", name(concern))]),
        SelectionProblem::TooLong { max, .. } => t(site, "too_long", &[("max", minutes(*max))]),
        SelectionProblem::TooMany { max, .. } => t(site, "too_many", &[("max", max.to_string().into())]),
        _ => t(site, "separate", &[]),
    }
}

fn of_time(site: &Site, start: Timestamp) -> Option<String> {
    let rules = &site.town.town.rules;
    let earliest = site.now.checked_add(i64::from(rules.lead_minutes).minutes()).ok()?;
    if start < earliest {
        return Some(t(site, "lead", &[]));
    }
    let last = today(site).saturating_add(i64::from(rules.horizon_days).days());
    let day = start.to_zoned(site.zone().clone()).date();
    (day > last).then(|| t(site, "horizon", &[("days", rules.horizon_days.to_string().into())]))
}

fn t(site: &Site, key: &str, arguments: &[(&str, Cow<'_, str>)]) -> String {
    site.t(&format!("staff.caller.note.{key}"), arguments)
}
