//! Content lines of a calendar: unfolded, taken apart into name, parameters and value.

use crate::source::BadRow;
use crate::source::text::{Line, Lines};

/// One line of meaning.
#[derive(Clone, Debug)]
pub(super) struct Property {
    /// Where it begins, counted from 1.
    pub line: u64,
    /// In capitals.
    pub name: String,
    /// Names in capitals, values without quotes.
    pub parameters: Vec<(String, String)>,
    /// As it stands there, escapes and all.
    pub value: String,
}

impl Property {
    /// A parameter by its name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The value as a text (RFC 5545, 3.3.11).
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.value.len());
        let mut chars = self.value.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some('n' | 'N') => text.push('\n'),
                    Some(c) => text.push(c),
                    None => {}
                },
                c => text.push(c),
            }
        }
        text.trim().to_owned()
    }
}

/// The content lines of a file.
pub(super) struct Properties {
    lines: Lines,
    ahead: Option<Result<Line, BadRow>>,
    max: usize,
}

impl Properties {
    /// `max`: most bytes of one; attachments are longer, and nobody wants them.
    pub fn new(lines: Lines, max: usize) -> Self {
        Self { lines, ahead: None, max }
    }
}

impl Iterator for Properties {
    type Item = Result<Property, BadRow>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Line { number, mut text } = match self.ahead.take().or_else(|| self.lines.next())? {
                Ok(line) => line,
                Err(bad) => return Some(Err(bad)),
            };
            loop {
                match self.lines.next() {
                    Some(Ok(next)) if next.text.starts_with([' ', '\t']) => {
                        if text.len() <= self.max {
                            text.push_str(&next.text[1..]);
                        }
                    }
                    other => {
                        self.ahead = other;
                        break;
                    }
                }
            }
            if let Some(property) = parse(number, &text) {
                let is_wanted = !matches!(property.name.as_str(), "ATTACH" | "X-ALT-DESC");
                return Some(if is_wanted && text.len() > self.max {
                    Err(BadRow::new(number, "row_too_long", property.name))
                } else {
                    Ok(property)
                });
            }
            if !text.trim().is_empty() {
                return Some(Err(BadRow::new(number, "bad_line", text.chars().take(80).collect::<String>())));
            }
        }
    }
}

/// `NAME;KEY=value;KEY="value: with marks":value`
fn parse(line: u64, text: &str) -> Option<Property> {
    let mut is_quoted = false;
    let mut parts = Vec::new();
    let mut begin = 0;
    for (index, c) in text.char_indices() {
        match c {
            '"' => is_quoted = !is_quoted,
            ';' | ':' if !is_quoted => {
                parts.push(&text[begin..index]);
                begin = index + 1;
                if c == ':' {
                    let name = parts.first().filter(|name| !name.is_empty())?.to_ascii_uppercase();
                    let parameters = parts[1..].iter().filter_map(|part| part.split_once('='));
                    let parameters =
                        parameters.map(|(key, value)| (key.to_ascii_uppercase(), value.replace('"', ""))).collect();
                    return Some(Property { line, name, parameters, value: text[begin..].to_owned() });
                }
            }
            _ => {}
        }
    }
    None
}
