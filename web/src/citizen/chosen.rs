//! What a citizen has chosen, as every address on the way to a booking carries it: `anliegen=reisepass&anzahl-reisepass=2`.

use booking::{Booking, Mode};
use catalog::{Choice, Selection};
use tenancy::town::Rules;

use crate::extract::Fields;

/// More concerns than any form has boxes for: what comes after is not looked at.
const MOST_READ: usize = 100;

/// Concerns with quantities, and whether they are for one appointment or for several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Concerns with quantities, as they were sent: nothing is checked here.
    pub selection: Selection,
    /// All in one appointment, or one each.
    pub mode: Mode,
    is_mode_open: bool,
}

impl Chosen {
    /// Reads the choice. A quantity that is no small number becomes 0, which planning refuses in words.
    pub fn read(fields: &Fields, rules: &Rules) -> Self {
        let mut selection = Selection::new();
        for concern in fields.all("anliegen").take(MOST_READ) {
            if selection.iter().any(|it| it.concern == concern) {
                continue;
            }
            let quantity = fields.get(&format!("anzahl-{concern}")).map_or(1, |it| it.trim().parse().unwrap_or(0));
            selection.push(Choice { concern: concern.to_owned(), quantity });
        }
        let is_mode_open = rules.combined && rules.separate;
        let wants_separate = fields.get("art") == Some("getrennt");
        let mode = if rules.separate && (wants_separate || !rules.combined) { Mode::Separate } else { Mode::Combined };
        Self { selection, mode, is_mode_open }
    }

    /// What a draft was made for.
    pub fn of_booking(booking: &Booking, rules: &Rules) -> Self {
        let is_mode_open = rules.combined && rules.separate;
        Self { selection: booking.selection.clone(), mode: booking.mode, is_mode_open }
    }

    /// How often `concern` was chosen; 0: not at all.
    pub fn quantity(&self, concern: &str) -> u8 {
        self.selection.iter().find(|it| it.concern == concern).map_or(0, |it| it.quantity.max(1))
    }

    /// The choice as fields of a form or an address.
    pub fn fields(&self) -> Vec<(String, String)> {
        let mut fields = Vec::new();
        for choice in &self.selection {
            fields.push(("anliegen".to_owned(), choice.concern.clone()));
            if choice.quantity != 1 {
                fields.push((format!("anzahl-{}", choice.concern), choice.quantity.to_string()));
            }
        }
        if self.is_mode_open {
            fields.push(("art".to_owned(), mode_name(self.mode).to_owned()));
        }
        fields
    }
}

/// The mode as addresses name it.
pub fn mode_name(mode: Mode) -> &'static str {
    match mode {
        Mode::Combined => "gemeinsam",
        Mode::Separate => "getrennt",
    }
}

/// `path` with `fields` as its query.
pub fn address(path: &str, fields: &[(String, String)]) -> String {
    if fields.is_empty() {
        return path.to_owned();
    }
    let query: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    format!("{path}?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(query: &str, combined: bool, separate: bool) -> Chosen {
        let rules = Rules { combined, separate, ..Rules::default() };
        Chosen::read(&Fields::parse(query.as_bytes()).unwrap(), &rules)
    }

    #[test]
    fn a_choice_survives_its_own_address() {
        let first = chosen("anliegen=reisepass&anliegen=umziehen&anzahl-reisepass=2&art=getrennt", true, true);
        assert_eq!(first.quantity("reisepass"), 2);
        assert_eq!(first.quantity("umziehen"), 1);
        assert_eq!(first.quantity("sonst"), 0);
        let address = address("/termin", &first.fields());
        assert_eq!(address, "/termin?anliegen=reisepass&anzahl-reisepass=2&anliegen=umziehen&art=getrennt");
        assert_eq!(chosen(address.trim_start_matches("/termin?"), true, true), first);
    }

    #[test]
    fn a_concern_ticked_twice_counts_once() {
        assert_eq!(chosen("anliegen=a&anliegen=a", true, false).selection.len(), 1);
    }

    #[test]
    fn a_town_with_one_way_of_booking_does_not_ask_for_it() {
        assert_eq!(chosen("anliegen=a&art=getrennt", true, false).mode, Mode::Combined);
        assert_eq!(chosen("anliegen=a&art=gemeinsam", false, true).mode, Mode::Separate);
        assert_eq!(address("/", &chosen("anliegen=a", false, true).fields()), "/?anliegen=a");
    }

    #[test]
    fn a_quantity_that_is_none_is_kept_as_zero() {
        let chosen = chosen("anliegen=a&anzahl-a=viele&anliegen=b&anzahl-b=900", true, false);
        assert_eq!(chosen.selection.iter().map(|it| it.quantity).collect::<Vec<_>>(), [0, 0]);
    }
}
