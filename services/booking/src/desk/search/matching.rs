//! How well a booking fits what was typed.

use catalog::fold;
use strsim::osa_distance;

/// What was typed stands there as it is, but for umlauts and capitals.
pub(super) const SAME: u8 = 3;
/// A word begins with it, or a code, an address or a number contains it.
const PART: u8 = 2;
/// With a typing error.
pub(super) const ALIKE: u8 = 1;

/// Nobody types more.
const MOST_CHARS: usize = 100;
/// Fewer signs of a code fit too many.
const FEWEST_OF_CODE: usize = 3;
/// Fewer digits fit too many numbers.
const FEWEST_DIGITS: usize = 3;

/// What somebody is looking for.
pub(super) struct Query {
    words: Vec<String>,
    /// Small, without spaces around; only if it may be (part of) an address.
    email: Option<String>,
    /// Capitals and digits; only if it may be (part of) a code.
    code: Option<String>,
    /// Without the leading zero or country code; only if it is nothing but a number.
    digits: Option<String>,
}

/// What is known of a booking.
pub(super) struct Known<'a> {
    pub name: &'a str,
    pub code: &'a str,
    pub email: Option<&'a str>,
    pub phone: Option<&'a str>,
}

impl Query {
    /// `None` if it is too short to find anybody by.
    pub fn parse(typed: &str) -> Option<Self> {
        let typed: String = typed.trim().chars().take(MOST_CHARS).collect();
        let code: String = typed.chars().filter(|c| !matches!(c, ' ' | '-' | '–')).collect::<String>().to_uppercase();
        let is_code = (FEWEST_OF_CODE..=8).contains(&code.len()) && code.chars().all(|c| c.is_ascii_alphanumeric());
        let is_number = typed.chars().all(|c| c.is_ascii_digit() || "+-/(). ".contains(c));
        let digits = Some(national(&typed)).filter(|it| is_number && it.len() >= FEWEST_DIGITS);
        let words = if is_number || typed.contains('@') { Vec::new() } else { words(&typed) };
        let query = Self {
            words: if words.iter().any(|it| it.chars().count() >= 2) { words } else { Vec::new() },
            email: typed.contains('@').then(|| typed.to_lowercase()),
            code: is_code.then_some(code),
            digits,
        };
        let is_empty =
            query.words.is_empty() && query.email.is_none() && query.code.is_none() && query.digits.is_none();
        (!is_empty).then_some(query)
    }

    /// 0: not at all; [`ALIKE`] to [`SAME`].
    pub fn score(&self, known: &Known<'_>) -> u8 {
        let by_code = self.code.as_deref().map_or(0, |it| if known.code == it { SAME } else { part(known.code, it) });
        let by_email = self.email.as_deref().zip(known.email).map_or(0, |(typed, email)| {
            let email = email.to_lowercase();
            if email == typed { SAME } else { part(&email, typed) }
        });
        let by_phone = self.digits.as_deref().zip(known.phone).map_or(0, |(typed, phone)| {
            let phone = national(phone);
            if phone == typed { SAME } else { part(&phone, typed) }
        });
        by_code.max(by_email).max(by_phone).max(self.name_score(known.name))
    }

    /// Every word that was typed must be found; the worst one counts.
    fn name_score(&self, name: &str) -> u8 {
        let parts = words(name);
        let best = |word: &String| parts.iter().map(|part| word_score(word, part)).max().unwrap_or(0);
        self.words.iter().map(best).min().unwrap_or(0)
    }
}

fn part(whole: &str, typed: &str) -> u8 {
    if whole.contains(typed) { PART } else { 0 }
}

fn word_score(typed: &str, part: &str) -> u8 {
    if typed == part {
        return SAME;
    }
    if part.starts_with(typed) {
        return PART;
    }
    let length = typed.chars().count().min(part.chars().count());
    let allowed = match length {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    };
    // “Meier”, “Meyer”, “Maier”, “Mayer” sound alike, and nobody spells them out.
    if sound(typed) == sound(part) || osa_distance(typed, part) <= allowed { ALIKE } else { 0 }
}

/// The words of a name in their plain form.
fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    folded.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

/// Spellings of the same sound made one.
fn sound(word: &str) -> String {
    let mut sound = word.to_owned();
    for (spelt, heard) in [("ai", "ei"), ("ay", "ei"), ("ey", "ei"), ("ph", "f"), ("th", "t"), ("dt", "t"), ("ck", "k")]
    {
        sound = sound.replace(spelt, heard);
    }
    let mut signs: Vec<char> = sound.chars().collect();
    signs.dedup();
    signs.into_iter().collect()
}

/// The digits of a number without country code 49 and leading zeros.
fn national(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let has_country = number.trim_start().starts_with('+') || digits.starts_with("00");
    let digits = digits.trim_start_matches('0');
    let digits = if has_country { digits.strip_prefix("49").unwrap_or(digits) } else { digits };
    digits.trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(typed: &str) -> u8 {
        let known = Known {
            name: "Jürgen Müller-Meier",
            code: "7K4M2QXH",
            email: Some("J.Mueller@example.org"),
            phone: Some("02389 / 71-0"),
        };
        Query::parse(typed).map_or(0, |it| it.score(&known))
    }

    #[test]
    fn names_are_found_with_umlauts_and_errors() {
        for same in ["Müller", "mueller", "MULLER", "müller jürgen", "Juergen"] {
            assert_eq!(score(same), SAME, "{same}");
        }
        assert_eq!(score("müll"), PART);
        for alike in ["Mülller", "Mueler", "Jürgne", "Mayer", "Meyer"] {
            assert_eq!(score(alike), ALIKE, "{alike}");
        }
        for other in ["Schmidt", "Müller Schmidt", "m", ""] {
            assert_eq!(score(other), 0, "{other}");
        }
    }

    #[test]
    fn codes_are_found_whole_and_in_part() {
        assert_eq!((score("7k4m-2qxh"), score("7K4M 2QXH"), score("2qx")), (SAME, SAME, PART));
        assert_eq!(score("7K4M-2QXZ"), 0);
    }

    #[test]
    fn of_telephone_numbers_only_digits_are_compared() {
        assert_eq!((score("02389710"), score("+49 2389 71-0"), score("0049 (2389) 710")), (SAME, SAME, SAME));
        assert_eq!((score("2389"), score("71-0"), score("0231 710")), (PART, PART, 0));
    }

    #[test]
    fn addresses_are_found_whole_and_in_part() {
        assert_eq!((score("j.mueller@EXAMPLE.org"), score("mueller@"), score("x@example.org")), (SAME, PART, 0));
    }
}
