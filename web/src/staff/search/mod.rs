//! Finding people: by name, code, mail address or telephone number.
//!
//! `GET /verwaltung/suche?q=…`. Only the path of a request is ever logged, so that no name stands in a log.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use booking::desk::{self, Found};
use minijinja::{Value, context};

use crate::extract::Site;
use crate::staff::{self, May, SeeDay};
use crate::{AppState, Page, WebError};

/// More than this nobody reads through; another word is quicker.
const MOST_FOUND: usize = 50;

/// The page of the search.
pub(super) fn router() -> Router<AppState> {
    Router::new().route("/verwaltung/suche", get(show))
}

async fn show(site: Site, staff: May<SeeDay>, State(app): State<AppState>) -> Result<Page, WebError> {
    let query = site.query.get("q").unwrap_or_default().trim();
    let mut found = Vec::new();
    if !query.is_empty() {
        let mut tx = site.tx(&app).await?;
        found = desk::search(&mut tx, query, MOST_FOUND, site.now).await?;
        tx.rollback().await?;
    }
    let (coming, past): (Vec<&Found>, Vec<&Found>) = found.iter().partition(|it| it.start >= site.now);
    let rows = |list: Vec<&Found>| -> Vec<Value> { list.into_iter().map(|it| row(&site, it)).collect() };
    let values = context! {
        query,
        count => found.len(),
        is_cut => found.len() == MOST_FOUND,
        coming => rows(coming),
        past => rows(past),
    };
    Ok(staff::page(&staff, "search", "staff/search.html", values))
}

fn row(site: &Site, found: &Found) -> Value {
    let offices = &site.town.former_offices.locations;
    let names: Vec<&str> = found.items.iter().map(|it| it.name.get(&site.lang)).collect();
    context! {
        id => found.id.to_string(),
        at => found.start.to_string(),
        name => found.name.as_str(),
        code => booking::BookingCode::parse(&found.code).map_or_else(|_| found.code.clone(), |it| it.to_string()),
        phone => found.phone.as_deref(),
        email => found.email.as_deref(),
        place => offices.iter().find(|it| it.id == found.location).map(|it| it.name.get(&site.lang)),
        concerns => names.join(", "),
        status => site.t(&format!("staff.search.status.{}", found.status.as_str()), &[]),
    }
}
