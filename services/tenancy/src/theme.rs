//! A town's colours: two are given, the rest is derived so that text stays readable (WCAG 1.4.3: 4.5:1).

mod contrast;
mod derive;

use serde::{Deserialize, Serialize};

pub use contrast::{LEAST_CONTRAST, contrast};
pub use derive::{Poor, ThemeFile};

/// The colours of a town, each as `#rrggbb`. Text colours keep 4.5:1 to what they stand on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// Bars and buttons; carries `on_primary` text.
    pub primary: Color,
    /// Decoration only: never carries text, never is text.
    pub accent: Color,
    /// Pressed and hovered buttons.
    pub primary_strong: Color,
    /// Links and headings on a light ground.
    pub primary_ink: Color,
    /// Text on `primary` and `primary_strong`.
    pub on_primary: Color,
    /// Links, bars and buttons in the dark.
    pub primary_dark: Color,
    /// Their pressed form.
    pub primary_dark_strong: Color,
}

impl Theme {
    /// The theme as a style sheet of CSS custom properties, `--town-primary` and so on.
    pub fn css(&self) -> String {
        let named = [
            ("primary", &self.primary),
            ("primary-strong", &self.primary_strong),
            ("primary-ink", &self.primary_ink),
            ("on-primary", &self.on_primary),
            ("accent", &self.accent),
            ("primary-dark", &self.primary_dark),
            ("primary-dark-strong", &self.primary_dark_strong),
        ];
        let lines: String = named.iter().map(|(name, color)| format!("  --town-{name}: {color};\n")).collect();
        format!(":root {{\n{lines}}}\n")
    }
}

/// A colour, written `#124a86`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Color {
    red: u8,
    green: u8,
    blue: u8,
}

/// Not a colour as we write it.
#[derive(Debug, thiserror::Error)]
#[error("“{0}” is no colour: expected six hexadecimal digits such as #124a86")]
pub struct BadColor(String);

impl Color {
    /// Reads `#rrggbb`.
    ///
    /// # Errors
    /// [`BadColor`] for anything else.
    pub fn parse(text: &str) -> Result<Self, BadColor> {
        let bad = || BadColor(text.to_owned());
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or_else(bad)?;
        let number = u32::from_str_radix(digits, 16).map_err(|_| bad())?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self { red, green, blue })
    }
}

impl std::fmt::Display for Color {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl TryFrom<String> for Color {
    type Error = BadColor;
    fn try_from(text: String) -> Result<Self, BadColor> {
        Self::parse(&text)
    }
}

impl From<Color> for String {
    fn from(color: Color) -> String {
        color.to_string()
    }
}
