//! Puts the complaints of the TOML reader into words for operators.

use toml::de::DeValue;

/// What the reader found wrong with a key or a value.
#[derive(Debug, PartialEq)]
pub(super) enum Complaint {
    UnknownKey { key: String, allowed: Vec<String> },
    MissingKey(String),
    UnknownWord { word: String, allowed: Vec<String> },
    Unfit { found: String, expected: String },
    Own(String),
}

/// Takes a message of the reader apart.
pub(super) fn complaint(message: &str) -> Complaint {
    let message = message.trim();
    let quoted = quoted_words(message);
    if message.starts_with("unknown field") {
        let mut words = quoted.into_iter();
        let key = words.next().unwrap_or_default();
        return Complaint::UnknownKey { key, allowed: words.collect() };
    }
    if message.starts_with("missing field") {
        return Complaint::MissingKey(quoted.into_iter().next().unwrap_or_default());
    }
    if message.starts_with("unknown variant") {
        let mut words = quoted.into_iter();
        let word = words.next().unwrap_or_default();
        return Complaint::UnknownWord { word, allowed: words.collect() };
    }
    let is_type = message.starts_with("invalid type: ");
    let unfit = ["invalid type: ", "invalid value: ", "invalid length "].iter().find_map(|s| message.strip_prefix(s));
    match unfit.and_then(|rest| rest.rsplit_once(", expected ")) {
        Some((found, expected)) => {
            Complaint::Unfit { found: found_in_words(found), expected: expected_in_words(expected, is_type) }
        }
        None => Complaint::Own(message.to_owned()),
    }
}

impl Complaint {
    /// What is wrong and what was expected; `found` is what stands in the file.
    pub(super) fn in_words(&self, found: Option<String>) -> String {
        match self {
            Self::UnknownKey { key, allowed } => {
                format!("unknown key “{key}”{}; expected one of: {}", likely(key, allowed), allowed.join(", "))
            }
            Self::MissingKey(key) => format!("the key “{key}” is missing; expected {key} = …"),
            Self::UnknownWord { word, allowed } => {
                format!("“{word}” is not known here{}; expected one of: {}", likely(word, allowed), allowed.join(", "))
            }
            Self::Unfit { found: told, expected } => {
                format!("expected {expected}, found {}", found.as_ref().unwrap_or(told))
            }
            Self::Own(message) => own_in_words(message, found.as_deref()),
        }
    }
}

/// Syntax: the parser's own short message, a little plainer.
pub(super) fn syntax(message: &str) -> String {
    if message.starts_with("invalid basic string") {
        return "this is not TOML: a text is not closed, or holds a \\ of its own; expected \" at its end".to_owned();
    }
    let plain = message
        .replace("basic string", "text in double quotes")
        .replace("literal string", "text in single quotes")
        .replace("key with no value", "a key without a value")
        .replace("unquoted string", "a text without quotes")
        .replace('`', "");
    format!("this is not TOML: {plain}")
}

/// What stands in the file, to be quoted back.
pub(super) fn shown(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("the text \"{text}\""),
        DeValue::Integer(number) => format!("the number {number}"),
        DeValue::Float(number) => format!("the number {number}"),
        DeValue::Boolean(truth) => truth.to_string(),
        DeValue::Datetime(moment) => format!("{moment} without quotes"),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

/// The words between backquotes.
fn quoted_words(message: &str) -> Vec<String> {
    message.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// “did you mean”, if one of the words is near.
fn likely(word: &str, allowed: &[String]) -> String {
    nearest(word, allowed).map_or_else(String::new, |other| format!(" (did you mean “{other}”?)"))
}

/// The word that was probably meant.
pub(super) fn nearest<'a>(word: &str, allowed: &'a [String]) -> Option<&'a String> {
    let near = allowed.iter().map(|other| (strsim::damerau_levenshtein(word, other), other)).min();
    near.filter(|(distance, _)| *distance <= 1 + word.chars().count() / 4).map(|(_, other)| other)
}

fn found_in_words(found: &str) -> String {
    found
        .replace("string ", "the text ")
        .replace("integer ", "the number ")
        .replace("floating point ", "the number ")
        .replace("boolean ", "")
        .replace("sequence", "a list")
        .replace("map", "a table")
        .replace('`', "")
}

/// What was expected; the range of a number only says something if a number was found (`is_type` is false).
fn expected_in_words(expected: &str, is_type: bool) -> String {
    let words = match expected {
        "u8" | "u16" | "i8" if is_type => "a whole number",
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" | "u64" | "usize" => "a whole number, 0 or more",
        "i8" => "a whole number from -128 to 127",
        "i16" | "i32" | "i64" => "a whole number",
        "f32" | "f64" => "a number",
        "a boolean" => "true or false",
        "a string" | "string" | "str" => "a text in quotes",
        "a sequence" => "a list [ … ]",
        "a map" => "a table { … }",
        other if other.contains("date string") => "a date in quotes such as \"2026-02-07\"",
        other if other.contains("time string") => "a time in quotes such as \"08:30\"",
        other if other.starts_with("struct") => "a table { … }",
        other if other.starts_with("enum") => "a word in quotes",
        other => other,
    };
    words.to_owned()
}

/// Messages of our own types are fit to be read; those of the date and time reader are not.
fn own_in_words(message: &str, found: Option<&str>) -> String {
    let found = found.unwrap_or("something else");
    let foreign = message.contains("pars") || message.contains("failed") || message.contains("invalid");
    if !foreign {
        message.to_owned()
    } else if message.contains("date") || message.contains("year") || message.contains("month") {
        format!("expected a date such as \"2026-02-07\", found {found}")
    } else {
        format!("expected a time of day such as \"08:30\", found {found}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_key_gets_a_suggestion() {
        let said = complaint("unknown field `nmae`, expected one of `key`, `name`").in_words(None);
        assert_eq!(said, "unknown key “nmae” (did you mean “name”?); expected one of: key, name");
    }

    #[test]
    fn types_are_named_as_people_name_them() {
        let said = complaint("invalid type: string \"acht\", expected u8").in_words(None);
        assert_eq!(said, "expected a whole number, found the text \"acht\"");
        let said = complaint("unknown variant `fax`, expected `online` or `phone`").in_words(None);
        assert_eq!(said, "“fax” is not known here; expected one of: online, phone");
    }
}
