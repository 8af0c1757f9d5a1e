//! The steps of an appointment at the counter, one button each.

use axum::extract::State;
use axum::response::Response;
use booking::desk::{self, By, Step};
use identity::Staff;
use uuid::Uuid;

use super::done::Done;
use super::forms::seen_version;
use super::refused;
use crate::extract::{Fields, Form, Segment, Site};
use crate::staff::{May, Serve};
use crate::{AppState, WebError};

/// Handlers that differ by one word.
macro_rules! steps {
    ($($(#[$doc:meta])* $name:ident => $step:ident;)*) => {$(
        $(#[$doc])*
        pub(super) async fn $name(
            site: Site,
            staff: May<Serve>,
            State(app): State<AppState>,
            Segment(id): Segment<Uuid>,
            Form(fields): Form,
        ) -> Result<Response, WebError> {
            take(&site, &app, &staff, id, &fields, Step::$step).await
        }
    )*};
}

steps! {
    /// `POST /angekommen`
    arrive => Arrive;
    /// `POST /aufrufen`
    call => Call;
    /// `POST /bedienen`
    serve => Serve;
    /// `POST /erledigt`
    finish => Finish;
    /// `POST /nicht-erschienen`
    no_show => NoShow;
    /// `POST /zurueck`
    undo => Undo;
}

async fn take(
    site: &Site,
    app: &AppState,
    staff: &Staff,
    id: Uuid,
    fields: &Fields,
    step: Step,
) -> Result<Response, WebError> {
    let by = By { staff_id: staff.id, name: &staff.name };
    // Whoever sits at a counter calls there; others call to where it was planned.
    let step = match staff.counter.filter(|id| site.town.offices.counters.iter().any(|it| it.id == *id)) {
        Some(counter) if step == Step::Call => Step::CallTo(counter),
        _ => step,
    };
    let mut tx = site.tx(app).await?;
    if let Err(error) = desk::step(&mut tx, id, step, seen_version(fields)?, &by, site.now).await {
        tx.rollback().await?;
        return refused::answer(site, app, staff, id, fields, error).await;
    }
    let it = desk::appointment(&mut tx, id).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    app.towns.touched(&site.town.tenant);
    Ok(Done::Step.go(site, &it, fields))
}
