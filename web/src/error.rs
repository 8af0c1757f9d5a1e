//! What can go wrong for a visitor, and the one place that knows which status and which words that gets.
//!
//! Handlers return [`WebError`]; the layer around them ([`crate::enter`]) turns it into a page in the town's look,
//! with a next step, and logs what nobody could foresee, once. Everything that is a [`std::error::Error`] becomes
//! [`WebError::Other`] by `?`; an error the visitor can react to is named here by its handler.

use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Why a request got no proper answer.
#[derive(Debug)]
pub enum WebError {
    /// There is no such page, or the visitor may not know of it.
    NotFound,
    /// There was such a page, and it won't come back: a finished reservation.
    Gone,
    /// What was sent makes no sense; the key of a text says what.
    BadInput(&'static str),
    /// The form came from another site.
    Forbidden,
    /// Only staff may go here, and nobody is signed in.
    SignIn,
    /// The colleague's role does not hold the right.
    NoRight,
    /// The page exists, but not for this method.
    WrongMethod,
    /// The body is larger than any honest form.
    TooLarge,
    /// Too many requests of this kind lately.
    TooMany {
        /// After how many seconds it is worth trying again.
        seconds: u64,
    },
    /// The answer took too long, or the database is out of reach for the moment.
    Busy,
    /// Whatever else: our fault, and worth an entry in the log.
    Other(anyhow::Error),
}

impl WebError {
    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Gone => StatusCode::GONE,
            Self::BadInput(_) => StatusCode::BAD_REQUEST,
            Self::Forbidden | Self::NoRight => StatusCode::FORBIDDEN,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Other(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Keys of the page's heading and explanation.
    pub(crate) fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::NotFound => ("errors.not_found.title", "errors.not_found.text"),
            Self::Gone => ("errors.gone.title", "errors.gone.text"),
            Self::BadInput(key) => ("errors.bad_input.title", key),
            Self::Forbidden => ("errors.forbidden.title", "errors.forbidden.text"),
            Self::SignIn => ("errors.sign_in.title", "errors.sign_in.text"),
            Self::NoRight => ("errors.no_right.title", "errors.no_right.text"),
            Self::WrongMethod => ("errors.wrong_method.title", "errors.wrong_method.text"),
            Self::TooLarge => ("errors.too_large.title", "errors.too_large.text"),
            Self::TooMany { .. } => ("errors.too_many.title", "errors.too_many.text"),
            Self::Busy => ("errors.busy.title", "errors.busy.text"),
            Self::Other(_) => ("errors.other.title", "errors.other.text"),
        }
    }
}

impl<E: Into<anyhow::Error>> From<E> for WebError {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

/// A [`WebError`] on its way from the handler to the layer that words it.
#[derive(Clone)]
pub(crate) struct Failure(pub Arc<WebError>);

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Self::TooMany { seconds } = self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Failure(Arc::new(self)));
        response
    }
}
