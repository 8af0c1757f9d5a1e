//! Where and in which language a request came in: the first thing every handler takes.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tenancy::{DbError, TenantTx};

use crate::extract::Fields;
use crate::limits::{Action, ClientKey};
use crate::town::TownState;
use crate::{AppState, WebError};

/// One request to one town. Cheap to clone.
#[derive(Clone)]
pub struct Site(Arc<SiteParts>);

/// What there is to know of a request.
pub struct SiteParts {
    /// The town, as of now or a second ago.
    pub town: Arc<TownState>,
    /// Path that all of the town's addresses start with, such as `/terminvergabe`.
    pub base: String,
    /// Scheme and host as the citizen sees them, such as `https://www.werne.de`.
    pub origin: String,
    /// Path below the base, such as `/termin`, still percent-encoded.
    pub path: String,
    /// Query as it came in, without `?`.
    pub raw_query: String,
    /// The query's fields.
    pub query: Fields,
    /// Language of the answer, one that the town offers.
    pub lang: String,
    /// When the request came in.
    pub now: Timestamp,
    /// Who asks, for the rate limits only. Never stored, never logged.
    pub client: ClientKey,
    /// Tells one request from another, in logs and on error pages.
    pub request_id: String,
    /// The words of all pages.
    pub texts: Arc<templating::Texts>,
}

impl Site {
    pub(crate) fn new(parts: SiteParts) -> Self {
        Self(Arc::new(parts))
    }

    /// An address of this town: `/termin` → `/terminvergabe/termin`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The address of this very page, without the choice of language.
    pub fn here(&self) -> String {
        match self.query_without_language() {
            query if query.is_empty() => self.url(&self.path),
            query => format!("{}?{query}", self.url(&self.path)),
        }
    }

    /// Sends the browser on to another page of this town, by GET.
    pub fn redirect(&self, path: &str) -> Response {
        match HeaderValue::from_str(&self.url(path)) {
            Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
            Err(_) => WebError::NotFound.into_response(),
        }
    }

    /// A text in the reader's language.
    pub fn t(&self, key: &str, arguments: &[(&str, Cow<'_, str>)]) -> String {
        self.texts.text(&self.lang, key, arguments)
    }

    /// The town's time zone.
    pub fn zone(&self) -> &TimeZone {
        &self.town.tenant.zone
    }

    /// A transaction on the town's data.
    ///
    /// # Errors
    /// The database's own.
    pub async fn tx(&self, app: &AppState) -> Result<TenantTx, DbError> {
        app.db.tenant_tx(&self.town.tenant).await
    }

    /// Counts one more `action` of this client.
    ///
    /// # Errors
    /// [`WebError::TooMany`] if there were too many lately.
    pub fn limit(&self, app: &AppState, action: Action) -> Result<(), WebError> {
        app.limits.check(action, self.client).map_err(|seconds| WebError::TooMany { seconds })
    }
}

impl Deref for Site {
    type Target = SiteParts;
    fn deref(&self) -> &SiteParts {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Site {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        let site = parts.extensions.get::<Site>().cloned();
        site.ok_or_else(|| WebError::Other(anyhow::anyhow!("a page was asked for outside of any town")))
    }
}
