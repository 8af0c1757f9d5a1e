//! What was just done, in one sentence: a word in the address, so that reloading sends nothing.

use axum::response::Response;
use booking::desk::DayAppointment;

use super::place::day_of;
use crate::extract::{Fields, Site};

/// Something that was done with an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    /// A step at the counter: the page shows it.
    Step,
    /// The note was saved.
    Noted,
    /// It was cancelled.
    Cancelled,
    /// It stands elsewhere now.
    Moved,
    /// Its concerns are others now.
    Changed,
    /// Somebody has looked at what was imported.
    LookedAt,
}

impl Done {
    /// The word in the address; none: nothing to say.
    fn word(self) -> Option<&'static str> {
        match self {
            Self::Step => None,
            Self::Noted => Some("notiz"),
            Self::Cancelled => Some("abgesagt"),
            Self::Moved => Some("verschoben"),
            Self::Changed => Some("geaendert"),
            Self::LookedAt => Some("geprueft"),
        }
    }

    /// Back to where the form was: the day (`von=tag`, `von=liste`), or the appointment's page.
    pub fn go(self, site: &Site, it: &DayAppointment, fields: &Fields) -> Response {
        let notice = self.word().map(|word| format!("meldung={word}"));
        let from = fields.get("von");
        if !matches!(from, Some("tag" | "liste")) {
            let query = notice.map(|it| format!("?{it}")).unwrap_or_default();
            return site.redirect(&format!("/verwaltung/termine/{}{query}", it.id));
        }
        let office = site.town.former_offices.locations.iter().find(|office| office.id == it.location);
        let office = office.map(|it| it.key.as_str()).unwrap_or_default();
        let view = if from == Some("liste") { "&ansicht=liste" } else { "" };
        let notice = notice.map(|it| format!("&{it}")).unwrap_or_default();
        let (id, day) = (it.id, day_of(site, it.start));
        site.redirect(&format!("/verwaltung/tag?standort={office}&tag={day}{view}&termin={id}{notice}#t-{id}"))
    }
}

/// The sentence for the word in this page's address.
pub(super) fn notice(site: &Site) -> Option<String> {
    let word = site.query.get("meldung")?;
    let all = [Done::Noted, Done::Cancelled, Done::Moved, Done::Changed, Done::LookedAt];
    let known = all.iter().filter_map(|it| it.word()).find(|it| *it == word)?;
    Some(site.t(&format!("staff.day.done.{known}"), &[]))
}
