//! Who books: name, e-mail address, telephone number, each checked once where it comes in.
//!
//! The errors say what is wrong in a way that a form can put into words beside the field; the words are the web's.

mod email;
mod name;
mod phone;

pub use email::{BadEmail, EmailAddress};
pub use name::{BadName, PersonName};
pub use phone::{BadPhone, PhoneNumber};

/// The person behind a booking, as confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Name.
    pub name: PersonName,
    /// Where the confirmation goes.
    pub email: EmailAddress,
    /// For questions, if the town asks for it.
    pub phone: Option<PhoneNumber>,
    /// Whether to be reminded the day before.
    pub wants_reminder: bool,
    /// Language of the mails; none: the one in which the draft was begun.
    pub language: Option<String>,
}

/// What somebody has typed so far, unchecked, kept while they look for another time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// As in the field “name”.
    pub name: String,
    /// As in the field “e-mail”.
    pub email: String,
    /// As in the field “telephone”.
    pub phone: String,
    /// Whether the box is ticked.
    pub wants_reminder: bool,
}

/// `text` as it may be kept: without control characters, not longer than its column. None if nothing is left.
pub(crate) fn keepable(text: &str, most: usize) -> Option<String> {
    let kept: String = text.chars().filter(|c| !c.is_control()).take(most).collect();
    (!kept.trim().is_empty()).then_some(kept)
}

/// Characters that make text run backwards or break lines unseen, and have no place in a name or an address.
pub(crate) fn is_invisible_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}
