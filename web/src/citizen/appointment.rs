//! One appointment of a confirmed booking, as its address names it.

use booking::{Appointment, BookingView};
use tenancy::TenantTx;
use uuid::Uuid;

use crate::WebError;
use crate::citizen::link;
use crate::citizen::ticket::State;
use crate::extract::Site;

/// An appointment with its booking.
pub struct Linked {
    pub token: String,
    pub view: BookingView,
    id: Uuid,
}

impl Linked {
    /// The appointment `id` of the booking behind `token`.
    ///
    /// # Errors
    /// [`WebError::NotFound`] also for an id of somebody else's booking, and for a booking that is not confirmed.
    pub async fn find(tx: &mut TenantTx, token: String, id: Uuid) -> Result<Self, WebError> {
        let view = link::find(tx, &token).await?;
        let is_here = link::is_booked(&view) && view.appointment(id).is_some();
        if is_here { Ok(Self { token, view, id }) } else { Err(WebError::NotFound) }
    }

    /// The appointment.
    ///
    /// # Errors
    /// Never: [`find`](Self::find) has looked.
    pub fn appointment(&self) -> Result<&Appointment, WebError> {
        self.view.appointment(self.id).ok_or(WebError::NotFound)
    }

    /// Whether a citizen can still change it.
    ///
    /// # Errors
    /// As [`appointment`](Self::appointment).
    pub fn is_open(&self, site: &Site) -> Result<bool, WebError> {
        Ok(State::of(site, self.appointment()?) == State::Open)
    }

    /// The page of the whole booking, with `notice` as what has just been done.
    pub fn manage(&self, notice: &str) -> String {
        format!("/buchung/{}{notice}", self.token)
    }
}
