//! `theme.toml`: two colours of the town, and the rest derived from them unless it says otherwise.

use serde::{Deserialize, Serialize};

use super::contrast::{darkened, lightened, mixed, shifted};
use super::{Color, LEAST_CONTRAST, Theme, contrast};

const WHITE: Color = Color { red: 0xff, green: 0xff, blue: 0xff };
/// Text on the light ground, `--c-ink` of the style sheet.
const INK: Color = Color { red: 0x17, green: 0x20, blue: 0x2b };
/// The sunken light ground before it takes on 5 % of the town's colour (`--c-sunken`).
const SUNKEN: Color = Color { red: 0xf2, green: 0xf3, blue: 0xf4 };
/// The lightest ground in the dark (`--c-sunken` there).
const SUNKEN_DARK: Color = Color { red: 0x22, green: 0x2b, blue: 0x36 };
/// Text on the town's colour in the dark (`--c-on-brand` there).
const ON_BRAND_DARK: Color = Color { red: 0x0c, green: 0x12, blue: 0x18 };

/// What a town writes into `theme.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThemeFile {
    /// The town's colour.
    pub primary: Color,
    /// A second one, for decoration only.
    pub accent: Color,
    /// Overrides a derived colour; likewise the following.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_strong: Option<Color>,
    /// Links and headings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_ink: Option<Color>,
    /// Text on the town's colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_primary: Option<Color>,
    /// The town's colour in the dark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_dark: Option<Color>,
    /// Its pressed form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_dark_strong: Option<Color>,
}

/// Two colours of a theme that can't be told apart well enough, and what could be done.
#[derive(Clone, Debug, PartialEq)]
pub struct Poor {
    /// Key in `theme.toml` to change.
    pub key: &'static str,
    /// The colour that stands there now.
    pub color: Color,
    /// What it must be told apart from, in words.
    pub against: String,
    /// How far it can be: 1 to 21.
    pub contrast: f32,
    /// The nearest colour that would do.
    pub proposal: Color,
    /// What that one reaches.
    pub proposal_contrast: f32,
}

impl ThemeFile {
    /// The whole theme: what is given, and what follows from it.
    pub fn resolve(&self) -> Theme {
        let primary = self.primary;
        let on_primary = self.on_primary.unwrap_or_else(|| readable_on(primary));
        let away = if contrast(on_primary, WHITE) < contrast(on_primary, INK) { -0.25 } else { 0.25 };
        let primary_dark =
            self.primary_dark.unwrap_or_else(|| lightened(shifted(primary, 0.45), &[SUNKEN_DARK, ON_BRAND_DARK]));
        Theme {
            primary,
            accent: self.accent,
            primary_strong: self.primary_strong.unwrap_or_else(|| shifted(primary, away)),
            primary_ink: self.primary_ink.unwrap_or_else(|| darkened(shifted(primary, -0.05), &light_grounds(primary))),
            on_primary,
            primary_dark,
            primary_dark_strong: self.primary_dark_strong.unwrap_or_else(|| shifted(primary_dark, 0.4)),
        }
    }

    /// The shortest file that resolves to `theme`.
    pub fn of(theme: &Theme) -> Self {
        let bare = Self {
            primary: theme.primary,
            accent: theme.accent,
            primary_strong: None,
            primary_ink: None,
            on_primary: None,
            primary_dark: None,
            primary_dark_strong: None,
        };
        // Two derived colours depend on given ones, so those come first.
        let given = |value: Color, derived: Color| (value != derived).then_some(value);
        let derived = bare.resolve();
        let base = Self {
            on_primary: given(theme.on_primary, derived.on_primary),
            primary_dark: given(theme.primary_dark, derived.primary_dark),
            ..bare
        };
        let derived = base.resolve();
        Self {
            primary_strong: given(theme.primary_strong, derived.primary_strong),
            primary_ink: given(theme.primary_ink, derived.primary_ink),
            primary_dark_strong: given(theme.primary_dark_strong, derived.primary_dark_strong),
            ..base
        }
    }

    /// Every pair of text and ground below [`LEAST_CONTRAST`].
    pub fn poor(&self) -> Vec<Poor> {
        let theme = self.resolve();
        let [page, sunken] = light_grounds(theme.primary);
        let on = format!("the text on it (on_primary, {})", theme.on_primary);
        let dark = format!("the dark ground ({SUNKEN_DARK})");
        let pairs = [
            ("primary", theme.primary, theme.on_primary, on.clone()),
            ("primary_strong", theme.primary_strong, theme.on_primary, on),
            ("primary_ink", theme.primary_ink, page, format!("the light ground ({page})")),
            ("primary_ink", theme.primary_ink, sunken, format!("the light ground ({sunken})")),
            ("primary_dark", theme.primary_dark, SUNKEN_DARK, dark.clone()),
            ("primary_dark_strong", theme.primary_dark_strong, SUNKEN_DARK, dark),
        ];
        let mut poor: Vec<Poor> = Vec::new();
        for (key, color, ground, against) in pairs {
            let reached = contrast(color, ground);
            if reached < LEAST_CONTRAST && !poor.iter().any(|known| known.key == key) {
                let darker = contrast(ground, WHITE) < contrast(ground, INK);
                let proposal = if darker { darkened(color, &[ground]) } else { lightened(color, &[ground]) };
                let proposal_contrast = contrast(proposal, ground);
                poor.push(Poor { key, color, against, contrast: reached, proposal, proposal_contrast });
            }
        }
        poor
    }
}

impl std::fmt::Display for Poor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} = \"{}\" has a contrast of {:.2}:1 to {}; expected at least {LEAST_CONTRAST}:1, \
             for example {} = \"{}\" ({:.2}:1)",
            self.key, self.color, self.contrast, self.against, self.key, self.proposal, self.proposal_contrast
        )
    }
}

/// White where it can be read on `ground`, else the dark ink.
fn readable_on(ground: Color) -> Color {
    if contrast(ground, WHITE) >= LEAST_CONTRAST || contrast(ground, WHITE) >= contrast(ground, INK) {
        WHITE
    } else {
        INK
    }
}

fn light_grounds(primary: Color) -> [Color; 2] {
    [WHITE, mixed(primary, 0.05, SUNKEN)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(primary: &str) -> ThemeFile {
        ThemeFile::of(&ThemeFile { primary: Color::parse(primary).unwrap(), ..bare() }.resolve())
    }

    fn bare() -> ThemeFile {
        let accent = Color::parse("#d0202e").unwrap();
        ThemeFile {
            primary: accent,
            accent,
            primary_strong: None,
            primary_ink: None,
            on_primary: None,
            primary_dark: None,
            primary_dark_strong: None,
        }
    }

    #[test]
    fn what_is_derived_can_be_read_whatever_the_town_colour() {
        for primary in ["#124a86", "#0f5f42", "#7ab51d", "#ffd100", "#000000", "#ffffff", "#d0202e", "#00a0e0"] {
            assert_eq!(file(primary).poor(), [], "{primary}");
        }
    }

    #[test]
    fn white_on_light_green_is_refused_with_numbers_and_a_way_out() {
        let poor = ThemeFile { on_primary: Some(WHITE), ..file("#7ab51d") }.poor();
        let said = poor[0].to_string();
        assert!(said.starts_with("primary = \"#7ab51d\" has a contrast of 2.4"), "{said}");
        assert!(poor[0].proposal_contrast >= LEAST_CONTRAST, "{said}");
    }

    #[test]
    fn only_what_differs_from_the_derived_is_written() {
        let given = ThemeFile {
            primary_strong: Some(Color::parse("#0c3665").unwrap()),
            primary_dark: Some(Color::parse("#8fc0f5").unwrap()),
            ..file("#124a86")
        };
        assert_eq!(ThemeFile::of(&given.resolve()), given);
        assert_eq!(ThemeFile::of(&file("#124a86").resolve()).primary_strong, None);
    }
}
