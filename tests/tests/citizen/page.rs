//! A page as a citizen without JavaScript meets it: links to follow, boxes to tick, fields to fill in, buttons to press.

use std::collections::HashMap;

use reqwest::{Method, StatusCode, Url};
use scraper::{ElementRef, Html, Selector};

/// An answer, parsed.
pub struct Page {
    pub status: StatusCode,
    pub url: Url,
    /// As it came.
    pub source: String,
    html: Html,
    ticked: HashMap<(String, String), bool>,
    typed: HashMap<String, String>,
}

/// What pressing a button sends.
pub struct Sending {
    pub method: Method,
    pub url: Url,
    pub fields: Vec<(String, String)>,
}

impl Page {
    pub fn new(status: StatusCode, url: Url, source: &str) -> Self {
        let html = Html::parse_document(source);
        Self { status, url, source: source.to_owned(), html, ticked: HashMap::new(), typed: HashMap::new() }
    }

    /// All elements that match.
    pub fn all(&self, selector: &str) -> Vec<ElementRef<'_>> {
        let selector = Selector::parse(selector).expect("a selector");
        self.html.select(&selector).collect()
    }

    /// The text of the first match.
    pub fn text_of(&self, selector: &str) -> String {
        let found = self.all(selector);
        text(found.first().unwrap_or_else(|| panic!("{} has no {selector}:\n{}", self.url, self.text())))
    }

    /// All words of the page, with single spaces.
    pub fn text(&self) -> String {
        self.all("body").first().map(text).unwrap_or_default()
    }

    /// Fails unless the page says `words`.
    pub fn says(&self, words: &str) -> &Self {
        assert!(self.text().contains(words), "{} ({}) does not say “{words}”:\n{}", self.url, self.status, self.text());
        self
    }

    /// Where the first link with these words leads.
    pub fn link(&self, words: &str) -> Url {
        let found = self.all("a[href]").into_iter().find(|it| text(it).contains(words));
        let link = found.unwrap_or_else(|| panic!("{} has no link “{words}”:\n{}", self.url, self.text()));
        self.url.join(link.attr("href").unwrap_or_default()).expect("an address")
    }

    /// Ticks or unticks a box; the box must be there.
    pub fn tick(&mut self, name: &str, value: &str, on: bool) {
        let boxes = self.all(&format!(r#"input[name="{name}"][value="{value}"]"#));
        assert_eq!(boxes.len(), 1, "{}: boxes {name}={value}", self.url);
        let others: Vec<String> = match boxes[0].attr("type") {
            Some("radio") => self.all(&format!(r#"input[name="{name}"]"#)).iter().filter_map(own_value).collect(),
            _ => Vec::new(),
        };
        self.ticked.extend(others.into_iter().map(|other| ((name.to_owned(), other), false)));
        self.ticked.insert((name.to_owned(), value.to_owned()), on);
    }

    /// Types into a field or chooses from a list; it must be there.
    pub fn fill(&mut self, name: &str, value: &str) {
        let fields = self.all(&format!(r#"input[name="{name}"], select[name="{name}"]"#));
        assert_eq!(fields.len(), 1, "{}: fields {name}", self.url);
        self.typed.insert(name.to_owned(), value.to_owned());
    }

    /// What a field holds.
    pub fn value(&self, name: &str) -> String {
        let fields = self.all(&format!(r#"input[name="{name}"]"#));
        fields.first().and_then(|it| it.attr("value")).unwrap_or_default().to_owned()
    }

    /// What the first button with these words sends.
    pub fn button(&self, words: &str) -> Sending {
        let found = self.all("button").into_iter().find(|it| is_submit(it) && text(it).contains(words));
        self.sending(found.unwrap_or_else(|| panic!("{} has no button “{words}”:\n{}", self.url, self.text())))
    }

    /// What the first button that matches sends.
    pub fn button_at(&self, selector: &str) -> Sending {
        self.sending(*self.all(selector).first().unwrap_or_else(|| panic!("{} has no {selector}", self.url)))
    }

    /// What Enter in a text field sends: the form's first submit button is pressed.
    pub fn enter_in(&self, field: &str) -> Sending {
        let field = self.all(&format!(r#"input[name="{field}"]"#))[0];
        let form = self.form_of(&field);
        let first = self.all("button").into_iter().find(|it| is_submit(it) && self.form_of(it).id() == form.id());
        self.sending(first.expect("a form with a button"))
    }

    fn sending(&self, button: ElementRef<'_>) -> Sending {
        let form = self.form_of(&button);
        let attr = |own: &str, forms: &str| button.attr(own).or(form.attr(forms)).map(str::to_owned);
        let method = attr("formmethod", "method").unwrap_or_default();
        let method = if method.eq_ignore_ascii_case("post") { Method::POST } else { Method::GET };
        let action = attr("formaction", "action").unwrap_or_default();
        let mut fields: Vec<(String, String)> = self
            .all("input[name], select[name]")
            .into_iter()
            .filter(|it| self.form_of_any(it).is_some_and(|own| own.id() == form.id()))
            .filter_map(|it| self.successful(&it))
            .collect();
        if let (Some(name), Some(value)) = (button.attr("name"), button.attr("value")) {
            fields.push((name.to_owned(), value.to_owned()));
        }
        Sending { method, url: self.url.join(&action).expect("an address"), fields }
    }

    fn successful(&self, field: &ElementRef<'_>) -> Option<(String, String)> {
        let name = field.attr("name")?.to_owned();
        let value = field.attr("value").unwrap_or_default().to_owned();
        match (field.value().name(), field.attr("type").unwrap_or("text")) {
            ("select", _) => {
                let chosen = self.typed.get(&name).cloned();
                chosen.or_else(|| chosen_option(field)).map(|value| (name, value))
            }
            (_, "checkbox" | "radio") => {
                let on = self.ticked.get(&(name.clone(), value.clone())).copied();
                on.unwrap_or(field.attr("checked").is_some()).then_some((name, value))
            }
            _ => Some((name.clone(), self.typed.get(&name).cloned().unwrap_or(value))),
        }
    }

    fn form_of<'a>(&'a self, element: &ElementRef<'a>) -> ElementRef<'a> {
        self.form_of_any(element).expect("an element in a form")
    }

    fn form_of_any<'a>(&'a self, element: &ElementRef<'a>) -> Option<ElementRef<'a>> {
        match element.attr("form") {
            Some(id) => self.all(&format!("form#{id}")).into_iter().next(),
            None => element.ancestors().filter_map(ElementRef::wrap).find(|it| it.value().name() == "form"),
        }
    }
}

/// The words of an element, with single spaces.
pub fn text(element: &ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn own_value(field: &ElementRef<'_>) -> Option<String> {
    field.attr("value").map(str::to_owned)
}

fn is_submit(button: &ElementRef<'_>) -> bool {
    button.attr("type").is_none_or(|it| it == "submit")
}

fn chosen_option(select: &ElementRef<'_>) -> Option<String> {
    let options = Selector::parse("option").expect("a selector");
    let all: Vec<ElementRef<'_>> = select.select(&options).collect();
    let chosen = all.iter().find(|it| it.attr("selected").is_some()).or(all.first())?;
    Some(chosen.attr("value").map_or_else(|| text(chosen), str::to_owned))
}
