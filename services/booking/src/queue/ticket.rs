//! A ticket: somebody who is in the hall.

use jiff::Timestamp;
use jiff::civil::Date;
use schedule::{CounterId, LocationId};
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use crate::{Item, Status};

/// Somebody who is in the hall, or was today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Chosen by the form that asked for it.
    pub id: Uuid,
    /// The office.
    pub location: LocationId,
    /// The local day.
    pub day: Date,
    /// With an appointment, or without.
    pub kind: TicketKind,
    /// From 101 on, each day anew.
    pub number: u32,
    /// The appointment, if there is one.
    pub appointment_id: Option<Uuid>,
    /// Its booking.
    pub booking_id: Option<Uuid>,
    /// What it is for; empty: a short question.
    pub items: Vec<Item>,
    /// How long it will probably take.
    pub minutes: u16,
    /// Name; a walk-in need not give one.
    pub name: String,
    /// Higher is called first; 0 is the rule.
    pub priority: i16,
    /// Why somebody is preferred.
    pub priority_reason: String,
    /// How far it is.
    pub state: TicketState,
    /// The appointment's start, or when the number was taken.
    pub due_at: Timestamp,
    /// Came too late for the appointment's turn, and waits as a walk-in does.
    pub late: bool,
    /// The counter that called.
    pub counter: Option<CounterId>,
    /// Only this counter shall call.
    pub for_counter: Option<CounterId>,
    /// How often it was called.
    pub calls: u16,
    /// When the number was taken.
    pub created_at: Timestamp,
    /// When it was called last.
    pub called_at: Option<Timestamp>,
    /// When service began.
    pub served_at: Option<Timestamp>,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// Who changed it last; empty: the citizen.
    pub changed_by: String,
    /// When that was.
    pub changed_at: Timestamp,
    /// +1 with every change.
    pub version: i32,
}

/// With an appointment or without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TicketKind {
    /// Somebody with an appointment has come.
    Appointment,
    /// Somebody has come without.
    WalkIn,
}

/// How far a ticket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TicketState {
    /// In the hall.
    Waiting,
    /// On the way to a counter.
    Called,
    /// At the counter.
    InService,
    /// Away for a moment: fetching a photograph, moving the car. Nobody calls them until they are back.
    Parked,
    /// Over.
    Done,
    /// Did not come when called.
    NoShow,
    /// Taken back: the arrival was an error, or the appointment was cancelled.
    Withdrawn,
}

impl Ticket {
    /// As it is shown and called: `A101`.
    pub fn label(&self) -> String {
        label(self.kind, self.number)
    }
}

/// `A101` with an appointment, `B101` without.
pub(crate) fn label(kind: TicketKind, number: u32) -> String {
    let letter = match kind {
        TicketKind::Appointment => 'A',
        TicketKind::WalkIn => 'B',
    };
    format!("{letter}{number}")
}

impl TicketKind {
    /// As written in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Appointment => "appointment",
            Self::WalkIn => "walk_in",
        }
    }

    pub(super) fn parse(word: &str) -> Self {
        if word == "appointment" { Self::Appointment } else { Self::WalkIn }
    }
}

impl TicketState {
    const ALL: [Self; 7] =
        [Self::Waiting, Self::Called, Self::InService, Self::Parked, Self::Done, Self::NoShow, Self::Withdrawn];

    /// As written in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Called => "called",
            Self::InService => "in_service",
            Self::Parked => "parked",
            Self::Done => "done",
            Self::NoShow => "no_show",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state that is written so.
    ///
    /// # Errors
    /// A word that the table's check does not allow.
    fn parse(word: &str) -> sqlx::Result<Self> {
        let found = Self::ALL.into_iter().find(|it| it.as_str() == word);
        found.ok_or_else(|| sqlx::Error::Decode(format!("no state of a ticket: {word}").into()))
    }

    /// Whether somebody with it stands at a counter, or is on the way there.
    pub fn is_at_counter(self) -> bool {
        matches!(self, Self::Called | Self::InService)
    }

    /// What it means for the appointment.
    pub(super) fn status(self) -> Option<Status> {
        match self {
            Self::Waiting | Self::Parked => Some(Status::Arrived),
            Self::Called => Some(Status::Called),
            Self::InService => Some(Status::InService),
            Self::Done => Some(Status::Done),
            Self::NoShow => Some(Status::NoShow),
            Self::Withdrawn => None,
        }
    }
}

/// A row of `ticket` with what its appointment knows better.
#[derive(FromRow)]
pub(super) struct Row {
    id: Uuid,
    location_id: i32,
    day: jiff_sqlx::Date,
    kind: String,
    number: i32,
    appointment_id: Option<Uuid>,
    booking_id: Option<Uuid>,
    items: Json<Vec<Item>>,
    minutes: i16,
    name: String,
    priority: i16,
    priority_reason: String,
    state: String,
    due_at: jiff_sqlx::Timestamp,
    late: bool,
    counter_id: Option<i32>,
    for_counter_id: Option<i32>,
    calls: i16,
    created_at: jiff_sqlx::Timestamp,
    called_at: Option<jiff_sqlx::Timestamp>,
    served_at: Option<jiff_sqlx::Timestamp>,
    ended_at: Option<jiff_sqlx::Timestamp>,
    changed_by: String,
    changed_at: jiff_sqlx::Timestamp,
    version: i32,
}

/// The columns of [`Row`], from ticket `t` with the appointment `a` and the booking `b`, and what follows.
macro_rules! select {
    ($($rest:tt)*) => {
        concat!(
            "SELECT t.id, t.location_id, t.day, t.kind, t.number, t.appointment_id, a.booking_id,
                    coalesce(a.items, t.items) AS items, coalesce(a.duration_minutes, t.minutes) AS minutes,
                    coalesce(b.name, t.name) AS name, t.priority, t.priority_reason, t.state, t.due_at, t.late,
                    t.counter_id, t.for_counter_id, t.calls, t.created_at, t.called_at, t.served_at, t.ended_at,
                    t.changed_by, t.changed_at, t.version
               FROM ticket t LEFT JOIN appointment a ON a.id = t.appointment_id
               LEFT JOIN booking b ON b.id = a.booking_id ",
            $($rest)*
        )
    };
}
pub(super) use select;

impl TryFrom<Row> for Ticket {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.id,
            location: row.location_id,
            day: row.day.to_jiff(),
            kind: TicketKind::parse(&row.kind),
            number: row.number.unsigned_abs(),
            appointment_id: row.appointment_id,
            booking_id: row.booking_id,
            items: row.items.0,
            minutes: row.minutes.unsigned_abs(),
            name: row.name,
            priority: row.priority,
            priority_reason: row.priority_reason,
            state: TicketState::parse(&row.state)?,
            due_at: row.due_at.to_jiff(),
            late: row.late,
            counter: row.counter_id,
            for_counter: row.for_counter_id,
            calls: row.calls.unsigned_abs(),
            created_at: row.created_at.to_jiff(),
            called_at: row.called_at.map(jiff_sqlx::Timestamp::to_jiff),
            served_at: row.served_at.map(jiff_sqlx::Timestamp::to_jiff),
            ended_at: row.ended_at.map(jiff_sqlx::Timestamp::to_jiff),
            changed_by: row.changed_by,
            changed_at: row.changed_at.to_jiff(),
            version: row.version,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_say_whether_somebody_has_an_appointment() {
        assert_eq!(label(TicketKind::Appointment, 101), "A101");
        assert_eq!(label(TicketKind::WalkIn, 7), "B7");
    }

    #[test]
    fn every_state_is_read_as_it_is_written() {
        for state in TicketState::ALL {
            assert_eq!(TicketState::parse(state.as_str()).unwrap(), state);
        }
        assert!(TicketState::parse("lost").is_err());
    }
}
