//! A page as a value: which template, with what in it. Handlers return it; the layer around them renders it.

use std::borrow::Cow;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use minijinja::Value;

/// The browser asks each time.
pub(crate) const NO_CACHE: &str = "private, no-cache";

/// A page that has yet to be rendered.
#[derive(Clone, Debug)]
pub struct Page {
    pub(crate) template: Cow<'static, str>,
    pub(crate) values: Value,
    status: StatusCode,
    is_private: bool,
    shared_but_for: Option<Own>,
}

/// A text in a page that each reader gets anew.
#[derive(Clone, Debug)]
pub(crate) struct Own {
    /// As it stands in this page.
    pub text: String,
    /// Makes the next reader's.
    pub another: fn() -> String,
}

impl Page {
    /// The page of `template` (a file below `web/templates`) with these values.
    ///
    /// Language, branding and addresses are added when it is rendered; a value of the same name here wins.
    pub fn new(template: impl Into<Cow<'static, str>>, values: Value) -> Self {
        Self { template: template.into(), values, status: StatusCode::OK, is_private: false, shared_but_for: None }
    }

    /// With another status than 200.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Kept by no cache at all, not even the browser's: what stands behind a citizen's own link.
    #[must_use]
    pub fn private(mut self) -> Self {
        self.is_private = true;
        self
    }

    /// The same for everybody who asks for this address now, but for `text`: each reader gets `another` one.
    #[must_use]
    pub fn shared_but_for(mut self, text: String, another: fn() -> String) -> Self {
        self.shared_but_for = Some(Own { text, another });
        self
    }

    /// What is this reader's own, if the rest is everybody's.
    pub(crate) fn own_part(&self) -> Option<&Own> {
        self.shared_but_for.as_ref().filter(|_| self.status == StatusCode::OK && !self.is_private)
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let caching = if self.is_private { "no-store" } else { NO_CACHE };
        let mut response = self.status.into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        response.extensions_mut().insert(self);
        response
    }
}
