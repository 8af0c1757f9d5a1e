//! A row of `booking` with its appointments, and how it becomes a view.

use catalog::Choice;
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use crate::view::{Appointment, Booking, BookingView, State};
use crate::{BookingCode, Mode};

/// A booking; its appointments come as JSON in the same row.
#[derive(FromRow)]
pub(crate) struct Row {
    id: Uuid,
    state: String,
    code: Option<String>,
    language: String,
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    wants_reminder: bool,
    hold_extensions: i16,
    mode: String,
    selection: Json<Vec<Choice>>,
    created_at: jiff_sqlx::Timestamp,
    booked_at: Option<jiff_sqlx::Timestamp>,
    appointments: Json<Vec<Appointment>>,
}

/// The columns of [`Row`], with a condition on the booking `b`.
macro_rules! select_where {
    ($condition:literal) => {
        concat!(
            "SELECT b.id, b.state, b.code, b.language, b.name, b.email, b.phone, b.wants_reminder, b.hold_extensions,
                    b.mode, b.selection, b.created_at, b.booked_at,
                    (SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'position', a.position,
                              'location', a.location_id, 'counter', a.counter_id, 'start', lower(a.during),
                              'end', upper(a.during), 'status', a.status, 'hold_until', a.hold_until, 'overbooked', a.overbooked,
                              'items', a.items, 'minutes', a.duration_minutes, 'fee_cents', a.fee_cents,
                              'sequence', a.sequence, 'cancel_reason',
                              CASE WHEN a.status = 'cancelled' THEN (
                                SELECT nullif(e.detail->>'reason', '') FROM booking_event e
                                 WHERE e.booking_id = b.id AND e.appointment_id = a.id AND e.kind = 'cancelled'
                                 ORDER BY e.id DESC LIMIT 1) END) ORDER BY a.position), '[]')
                       FROM appointment a WHERE a.booking_id = b.id) AS appointments
               FROM booking b WHERE ",
            $condition
        )
    };
}

pub(crate) const WHERE_ID: &str = select_where!("b.id = $1");
pub(crate) const WHERE_TOKEN_HASH: &str = select_where!("b.token_hash = $1");
pub(crate) const WHERE_CODE_AND_EMAIL: &str =
    select_where!("b.code = $1 AND lower(b.email) = lower($2) AND b.state = 'booked'");

impl Row {
    /// # Errors
    /// A code that is none.
    pub(crate) fn into_view(self) -> sqlx::Result<BookingView> {
        let code = self.code.as_deref().map(BookingCode::parse).transpose();
        let booking = Booking {
            id: self.id,
            state: if self.state == "booked" { State::Booked } else { State::Draft },
            code: code.map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
            language: self.language,
            name: self.name,
            email: self.email,
            phone: self.phone,
            wants_reminder: self.wants_reminder,
            hold_extensions: u8::try_from(self.hold_extensions).unwrap_or(u8::MAX),
            mode: Mode::parse(&self.mode),
            selection: self.selection.0,
            created_at: self.created_at.to_jiff(),
            booked_at: self.booked_at.map(jiff_sqlx::Timestamp::to_jiff),
        };
        Ok(BookingView { booking, appointments: self.appointments.0 })
    }
}
