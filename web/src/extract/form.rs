//! The body of a POST.

use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;

use crate::WebError;
use crate::extract::Fields;

/// Longest body taken, in bytes. The longest honest form, a name and two addresses, has under one thousand.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

/// The fields of a form sent by POST.
///
/// The body has been read, and its size checked, before any handler runs (`crate::enter`).
#[derive(Clone, Debug)]
pub struct Form(pub Fields);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = WebError;

    async fn from_request(request: Request, _: &S) -> Result<Self, WebError> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(WebError::BadInput("errors.no_form"));
        }
        let body = axum::body::to_bytes(request.into_body(), MAX_BODY_BYTES).await.map_err(|_| WebError::TooLarge)?;
        Fields::parse(&body).map(Form).map_err(|_| WebError::BadInput("errors.bad_text"))
    }
}
