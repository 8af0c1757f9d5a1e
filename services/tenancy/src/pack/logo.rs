//! A town's logo: an SVG that shows something and does nothing.
//!
//! It is put into pages, so it must not run scripts, fetch anything or bring style sheets. Only elements that draw are
//! let through; whatever else a drawing program leaves behind has to be removed when saving (“plain SVG”).

use roxmltree::{Document, Node};

use super::problem::Lines;
use super::{PackDir, Problem};

/// Largest logo, in bytes: every page carries it.
const MAX_BYTES: usize = 64 * 1024;

const SVG: &str = "http://www.w3.org/2000/svg";

/// What draws.
const ELEMENTS: &[&str] = &[
    "svg",
    "g",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "title",
    "desc",
    "defs",
    "use",
    "symbol",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
];

/// Reads and checks the logo.
pub(super) fn read(pack: &PackDir, file: &str) -> Result<String, Vec<Problem>> {
    let text = pack.text(file).map_err(|problem| vec![problem])?;
    if text.len() > MAX_BYTES {
        let message = format!("the logo has {} bytes; expected at most {MAX_BYTES}", text.len());
        return Err(vec![Problem::of_file(file, message)]);
    }
    let document = Document::parse(text).map_err(|error| {
        let line = usize::try_from(error.pos().row).unwrap_or(1);
        vec![Problem::at(file, line, format!("this is not an SVG: {error}"))]
    })?;
    let lines = Lines::of(text);
    let problems = faults(&document)
        .into_iter()
        .map(|(byte, message)| Problem::at(file, lines.at(byte), message))
        .collect::<Vec<_>>();
    if problems.is_empty() { Ok(text.to_owned()) } else { Err(problems) }
}

fn faults(document: &Document<'_>) -> Vec<(usize, String)> {
    let root = document.root_element();
    let mut faults = Vec::new();
    if !root.has_tag_name((SVG, "svg")) {
        faults.push((root.range().start, format!("expected the element <svg xmlns=\"{SVG}\"> first")));
    } else if root.attribute("viewBox").is_none() {
        faults
            .push((root.range().start, "the attribute viewBox is missing; expected such as \"0 0 240 60\"".to_owned()));
    }
    for node in document.descendants() {
        if node.is_pi() {
            faults.push((node.range().start, "processing instructions are not allowed in a logo".to_owned()));
        }
        if node.is_element() {
            faults.extend(element_fault(node).map(|message| (node.range().start, message)));
            faults.extend(attribute_faults(node));
        }
    }
    faults
}

fn element_fault(node: Node<'_, '_>) -> Option<String> {
    let tag = node.tag_name();
    let draws = tag.namespace() == Some(SVG) && ELEMENTS.contains(&tag.name());
    (!draws).then(|| {
        format!("the element <{}> is not allowed in a logo; expected one of: {}", tag.name(), ELEMENTS.join(", "))
    })
}

fn attribute_faults(node: Node<'_, '_>) -> Vec<(usize, String)> {
    let mut faults = Vec::new();
    for attribute in node.attributes() {
        let name = attribute.name().to_ascii_lowercase();
        let value = attribute.value().to_ascii_lowercase().replace(char::is_whitespace, "");
        let outside = value.replace("url(#", "").replace("url('#", "").replace("url(\"#", "").contains("url(");
        let message = if name.starts_with("on") {
            "scripts are not allowed in a logo"
        } else if name == "href" && !value.starts_with('#') {
            "a logo may only refer to itself; expected href=\"#…\""
        } else if outside || value.contains("javascript:") || value.contains("@import") || value.contains('\\') {
            "a logo may not refer to anything outside; expected url(#…)"
        } else {
            continue;
        };
        faults.push((attribute.range().start, format!("{}: {message}", attribute.name())));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(svg: &str) -> Vec<String> {
        let mut pack = PackDir::default();
        pack.insert("logo.svg", svg);
        match read(&pack, "logo.svg") {
            Ok(_) => Vec::new(),
            Err(problems) => problems.iter().map(ToString::to_string).collect(),
        }
    }

    fn with(inner: &str) -> String {
        format!(
            "<svg xmlns=\"{SVG}\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 9 9\">\n{inner}\n</svg>"
        )
    }

    #[test]
    fn a_drawing_passes() {
        let drawing = "<defs><linearGradient id=\"a\"/></defs><path fill=\"url(#a)\" d=\"M0 0\"/><use href=\"#a\"/>";
        assert_eq!(told(&with(drawing)), Vec::<String>::new());
    }

    #[test]
    fn what_acts_or_fetches_is_refused_with_its_line() {
        for (inner, expected) in [
            ("<script>alert(1)</script>", "<script> is not allowed"),
            ("<foreignObject/>", "<foreignObject> is not allowed"),
            ("<style>@import url(x)</style>", "<style> is not allowed"),
            ("<g onload=\"alert(1)\"/>", "scripts are not allowed"),
            ("<use xlink:href=\"https://example.org/a.svg#a\"/>", "may only refer to itself"),
            ("<path style=\"fill: url( https://example.org )\"/>", "may not refer to anything outside"),
        ] {
            let told = told(&with(inner));
            assert!(told.iter().any(|p| p.starts_with("logo.svg:2: ") && p.contains(expected)), "{inner}: {told:?}");
        }
        assert!(told("<svg").first().unwrap().contains("this is not an SVG"));
        assert!(told("<html/>").first().unwrap().contains("expected the element <svg"));
        let bomb = "<!DOCTYPE svg [<!ENTITY a \"b\">]><svg/>";
        assert!(told(bomb).first().unwrap().contains("this is not an SVG"), "{:?}", told(bomb));
    }
}
