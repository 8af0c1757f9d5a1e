//! How well two colours can be told apart, by the formula of WCAG 2.1.

use palette::color_difference::Wcag21RelativeContrast;
use palette::{FromColor, IntoColor, Mix, Oklab, Oklch, Srgb};

use super::Color;

/// What WCAG 1.4.3 (AA) asks of text: 4.5 to 1.
pub const LEAST_CONTRAST: f32 = 4.5;

/// Steps from a colour to black or white when a readable one is looked for.
const STEPS: u8 = 100;

/// The contrast of two colours, from 1 (the same) to 21 (black on white).
pub fn contrast(one: Color, other: Color) -> f32 {
    srgb(one).relative_contrast(srgb(other))
}

/// The colour nearest to `color`, darkened, that has the least contrast to all `grounds`; black if none has.
pub(super) fn darkened(color: Color, grounds: &[Color]) -> Color {
    towards(color, 0.0, grounds)
}

/// The colour nearest to `color`, lightened, that has the least contrast to all `grounds`; white if none has.
pub(super) fn lightened(color: Color, grounds: &[Color]) -> Color {
    towards(color, 1.0, grounds)
}

/// `color` with its lightness (OKLCH, so that the hue stays) moved by `share` of the way to black (negative) or white.
pub(super) fn shifted(color: Color, share: f32) -> Color {
    let mut shade = Oklch::from_color(srgb(color).into_linear());
    let end = if share < 0.0 { 0.0 } else { 1.0 };
    shade.l += (end - shade.l) * share.abs();
    rounded(shade)
}

/// `share` (0 to 1) of `color` in `ground`, as CSS `color-mix(in oklab, …)` does it.
pub(super) fn mixed(color: Color, share: f32, ground: Color) -> Color {
    let ground = Oklab::from_color(srgb(ground).into_linear());
    rounded(ground.mix(Oklab::from_color(srgb(color).into_linear()), share))
}

fn towards(color: Color, end: f32, grounds: &[Color]) -> Color {
    let start = Oklch::from_color(srgb(color).into_linear());
    (0..=STEPS)
        .map(|step| {
            let mut shade = start;
            shade.l += (end - start.l) * f32::from(step) / f32::from(STEPS);
            rounded(shade)
        })
        .find(|shade| grounds.iter().all(|ground| contrast(*shade, *ground) >= LEAST_CONTRAST))
        .unwrap_or_else(|| rounded(Oklch::new(end, 0.0, 0.0)))
}

fn srgb(color: Color) -> Srgb<f32> {
    Srgb::new(color.red, color.green, color.blue).into_format()
}

fn rounded(shade: impl IntoColor<palette::LinSrgb<f32>>) -> Color {
    let linear: palette::LinSrgb<f32> = shade.into_color();
    let shade: Srgb<u8> = Srgb::<f32>::from_linear(linear).into_format();
    Color { red: shade.red, green: shade.green, blue: shade.blue }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn color(text: &str) -> Color {
        Color::parse(text).unwrap()
    }

    /// Figures of the W3C's own examples.
    #[test]
    fn known_contrasts() {
        let white = color("#ffffff");
        for (other, expected) in [("#000000", 21.0), ("#ffffff", 1.0), ("#767676", 4.54), ("#777777", 4.48)] {
            assert!(
                (contrast(white, color(other)) - expected).abs() < 0.01,
                "{other}: {}",
                contrast(white, color(other))
            );
        }
    }

    #[test]
    fn a_light_green_is_darkened_until_it_can_be_read() {
        let white = color("#ffffff");
        let readable = darkened(color("#7ab51d"), &[white]);
        assert!((LEAST_CONTRAST..4.8).contains(&contrast(readable, white)), "{readable}");
    }

    #[test]
    fn what_can_be_read_already_stays() {
        assert_eq!(darkened(color("#124a86"), &[color("#ffffff")]), color("#124a86"));
    }
}
