//! Texts that towns write: Markdown to HTML, in which HTML of their own is shown as the text it is.

use minijinja::{Environment, Value};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

pub(crate) fn register(environment: &mut Environment<'static>) {
    environment.add_filter("markdown", |text: &str| Value::from_safe_string(to_html(text)));
}

/// HTML of a Markdown text. Raw HTML is escaped, links lead only to web, mail and telephone addresses or within the
/// site, pictures become their description.
pub fn to_html(markdown: &str) -> String {
    let mut skipping_link = false;
    let events = Parser::new_ext(markdown, Options::ENABLE_TABLES).filter_map(move |event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Some(Event::Text(raw)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Link { ref dest_url, .. }) if !is_harmless(dest_url) => {
            skipping_link = true;
            None
        }
        Event::End(TagEnd::Link) if skipping_link => {
            skipping_link = false;
            None
        }
        // The page itself has the h1.
        Event::Start(Tag::Heading { level: HeadingLevel::H1, id, classes, attrs }) => {
            Some(Event::Start(Tag::Heading { level: HeadingLevel::H2, id, classes, attrs }))
        }
        Event::End(TagEnd::Heading(HeadingLevel::H1)) => Some(Event::End(TagEnd::Heading(HeadingLevel::H2))),
        other => Some(other),
    });
    let mut page = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut page, events);
    page
}

fn is_harmless(address: &str) -> bool {
    let scheme = address.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        None => !address.starts_with("//"),
        Some("http" | "https" | "mailto" | "tel") => true,
        // A colon behind the first slash is part of a path.
        Some(other) => other.contains(['/', '?', '#']) && !address.starts_with("//"),
    }
}

#[cfg(test)]
mod tests {
    use super::to_html;

    #[test]
    fn raw_html_is_only_text() {
        assert_eq!(to_html("a <b>c</b>"), "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n");
        let page = to_html("<script>alert(1)</script>");
        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("&lt;script&gt;"));
    }

    #[test]
    fn links_lead_to_harmless_places_only() {
        assert!(to_html("[a](https://example.org/x)").contains(r#"<a href="https://example.org/x">a</a>"#));
        assert!(to_html("[a](mailto:a@example.org)").contains("mailto:"));
        assert!(to_html("[a](datenschutz)").contains(r#"href="datenschutz""#));
        for bad in ["[a](javascript:alert(1))", "[a](JavaScript:x)", "[a](data:text/html,x)", "[a](//evil.example)"] {
            assert_eq!(to_html(bad), "<p>a</p>\n", "{bad}");
        }
    }

    #[test]
    fn the_first_heading_of_a_text_is_a_second_level() {
        assert_eq!(to_html("# A\n\n## B"), "<h2>A</h2>\n<h2>B</h2>\n");
    }
}
