//! One ticket with everything that can be done about it.

use axum::extract::State;
use axum::http::StatusCode;
use booking::queue::{self, Ticket, TicketState};
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
    Ok(page(&site, &staff, &ticket, None, Typed::default()))
}

/// What was typed into one of the two forms of the page.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Typed<'a> {
    /// Where somebody was to be sent, as the form says it.
    pub destination: &'a str,
    /// Why somebody was to go first.
    pub reason: &'a str,
}

/// The page when something was not done: `problem` is the key of the reason, and what was typed stays.
pub(super) fn refused(site: &Site, staff: &Staff, ticket: &Ticket, problem: &'static str, typed: Typed<'_>) -> Page {
    let status = if problem == "no_reason" { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT };
    page(site, staff, ticket, Some(problem), typed).status(status)
}

fn page(site: &Site, staff: &Staff, ticket: &Ticket, problem: Option<&str>, typed: Typed<'_>) -> Page {
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
        offices => place::choices(site, None),
        here => site.url(&format!("{}/{}", super::HOME, ticket.id)),
        location => place::key(site, Some(ticket.location)),
        problem_field => problem_field(ticket, typed),
        problem,
        destination => destination(ticket, typed),
        typed => typed.reason,
    };
    staff::page(staff, "queue", "staff/queue_ticket.html", values)
}

/// What is chosen in the form that sends on: what was typed, or the counter where it waits already.
fn destination(ticket: &Ticket, typed: Typed<'_>) -> String {
    match ticket.for_counter {
        Some(counter) if typed.destination.is_empty() => format!("schalter-{counter}"),
        _ => typed.destination.to_owned(),
    }
}

/// The field that the message belongs to, as long as the ticket's state still has it.
fn problem_field(ticket: &Ticket, typed: Typed<'_>) -> &'static str {
    let is_open = ticket.state.is_at_counter() || matches!(ticket.state, TicketState::Waiting | TicketState::Parked);
    match (is_open, typed.destination) {
        (false, _) => "inhalt",
        (true, "") if ticket.state.is_at_counter() => "inhalt",
        (true, "") => "grund",
        (true, _) => "ziel",
    }
}

fn changed(site: &Site, ticket: &Ticket) -> Value {
    context! { who => row::who_changed(site, ticket), at => row::clock(site, ticket.changed_at) }
}
