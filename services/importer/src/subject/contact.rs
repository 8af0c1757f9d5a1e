//! Telephone numbers and addresses in a text.

use super::words::LABELS;

/// What was found, and the text without it.
pub(super) struct Contacts {
    /// The text with a comma in place of each number and address.
    pub rest: String,
    /// Telephone numbers, as written.
    pub phones: Vec<String>,
    /// Addresses for mails, as written.
    pub emails: Vec<String>,
}

/// Digits of a number that nobody calls a telephone number.
const DIGITS: std::ops::RangeInclusive<usize> = 6..=17;

/// Digits it needs when “Tel.” stands before it.
const LEAST_LABELLED: usize = 3;

/// Takes numbers and addresses out of a text.
pub(super) fn found(text: &str) -> Contacts {
    let mut contacts = Contacts { rest: String::with_capacity(text.len()), phones: Vec::new(), emails: Vec::new() };
    let mut at = 0;
    while let Some(next) = text[at..].chars().next() {
        let is_start = !text[..at].ends_with(|c: char| c.is_alphanumeric());
        if let Some(length) = is_start.then(|| email(&text[at..])).flatten() {
            contacts.take(&text[at..at + length], true);
            at += length;
        } else if let Some(length) = is_start.then(|| phone(&text[at..], is_labelled(&contacts.rest))).flatten() {
            contacts.take(&text[at..at + length], false);
            at += length;
        } else {
            contacts.rest.push(next);
            at += next.len_utf8();
        }
    }
    contacts
}

impl Contacts {
    fn take(&mut self, found: &str, is_email: bool) {
        if let Some(start) = label(&self.rest) {
            self.rest.truncate(start);
        }
        self.rest.push_str(", ");
        if is_email { &mut self.emails } else { &mut self.phones }.push(found.trim().to_owned());
    }
}

/// The length of an address at the beginning of a text.
fn email(text: &str) -> Option<usize> {
    let local = text.find(|c: char| !(c.is_ascii_alphanumeric() || "._%+-'".contains(c)))?;
    let domain = text[local..].strip_prefix('@')?;
    let end = domain.find(|c: char| !(c.is_ascii_alphanumeric() || ".-".contains(c))).unwrap_or(domain.len());
    let domain = domain[..end].trim_end_matches(['.', '-']);
    let is_address = local > 0 && domain.split('.').count() > 1 && domain.split('.').all(|label| !label.is_empty());
    let end = local + 1 + domain.len();
    let is_whole = !text[end..].starts_with(|c: char| c.is_alphanumeric() || c == '@');
    (is_address && is_whole).then_some(end)
}

/// The length of a telephone number at the beginning of a text: it begins with 0 or +, or a label stands before it.
fn phone(text: &str, is_labelled: bool) -> Option<usize> {
    let bare = text.strip_prefix('(').unwrap_or(text);
    let begins = match bare.strip_prefix('+') {
        Some(rest) => rest.starts_with(|c: char| c.is_ascii_digit() || c == '('),
        None => bare.starts_with('0') || (is_labelled && bare.starts_with(|c: char| c.is_ascii_digit())),
    };
    if !begins {
        return None;
    }
    let belongs =
        |(place, c): (usize, char)| c.is_ascii_digit() || (place == 0 && c == '+') || " \u{a0}()/-–.".contains(c);
    let plus = text.len() - bare.len();
    let end = text.char_indices().find(|(place, c)| !belongs((place.saturating_sub(plus), *c)));
    let end = end.map_or(text.len(), |(place, _)| place);
    let mut number = trimmed(&text[..end]);
    // Letters right behind the last digits make them another word: `0170 1234567 2x PA`.
    if text[number.len()..].starts_with(char::is_alphanumeric) || is_count(number, &text[number.len()..]) {
        number = trimmed(number.trim_end_matches(|c: char| c.is_ascii_digit()));
    }
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let is_number = DIGITS.contains(&digits) || (is_labelled && digits >= LEAST_LABELLED && digits <= *DIGITS.end());
    (is_number && !is_date_or_time(number)).then_some(number.len())
}

/// Without what stands behind the last digit.
fn trimmed(number: &str) -> &str {
    number.trim_end_matches(|c: char| !c.is_ascii_digit())
}

/// Whether the last digit stands alone and counts what follows: `0170 1234567 2 PA`.
fn is_count(number: &str, behind: &str) -> bool {
    let rest = number.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_alone = number.len() - rest.len() == 1 && rest.ends_with(char::is_whitespace);
    is_alone && behind.trim_start().starts_with(char::is_alphabetic)
}

/// `03.12.2026` and `08.30-09.00` begin with 0, too.
fn is_date_or_time(number: &str) -> bool {
    let first = number.split_whitespace().next().unwrap_or_default();
    let lengths: Vec<usize> = first.split(['.', '/', '-', '–']).map(str::len).collect();
    let is_date = matches!(lengths[..], [1 | 2, 1 | 2, 2 | 4]);
    is_date || (first.contains('.') && lengths.iter().all(|length| *length <= 2))
}

fn is_labelled(before: &str) -> bool {
    label(before).is_some()
}

/// Where a label begins that a text ends with: `… Tel.: `.
fn label(before: &str) -> Option<usize> {
    let core = before.trim_end_matches(|c: char| c.is_whitespace() || ":.".contains(c));
    let start = core.rfind(|c: char| !(c.is_alphanumeric() || c == '-'));
    let start = start.map_or(0, |place| place + core[place..].chars().next().map_or(1, char::len_utf8));
    let word = catalog::fold(&core[start..]).replace('-', "");
    LABELS.contains(&word.as_str()).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phones(text: &str) -> Vec<String> {
        found(text).phones
    }

    #[test]
    fn telephone_numbers_are_found_as_written() {
        for number in [
            "0170 1234567",
            "0170/1234567",
            "+49 170 1234567",
            "(02389) 71-0",
            "02389 71 456",
            "0170-123 45 67",
            "+49 (0) 170 1234567",
            "00491701234567",
        ] {
            assert_eq!(phones(&format!("Müller, PA, {number}")), [number]);
            assert_eq!(phones(&format!("Müller Tel.: {number} bitte PA")), [number]);
        }
        assert_eq!(phones("Müller Tel. 71456"), ["71456"]);
        assert_eq!(phones("0170 1234567 2x PA"), ["0170 1234567"]);
        assert_eq!(phones("0170 1234567 2 PA"), ["0170 1234567"]);
    }

    #[test]
    fn dates_times_and_counts_are_no_telephone_numbers() {
        for text in ["03.12.2026 PA", "08.30-09.00 PA", "PA + RP", "08:30", "03/12/2026", "2 PA", "012", "A0123456"] {
            assert_eq!(phones(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn addresses_are_found_and_labels_go() {
        let contacts = found("Müller, E-Mail: lea@example.org, PA");
        assert_eq!(contacts.emails, ["lea@example.org"]);
        assert_eq!(contacts.rest, "Müller, , , PA");
        assert_eq!(found("lea@example.org.").emails, ["lea@example.org"]);
        assert!(found("lea@ example.org, @x, a@b").emails.is_empty());
    }
}
