//! Who is invited to an event, as one text: `Eva Meier <eva@example.org>; Ali Muster`.

use super::content::Property;

/// More are no appointment at a counter.
const MOST: usize = 50;

/// Who is invited, and by whom.
#[derive(Default)]
pub(super) struct People {
    organizer: String,
    /// Name and address; either may be empty.
    invited: Vec<(String, String)>,
}

impl People {
    /// Takes who invites.
    pub fn organize(&mut self, property: &Property) {
        self.organizer = address(property);
    }

    /// Takes one who is invited; rooms and things are not people.
    pub fn invite(&mut self, property: &Property) {
        let kind = property.parameter("CUTYPE").unwrap_or_default().to_ascii_uppercase();
        if !matches!(kind.as_str(), "ROOM" | "RESOURCE") && self.invited.len() < MOST {
            // These signs part people and addresses.
            let name = property.parameter("CN").unwrap_or_default().replace(';', ",").replace(['<', '>'], " ");
            self.invited.push((name, address(property)));
        }
    }

    /// All who are invited but for the one who invites. The order in the file does not matter.
    pub fn text(&self) -> String {
        let is_guest = |it: &&(String, String)| it.1.is_empty() || !it.1.eq_ignore_ascii_case(&self.organizer);
        let written = |(name, address): &(String, String)| match (name.trim(), address.as_str()) {
            (name, "") => name.to_owned(),
            ("", address) => address.to_owned(),
            (name, address) if name.eq_ignore_ascii_case(address) => address.to_owned(),
            (name, address) => format!("{name} <{address}>"),
        };
        let guests: Vec<String> =
            self.invited.iter().filter(is_guest).map(written).filter(|it| !it.is_empty()).collect();
        guests.join("; ")
    }
}

/// `mailto:` and what follows.
fn address(property: &Property) -> String {
    let value = property.value.trim();
    let has_prefix = value.get(..7).is_some_and(|begin| begin.eq_ignore_ascii_case("mailto:"));
    if has_prefix { value[7..].to_owned() } else { String::new() }
}
