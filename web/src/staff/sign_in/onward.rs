//! Where somebody goes on after signing in: to the page they wanted, or to the form they had filled in.

use axum::response::{IntoResponse, Response};
use minijinja::{Value, context};
use serde::{Deserialize, Serialize};

use crate::Page;
use crate::extract::{Fields, Site};
use crate::staff::is_here;

/// Where it goes on when nothing else was wanted.
const HOME: &str = "/verwaltung";

/// What people type into our forms, and what it is called.
const TYPED: [(&str, &str); 6] = [
    ("name", "staff.sign_in.again.typed.name"),
    ("email", "staff.sign_in.again.typed.email"),
    ("mail", "staff.sign_in.again.typed.email"),
    ("tel", "staff.sign_in.again.typed.phone"),
    ("notiz", "staff.sign_in.again.typed.note"),
    ("grund", "staff.sign_in.again.typed.reason"),
];

/// What travels with the forms of the sign-in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Onward {
    /// The page that was wanted, below the town's path.
    pub to: Option<String>,
    /// The fields of a form that was sent when nobody was signed in, encoded.
    pub kept: Option<String>,
}

impl Onward {
    /// As the hidden fields of the sign-in's forms, or the address, say.
    pub fn of(fields: &Fields) -> Self {
        let to = fields.get("weiter").filter(|it| is_ours(it)).map(str::to_owned);
        let kept = fields.get("behalten").filter(|_| to.is_some()).map(str::to_owned);
        Self { to, kept }
    }

    /// A form for the address `to` that could not be taken. Passwords and codes are not kept.
    pub fn keeping(to: String, fields: &Fields) -> Self {
        let mut kept = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in fields.iter().filter(|(name, _)| !name.starts_with("passwort") && *name != "code") {
            kept.append_pair(name, value);
        }
        Self { to: Some(to), kept: Some(kept.finish()) }
    }

    /// `page` with all that is kept here, if an address can hold it.
    pub fn address(&self, page: &str) -> Option<String> {
        if self.kept.is_some() {
            return None;
        }
        let to = self.to.as_deref().unwrap_or(HOME);
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("weiter", to).finish();
        Some(format!("{page}?{query}"))
    }

    /// For the templates' hidden fields.
    pub fn values(&self) -> Value {
        context! { to => self.to.as_deref().unwrap_or_default(), kept => self.kept.as_deref() }
    }

    /// On to the page that was wanted; or to a page from which the form is sent again with one press.
    pub fn go(&self, site: &Site, name: &str) -> Response {
        match self.again(site, name, false) {
            Some(page) => page.into_response(),
            None => site.redirect(self.to.as_deref().unwrap_or(HOME)),
        }
    }

    /// The page from which a kept form is sent again; `owes_factor`: once the second factor has been set up. At a counter
    /// that may be somebody else than who has typed it: it shows what was typed, and in whose name it goes.
    pub fn again(&self, site: &Site, name: &str, owes_factor: bool) -> Option<Page> {
        let to = self.to.as_deref().unwrap_or(HOME);
        let fields = self.kept.as_deref().and_then(|it| Fields::parse(it.as_bytes()).ok())?;
        let typed: Vec<Value> = TYPED
            .iter()
            .flat_map(|(field, label)| fields.all(field).map(move |text| (label, text.trim())))
            .filter(|(_, text)| !text.is_empty())
            .map(|(label, text)| context! { label => site.t(label, &[]), text })
            .collect();
        let fields: Vec<Value> = fields.iter().map(|(name, value)| context! { name, value }).collect();
        let values = context! { action => site.url(to), fields, typed, name, owes_factor, is_fleeting => true };
        Some(Page::new("staff/sign_in_again.html", values).private())
    }
}

/// The address of this request below the town's base, to come back to.
pub(in crate::staff) fn wanted(site: &Site) -> String {
    let query = site.query_without_language();
    if query.is_empty() { site.path.clone() } else { format!("{}?{query}", site.path) }
}

/// Whether an address is one of the back office: nobody is sent anywhere else.
fn is_ours(address: &str) -> bool {
    let path = address.split('?').next().unwrap_or_default();
    is_here(path) && !path.contains("..") && address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_other_sites() {
        for ours in [
            "/verwaltung/suche?q=Dr..%20Weber",
            "/verwaltung",
            "/verwaltung/tag?standort=a&tag=2026-12-03",
            "/verwaltung?x=1",
        ] {
            assert!(is_ours(ours), "{ours}");
        }
        for foreign in [
            "https://evil.example",
            "//evil.example",
            "/verwaltungx",
            "/termin",
            "",
            "/verwaltung/\\evil",
            "/verwaltung/\r\nx",
            "/verwaltung/../termin",
        ] {
            assert!(!is_ours(foreign), "{foreign:?}");
        }
    }

    #[test]
    fn a_form_is_kept_but_for_its_secrets() {
        let fields = Fields::parse(b"name=M%C3%BCller+%26+Co&passwort_neu=x&code=123456&a=1&a=2").unwrap();
        let kept = Onward::keeping("/verwaltung/neu".to_owned(), &fields).kept.unwrap();
        assert_eq!(kept, "name=M%C3%BCller+%26+Co&a=1&a=2");
    }
}
