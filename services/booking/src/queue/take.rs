//! Handing out numbers: to walk-ins, and to people with an appointment who have come.

use catalog::{Catalog, Choice};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use jiff_sqlx::ToSqlx as _;
use schedule::LocationId;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::numbers::next_number;
use super::{Ticket, TicketKind, list};
use crate::Item;
use crate::days::{day_of, touch};

/// How long somebody without a concern probably takes, in minutes: a short question.
const QUESTION_MINUTES: u16 = 5;

/// How long after its start an appointment keeps its turn; who comes later waits as a walk-in does, in minutes.
const KEEPS_TURN_MINUTES: i64 = 10;

/// Somebody who has come without an appointment.
#[derive(Clone, Debug)]
pub struct NewTicket<'a> {
    /// Chosen by the form: sent twice, it is one ticket.
    pub id: Uuid,
    /// The office.
    pub location: LocationId,
    /// What it is for; empty: a short question.
    pub items: Vec<Item>,
    /// Name, if it was given: at most 200 characters.
    pub name: &'a str,
    /// Why somebody is preferred; empty: nobody is.
    pub priority_reason: &'a str,
    /// Who hands it out.
    pub by: &'a str,
}

/// What is chosen, as it is kept with a ticket, with the fees of `day`. What the catalogue does not know is left out; what
/// is only booked by telephone, or alone, is served all the same: the citizen stands here.
pub fn items(catalog: &Catalog, selection: &[Choice], day: Date) -> Vec<Item> {
    let item = |choice: &Choice| {
        let concern = catalog.concerns.iter().find(|it| it.key == choice.concern)?;
        Some(Item::new(concern, choice.quantity.clamp(1, concern.max_quantity.max(1)), day))
    };
    selection.iter().filter_map(item).collect()
}

/// Hands out the next number of today. Sent twice, it is the same ticket.
///
/// # Errors
/// The database's own.
pub async fn take(tx: &mut TenantTx, new: NewTicket<'_>, now: Timestamp) -> sqlx::Result<Ticket> {
    let day = day_of(now, &tx.tenant().zone);
    if let Some(taken) = list::find(tx, new.id).await? {
        return Ok(taken);
    }
    let number = next_number(tx, new.location, day, TicketKind::WalkIn).await?;
    let minutes: u16 = new.items.iter().map(|it| it.minutes).sum();
    let minutes = if new.items.is_empty() { QUESTION_MINUTES } else { minutes };
    sqlx::query(
        "INSERT INTO ticket (id, location_id, day, kind, number, items, minutes, name, priority, priority_reason, state,
                             due_at, created_at, changed_by, changed_at)
         VALUES ($1, $2, $3, 'walk_in', $4, $5, $6, $7, $8, $9, 'waiting', $10, $10, $11, $10)
         ON CONFLICT DO NOTHING",
    )
    .bind(new.id)
    .bind(new.location)
    .bind(day.to_sqlx())
    .bind(number)
    .bind(Json(&new.items))
    .bind(i16::try_from(minutes).unwrap_or(i16::MAX))
    .bind(new.name)
    .bind(i16::from(!new.priority_reason.is_empty()))
    .bind(new.priority_reason)
    .bind(now.to_sqlx())
    .bind(new.by)
    .execute(tx.conn())
    .await?;
    touch(tx, new.location, day).await?;
    list::find(tx, new.id).await?.ok_or(sqlx::Error::RowNotFound)
}

/// The ticket of an appointment whose citizen has come; one that there is already waits again, with its turn and where it
/// was sent. An arrival that was taken back counts anew, at the office where the appointment is now; on another day or at
/// another office there is another number.
///
/// Only writes the ticket: the caller, who has locked the booking, sets the appointment's status.
///
/// # Errors
/// The database's own; `RowNotFound` if there is no such appointment.
pub async fn arrive(tx: &mut TenantTx, appointment_id: Uuid, by: &str, now: Timestamp) -> sqlx::Result<Ticket> {
    let (location, start, minutes): (i32, jiff_sqlx::Timestamp, i16) =
        sqlx::query_as("SELECT location_id, lower(during), duration_minutes FROM appointment WHERE id = $1")
            .bind(appointment_id)
            .fetch_one(tx.conn())
            .await?;
    let start = start.to_jiff();
    let day = day_of(now, &tx.tenant().zone);
    let late = start.checked_add(KEEPS_TURN_MINUTES.minutes()).is_ok_and(|keeps_until| keeps_until < now);
    let number = next_number(tx, location, day, TicketKind::Appointment).await?;
    let (id,): (Uuid,) = sqlx::query_as(
        "INSERT INTO ticket AS known (id, location_id, day, kind, number, appointment_id, minutes, state, due_at, late,
                                      created_at, changed_by, changed_at)
         VALUES ($1, $2, $3, 'appointment', $4, $5, $6, 'waiting', $7, $8, $9, $10, $9)
         ON CONFLICT (appointment_id) DO UPDATE
           SET state = 'waiting', counter_id = NULL, ended_at = NULL, day = excluded.day,
               location_id = CASE WHEN known.day = excluded.day AND known.state <> 'withdrawn' THEN known.location_id ELSE excluded.location_id END,
               number = CASE WHEN known.day = excluded.day AND known.state <> 'withdrawn' OR known.day = excluded.day AND known.location_id = excluded.location_id THEN known.number ELSE excluded.number END,
               due_at = CASE WHEN known.day = excluded.day AND known.state <> 'withdrawn' THEN known.due_at ELSE excluded.due_at END,
               late = CASE WHEN known.day = excluded.day AND known.state <> 'withdrawn' THEN known.late ELSE excluded.late END,
               created_at = CASE WHEN known.day = excluded.day AND known.state <> 'withdrawn' THEN known.created_at ELSE excluded.created_at END,
               for_counter_id = CASE WHEN known.day = excluded.day AND known.state <> 'withdrawn' THEN known.for_counter_id END,
               changed_by = excluded.changed_by, changed_at = excluded.changed_at, version = known.version + 1
         RETURNING id",
    )
    .bind(Uuid::new_v4())
    .bind(location)
    .bind(day.to_sqlx())
    .bind(number)
    .bind(appointment_id)
    .bind(minutes)
    .bind(if late { now } else { start }.to_sqlx())
    .bind(late)
    .bind(now.to_sqlx())
    .bind(by)
    .fetch_one(tx.conn())
    .await?;
    list::find(tx, id).await?.ok_or(sqlx::Error::RowNotFound)
}
