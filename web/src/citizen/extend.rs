//! More time on step 3, by one simple action, ten times (WCAG 2.2.1). What was typed is kept.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use booking::ExtendError;

use crate::citizen::concerns::today;
use crate::citizen::draft::Draft;
use crate::citizen::problem::Problem;
use crate::citizen::save::another_time;
use crate::citizen::{details, details_form, link};
use crate::extract::{Form, Segment, Site};
use crate::{AppState, WebError};

/// `POST /buchung/{token}/verlaengerung`: with `weiter=termin`, on to the choice of another time.
pub async fn extend(
    site: Site,
    State(app): State<AppState>,
    Segment(token): Segment<String>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let typed = details_form::is_in(&fields).then(|| details_form::read(&fields));
    let mut tx = site.tx(&app).await?;
    let view = link::find(&mut tx, &token).await?;
    if link::is_booked(&view) {
        return Ok(site.redirect(&format!("/buchung/{token}")));
    }
    if let Some(typed) = &typed {
        booking::save_typed(&mut tx, view.booking.id, typed).await?;
    }
    let extended = booking::extend(&mut tx, view.booking.id, &site.town.town.rules, site.now).await;
    tx.commit().await?;
    app.towns.taken(&site.town.tenant);
    match extended {
        Err(ExtendError::Database(error)) => Err(error.into()),
        // From step 2 of a further appointment.
        _ if fields.get("weiter") == Some("termin") => Ok(site.redirect(&another_time(&site, &token, &fields))),
        // Which places are lost, step 3 finds out itself.
        Ok(_) | Err(ExtendError::ExpiredAndTaken(_)) => Ok(site.redirect(&format!("/buchung/{token}/angaben"))),
        Err(ExtendError::TooOften(_)) => {
            let draft = Draft::new(&site, token, view, today(&site))?;
            let typed = typed.unwrap_or_else(|| details_form::kept(&draft.view.booking));
            let problem = Problem::new(&site, "name", "no_more_extensions", &[]);
            let page = details::page(&site, &draft, &typed, vec![problem]);
            Ok(page.status(StatusCode::CONFLICT).into_response())
        }
        // Without any place: the town has closed there meanwhile.
        Err(ExtendError::Gone) => Ok(site.redirect(&another_time(&site, &token, &fields))),
    }
}
