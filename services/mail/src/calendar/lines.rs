//! Content lines of RFC 5545, section 3.1: CRLF, folded at 75 octets, text escaped.

/// Longest line in octets, without its CRLF.
const LONGEST: usize = 75;

/// A file being written.
#[derive(Default)]
pub(super) struct Lines {
    text: String,
}

impl Lines {
    /// A property whose value has no text to escape. Line breaks in it are dropped: they would start another property.
    pub(super) fn raw(&mut self, name: &str, value: &str) {
        let value: String = value.chars().filter(|c| !c.is_control()).collect();
        self.fold(&format!("{name}:{value}"));
    }

    /// A property of type TEXT.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        self.fold(&format!("{name}:{}", escaped(value)));
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// Writes one line, broken between characters. A continuation starts with a blank, which counts.
    fn fold(&mut self, line: &str) {
        let mut length = 0;
        for character in line.chars() {
            if length + character.len_utf8() > LONGEST {
                self.text.push_str("\r\n ");
                length = 1;
            }
            self.text.push(character);
            length += character.len_utf8();
        }
        self.text.push_str("\r\n");
    }
}

/// Section 3.3.11: backslash, semicolon, comma and line break. Other control characters are left out.
fn escaped(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len() + 8);
    for character in value.chars() {
        match character {
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            '\n' => escaped.push_str("\\n"),
            character if character.is_control() => {}
            character => escaped.push(character),
        }
    }
    escaped
}

/// A parameter value in quotes, section 3.2. Quotes inside cannot be written and become apostrophes.
pub(super) fn quoted(value: &str) -> String {
    let inner: String = value.chars().filter(|c| !c.is_control()).map(|c| if c == '"' { '\'' } else { c }).collect();
    format!("\"{inner}\"")
}
