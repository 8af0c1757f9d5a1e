//! The confirmation, sent once more.

use axum::extract::State;
use axum::response::Response;
use booking::BookingView;
use jiff::Timestamp;
use jobs::Job;
use mail::outbox::{self, MailKind, NewMail};
use tenancy::TenantTx;
use uuid::Uuid;

use crate::citizen::link;
use crate::extract::{Segment, Site};
use crate::{Action, AppState, WebError};

/// `POST /buchung/{token}/mail`
pub async fn send(
    site: Site,
    State(app): State<AppState>,
    Segment(token): Segment<String>,
) -> Result<Response, WebError> {
    let mut tx = site.tx(&app).await?;
    let view = link::find(&mut tx, &token).await?;
    if !link::is_booked(&view) {
        return Ok(site.redirect(&format!("/buchung/{token}/angaben")));
    }
    site.limit(&app, Action::Mail)?;
    confirm_again(&mut tx, &view, site.now).await?;
    tx.commit().await?;
    Ok(site.redirect(&format!("/buchung/{token}?gesendet=1")))
}

/// The mail and its job, in one transaction.
async fn confirm_again(tx: &mut TenantTx, view: &BookingView, now: Timestamp) -> anyhow::Result<()> {
    let booking = &view.booking;
    let Some(recipient) = booking.email.clone() else { return Ok(()) };
    let mail = NewMail {
        id: Uuid::new_v4(),
        kind: MailKind::Confirmation,
        booking_id: Some(booking.id),
        staff_link_id: None,
        appointment_id: None,
        sequence: 0,
        recipient,
        language: booking.language.clone(),
        due_at: now,
    };
    outbox::insert(tx, std::slice::from_ref(&mail)).await?;
    jobs::enqueue(tx, Job::new(outbox::QUEUE, outbox::payload(mail.id))).await?;
    Ok(())
}
