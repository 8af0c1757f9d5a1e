//! Addresses as a picture that a telephone reads.

use minijinja::Value;
use qrcode::QrCode;
use qrcode::render::svg;

/// What the renderer puts in front, and a page has no use for.
const PROLOGUE: &str = r#"<?xml version="1.0" standalone="yes"?>"#;

/// `address` as an SVG to be put into a page; none if it is too long for a picture (over 2,000 characters).
pub(crate) fn svg(address: &str) -> Option<Value> {
    let code = QrCode::new(address).ok()?;
    let picture = code.render::<svg::Color>().min_dimensions(220, 220).quiet_zone(true).build();
    Some(Value::from_safe_string(picture.trim_start_matches(PROLOGUE).to_owned()))
}
