//! One ticket with everything that can be done about it.

use axum::extract::State;
use axum::http::StatusCode;
use booking::queue::{self, Ticket};
use identity::Staff;
use minijinja::value::Serde;
use minijinja::{Value, context};
use uuid::Uuid;

use super::place;
use super::row::{self, Row};
use crate::extract::{Segment, Site};
use crate::staff::{self, May, SeeDay};
use crate::{AppState, Page, WebError};

/// `GET /{id}`
pub(super) async fn show(
    site: Site,
    staff: May<SeeDay>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
) -> Result<Page, WebError> {
    let mut tx = site.tx(&app).await?;
    let ticket = queue::find(&mut tx, id).await?.ok_or(WebError::NotFound)?;
    tx.rollback().await?;
    Ok(page(&site, &staff, &ticket, None, ""))
}

/// The page when something was not done: `problem` is the key of the reason, and what was typed stays.
pub(super) fn refused(site: &Site, staff: &Staff, ticket: &Ticket, problem: &'static str, reason: &str) -> Page {
    let status = if problem == "no_reason" { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT };
    page(site, staff, ticket, Some(problem), reason).status(status)
}

fn page(site: &Site, staff: &Staff, ticket: &Ticket, problem: Option<&str>, reason: &str) -> Page {
    let arguments = [
        ("number", ticket.label().into()),
        ("who", row::who_changed(site, ticket).into()),
        ("state", row::state_words(site, ticket).into()),
        ("at", row::clock(site, ticket.changed_at).into()),
    ];
    let problem = problem.map(|key| site.t(&format!("staff.queue.problem.{key}"), &arguments));
    let values = context! {
        ticket => Serde(Row::new(site, ticket, place::counter(site, staff))),
        booking => ticket.booking_id.map(|it| it.to_string()),
        appointment => ticket.appointment_id.map(|it| it.to_string()),
        place => row::place_words(site, ticket),
        taken_at => row::clock(site, ticket.created_at),
        changed => changed(site, ticket),
        offices => place::choices(site, ticket.for_counter),
        here => site.url(&format!("{}/{}", super::HOME, ticket.id)),
        location => ticket.location,
        problem,
        typed => reason,
    };
    staff::page(staff, "queue", "staff/queue_ticket.html", values)
}

fn changed(site: &Site, ticket: &Ticket) -> Value {
    context! { who => row::who_changed(site, ticket), at => row::clock(site, ticket.changed_at) }
}
