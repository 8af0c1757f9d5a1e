//! Who was invited to a row's appointment: the citizen, if it is just one person and not the one who invites.

use super::cells::Row;
use crate::Field;
use crate::concerns::plain;
use crate::subject::{Parts, TITLES};

/// Somebody who was invited.
struct Guest {
    name: String,
    email: String,
}

/// Takes over name and address of the one who was invited. Several people, or one who is not the person of the subject
/// (a colleague), are a remark.
pub(super) fn add(row: &Row<'_>, parts: &mut Parts) {
    let hosts: Vec<Guest> = guests(&row.text(Field::Organizer));
    let mut invited = guests(&row.text(Field::Attendee));
    invited.retain(|guest| !hosts.iter().any(|host| guest.is(host)));
    let is_meant = |guest: &Guest| {
        !parts.is_remark && (parts.name.is_empty() || guest.name.is_empty() || shares_word(&parts.name, &guest.name))
    };
    match invited.as_slice() {
        [guest] if is_meant(guest) => {
            if parts.name.is_empty() {
                parts.name = guest.name.clone();
            }
            if parts.email.is_empty() {
                parts.email = guest.email.clone();
            } else if parts.email != guest.email {
                parts.add_note(&guest.email);
            }
        }
        guests => {
            for guest in guests {
                parts.add_note(&guest.written());
            }
        }
    }
}

/// `Meier, Eva; 'ali@example.org'; Lea Beispiel <lea@example.org>; Amt (amt@example.org)`
fn guests(text: &str) -> Vec<Guest> {
    text.split([';', '\n'])
        .map(|one| one.trim().trim_matches(['\'', '"']).trim())
        .filter(|one| !one.is_empty())
        .map(guest)
        .collect()
}

fn guest(text: &str) -> Guest {
    let inner = text.strip_suffix('>').and_then(|text| text.rsplit_once('<'));
    let inner = inner.or_else(|| text.strip_suffix(')').and_then(|text| text.rsplit_once('(')));
    match inner {
        Some((name, email)) if email.contains('@') => Guest { name: in_order(name), email: email.trim().to_owned() },
        _ if text.contains('@') && !text.contains(' ') => Guest { name: String::new(), email: text.to_owned() },
        _ => Guest { name: in_order(text), email: String::new() },
    }
}

/// “Meier, Eva” is how address books sort Eva Meier.
fn in_order(name: &str) -> String {
    let name = name.trim().trim_matches(['\'', '"']);
    match name.split_once(',') {
        Some((last, first)) if !first.contains(',') => format!("{} {}", first.trim(), last.trim()).trim().to_owned(),
        _ => name.to_owned(),
    }
}

/// Two people who are both called Frau, or both have a “von”, are not the same for that.
fn shares_word(one: &str, other: &str) -> bool {
    const LITTLE: &[&str] =
        &["von", "van", "vom", "zu", "zur", "de", "der", "den", "del", "di", "da", "la", "le", "el", "al"];
    let words = |name: &str| -> Vec<String> {
        let all = name.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 1);
        let own = all.filter(|word| {
            let small = word.to_lowercase();
            !TITLES.contains(&small.as_str()) && !LITTLE.contains(&small.as_str())
        });
        own.map(plain).collect()
    };
    let other = words(other);
    words(one).iter().any(|word| other.contains(word))
}

impl Guest {
    fn is(&self, other: &Self) -> bool {
        let same = |one: &str, other: &str| !one.is_empty() && one.eq_ignore_ascii_case(other);
        same(&self.email, &other.email) || same(&plain(&self.name), &plain(&other.name))
    }

    fn written(&self) -> String {
        if self.email.is_empty() {
            self.name.clone()
        } else {
            format!("{} {}", self.name, self.email).trim().to_owned()
        }
    }
}
