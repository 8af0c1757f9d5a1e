//! Ending one's own sessions, wherever they are.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use identity::sessions;

use super::super::{SignedIn, session};
use crate::extract::{Segment, Site};
use crate::{AppState, WebError};

/// Instead of a session's handle: all but the one this request came with.
const OTHERS: &str = "andere";

/// `POST /verwaltung/konto/sitzungen/{handle}`. One that has ended already is no error; another's cannot be named.
pub(super) async fn end(
    site: Site,
    SignedIn(staff): SignedIn,
    State(app): State<AppState>,
    Segment(handle): Segment<String>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let mut tx = site.tx(&app).await?;
    let done = if handle == OTHERS {
        sessions::revoke_others(&mut tx, staff.id, session::sent(&headers)).await?;
        "sitzungen"
    } else {
        sessions::revoke(&mut tx, staff.id, &handle).await?;
        "sitzung"
    };
    tx.commit().await?;
    Ok(site.redirect(&format!("/verwaltung/konto?fertig={done}")))
}
