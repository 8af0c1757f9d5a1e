//! What a row makes different, old → new, in words.

use importer::batch::Row;
use importer::{Change, Outcome, Said, What};
use minijinja::{Value, context};
use templating::Dates;

use super::words;
use crate::extract::Site;

/// The changes of a row that something becomes of, for the list.
pub(super) fn view(site: &Site, row: &Row) -> Vec<Value> {
    of(row)
        .map(|it| context! { name => name(site, it.what), before => before(site, it), after => after(site, it) })
        .collect()
}

/// The same as one text, such as “Beginn: 03.12.2026, 08:30 → 03.12.2026, 09:00 · Telefon: 123 → 456”.
pub(super) fn line(site: &Site, row: &Row) -> String {
    let said = |it: &Change| format!("{}: {} → {}", name(site, it.what), before(site, it), after(site, it));
    of(row).map(said).collect::<Vec<_>>().join(" · ")
}

/// Whether a row changes its appointment in nothing that anybody would see: only the file's words are others.
pub(super) fn is_only_wording(row: &Row) -> bool {
    row.outcome == Outcome::Update && row.changes.is_empty()
}

/// Nothing has come of those that were left as they are.
fn of(row: &Row) -> impl Iterator<Item = &Change> {
    row.changes.iter().filter(|_| row.outcome != Outcome::Nothing)
}

fn name(site: &Site, what: What) -> String {
    site.t(&format!("staff.import.change.{}", what.as_str()), &[])
}

fn before(site: &Site, it: &Change) -> String {
    said(site, it.what, &it.before)
}

fn after(site: &Site, it: &Change) -> String {
    said(site, it.what, &it.after)
}

fn said(site: &Site, what: What, said: &Said) -> String {
    let dates = Dates::new(&site.texts, &site.lang);
    match said {
        Said::Nothing if what == What::Place => site.t("staff.import.change.whole_town", &[]),
        Said::Nothing => site.t("staff.import.change.nothing", &[]),
        Said::Moment(at) => words::moment(&dates, *at),
        Said::Days(first, last) => words::days(&dates, *first, *last),
        Said::Minutes(minutes) => site.t("staff.import.change.minutes", &[("minutes", minutes.to_string().into())]),
        Said::Concerns(concerns) => {
            words::concerns(site, concerns.iter().map(|(key, many)| (key.as_str(), u16::from(*many))))
        }
        Said::Text(words) => words.clone(),
    }
}
