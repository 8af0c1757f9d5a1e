//! The appointments of a booking for the citizen's own calendar.

use ::mail::calendar::{CONTENT_TYPE, FILE_NAME};
use ::mail::outbox::MailKind;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use booking::{Appointment, Status};

use crate::citizen::link;
use crate::extract::{Segment, Site};
use crate::mail::{Letter, calendar_file};
use crate::{AppState, WebError};

/// `GET /buchung/{token}/termin.ics`: the same file as in the confirmation; cancelled ones leave the calendar by it.
pub async fn download(
    site: Site,
    State(app): State<AppState>,
    Segment(token): Segment<String>,
) -> Result<Response, WebError> {
    let view = link::read(&site, &app, &token).await?;
    if !link::is_booked(&view) {
        return Err(WebError::NotFound);
    }
    let letter = Letter {
        kind: MailKind::Confirmation,
        language: &site.lang,
        tenant: &site.town.tenant,
        town: &site.town.town,
        offices: &site.town.former_offices,
        booking: &view,
        appointment: None,
        token: &token,
        now: site.now,
    };
    let is_real = |it: &&Appointment| !matches!(it.status, Status::Held | Status::Expired);
    let appointments: Vec<&Appointment> = view.appointments.iter().filter(is_real).collect();
    let file = calendar_file(app.renderer.texts(), &letter, &appointments)?;
    let described = [
        (header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&format!("attachment; filename=\"{FILE_NAME}\""))?),
    ];
    Ok((described, file).into_response())
}
