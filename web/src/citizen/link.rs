//! The booking behind the token of an address.

use booking::{BookingView, State};
use tenancy::TenantTx;

use crate::extract::Site;
use crate::{AppState, WebError};

/// The booking behind `token`.
///
/// # Errors
/// [`WebError::Gone`] for a link of ours that leads nowhere any more: bookings are deleted some days after the
/// appointment. [`WebError::NotFound`] for what never was one.
pub async fn find(tx: &mut TenantTx, token: &str) -> Result<BookingView, WebError> {
    booking::find_by_token(tx, token).await?.ok_or_else(|| missing(token))
}

/// Why there is no booking behind `token`.
pub fn missing(token: &str) -> WebError {
    if booking::hash(token).is_some() { WebError::Gone } else { WebError::NotFound }
}

/// The same as [`find`] in a transaction of its own, for pages that only show it.
///
/// # Errors
/// As [`find`].
pub async fn read(site: &Site, app: &AppState, token: &str) -> Result<BookingView, WebError> {
    let mut tx = site.tx(app).await?;
    let found = find(&mut tx, token).await;
    tx.rollback().await?;
    found
}

/// Whether the booking is confirmed.
pub fn is_booked(view: &BookingView) -> bool {
    view.booking.state == State::Booked
}
