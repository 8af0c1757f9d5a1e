//! A code spelled for reading out.

/// The alphabet of names of DIN 5009 (1996), as everybody on a German telephone knows it.
const GERMAN: [&str; 26] = [
    "Anton",
    "Berta",
    "Cäsar",
    "Dora",
    "Emil",
    "Friedrich",
    "Gustav",
    "Heinrich",
    "Ida",
    "Julius",
    "Kaufmann",
    "Ludwig",
    "Martha",
    "Nordpol",
    "Otto",
    "Paula",
    "Quelle",
    "Richard",
    "Samuel",
    "Theodor",
    "Ulrich",
    "Viktor",
    "Wilhelm",
    "Xanthippe",
    "Ypsilon",
    "Zacharias",
];
/// The alphabet of ICAO and NATO.
const ENGLISH: [&str; 26] = [
    "Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliett", "Kilo", "Lima",
    "Mike", "November", "Oscar", "Papa", "Quebec", "Romeo", "Sierra", "Tango", "Uniform", "Victor", "Whiskey", "X-ray",
    "Yankee", "Zulu",
];
/// “Zwo”, since “zwei” sounds like “drei”.
const GERMAN_DIGITS: [&str; 10] = ["null", "eins", "zwo", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"];
const ENGLISH_DIGITS: [&str; 10] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/// The word for each sign of `code`; others, such as the hyphen, are not read out.
pub(super) fn spelled(code: &str, language: &str) -> Vec<(char, &'static str)> {
    let (letters, digits) = if language == "de" { (GERMAN, GERMAN_DIGITS) } else { (ENGLISH, ENGLISH_DIGITS) };
    let word = |sign: char| match sign {
        'A'..='Z' => letters.get(usize::from(u8::try_from(sign).ok()? - b'A')).copied(),
        '0'..='9' => digits.get(usize::from(u8::try_from(sign).ok()? - b'0')).copied(),
        _ => None,
    };
    code.chars().filter_map(|sign| Some((sign, word(sign)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_out_sign_by_sign() {
        let words = |language| spelled("7K4M-2QXH", language).into_iter().map(|(_, word)| word).collect::<Vec<_>>();
        assert_eq!(words("de"), ["sieben", "Kaufmann", "vier", "Martha", "zwo", "Quelle", "Xanthippe", "Heinrich"]);
        assert_eq!(words("en"), ["seven", "Kilo", "four", "Mike", "two", "Quebec", "X-ray", "Hotel"]);
        for (at, letter) in ('A'..='Z').enumerate() {
            assert!(GERMAN[at].starts_with(letter) && ENGLISH[at].starts_with(letter), "{letter}");
        }
    }
}
