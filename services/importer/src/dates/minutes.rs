//! How long something takes: `15`, `15 Min.`, `0:15`, `1 Std. 30 Min.`, `1,5 h`, `1h30`.

use super::tokens::tokens;

/// Longer than a day is no appointment.
const MOST: u32 = 24 * 60;

/// The minutes that a text names, 1 to 1440.
pub fn minutes(text: &str) -> Option<u16> {
    let small = text.trim().to_lowercase();
    let (mut total, mut number): (u32, Option<u32>) = (0, None);
    if let Some(of_decimal) = decimal_hours(&small) {
        return in_reach(of_decimal);
    }
    if small.contains(':') {
        return of_clock(&small);
    }
    for token in tokens(&small) {
        match (token.number(), number) {
            (Some(value), None) => number = Some(value),
            (None, Some(value)) if is_hour(token.text) => {
                total = value.checked_mul(60)?.checked_add(total)?;
                number = None;
            }
            (None, Some(value)) if token.text == "m" || token.text.starts_with("min") => {
                total = value.checked_add(total)?;
                number = None;
            }
            _ => return None,
        }
    }
    in_reach(total.checked_add(number.unwrap_or(0))?)
}

fn in_reach(minutes: u32) -> Option<u16> {
    u16::try_from(minutes).ok().filter(|_| (1..=MOST).contains(&minutes))
}

fn is_hour(word: &str) -> bool {
    word == "h" || ["st", "hour", "hr"].iter().any(|start| word.starts_with(start))
}

/// `0:15` or `00:15:00`.
fn of_clock(text: &str) -> Option<u16> {
    let mut parts = text.trim_end_matches(|c: char| !c.is_ascii_digit()).split(':');
    let hours: u32 = parts.next()?.trim().parse().ok()?;
    let minutes: u32 = parts.next()?.trim().parse().ok()?;
    let seconds = parts.next().map_or(Ok(0), |part| part.trim().parse::<u32>()).ok()?;
    let is_clock = minutes < 60 && seconds < 60 && parts.next().is_none();
    if is_clock { in_reach(hours.checked_mul(60)?.checked_add(minutes)?) } else { None }
}

/// `1,5 h`, `0.25 Std.`
fn decimal_hours(text: &str) -> Option<u32> {
    let end = text.find(|c: char| c.is_alphabetic())?;
    let (number, word) = text.split_at(end);
    let number = number.trim().replace(',', ".");
    if !number.contains('.') || !is_hour(word.trim_end_matches('.')) {
        return None;
    }
    let hours: f64 = number.parse().ok()?;
    (0.0..=24.0).contains(&hours).then(|| to_minutes(hours))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 24 hours")]
fn to_minutes(hours: f64) -> u32 {
    (hours * 60.0).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_length_is_read() {
        let cases = [
            ("15", 15),
            ("15 Min.", 15),
            ("15 Minuten", 15),
            ("15min", 15),
            ("0:15", 15),
            ("00:15:00", 15),
            ("1 h", 60),
            ("1 Std. 30 Min.", 90),
            ("1,5 h", 90),
            ("1.5 Std.", 90),
            ("1h30", 90),
            ("2 Stunden", 120),
            ("1 hour", 60),
            ("1:30 h", 90),
        ];
        for (text, expected) in cases {
            assert_eq!(minutes(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_texts_are_none() {
        for text in ["", "lang", "0", "15 20", "4711 h", "99999999", "1:75", "-5:00 x", "15 Personen", "1.5.2026"] {
            assert_eq!(minutes(text), None, "{text}");
        }
    }
}
