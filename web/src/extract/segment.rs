//! Parts of the path.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::WebError;

/// As axum's `Path`, but a part that does not fit is a page that does not exist.
#[derive(Clone, Debug)]
pub struct Segment<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Segment<T> {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        let Path(value) = Path::from_request_parts(parts, state).await.map_err(|_| WebError::NotFound)?;
        Ok(Self(value))
    }
}
