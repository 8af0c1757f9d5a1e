//! Keeps what was typed on step 3 and goes elsewhere: to another time, or to the same page in another language.

use axum::extract::State;
use axum::response::Response;

use crate::citizen::{details_form, link};
use crate::extract::{Fields, Form, Segment, Site};
use crate::{AppState, WebError, language};

/// `POST /buchung/{token}/entwurf`: with `weiter=termin` to the times, with `weiter=en` to English.
pub async fn save(
    site: Site,
    State(app): State<AppState>,
    Segment(token): Segment<String>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let mut tx = site.tx(&app).await?;
    let view = link::find(&mut tx, &token).await?;
    if link::is_booked(&view) {
        return Ok(site.redirect(&format!("/buchung/{token}")));
    }
    if details_form::is_in(&fields) {
        booking::save_typed(&mut tx, view.booking.id, &details_form::read(&fields)).await?;
    }
    tx.commit().await?;
    Ok(site.redirect(&match fields.get("weiter") {
        Some("termin") => another_time(&site, &token, &fields),
        Some(lang) if site.town.languages.iter().any(|it| it == lang) => {
            format!("/buchung/{token}/angaben?{}={lang}", language::COOKIE)
        }
        _ => format!("/buchung/{token}/angaben"),
    }))
}

/// The page with the times of the appointment that was asked for.
pub fn another_time(site: &Site, token: &str, fields: &Fields) -> String {
    let asked = fields.get("termin").or(site.query.get("termin")).and_then(|it| it.parse::<u8>().ok());
    asked.map_or_else(|| format!("/buchung/{token}/termin"), |it| format!("/buchung/{token}/termin?termin={it}"))
}
