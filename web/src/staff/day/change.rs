//! The note, the cancellation with its reason, and the change of concerns.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use booking::Item;
use booking::desk::{self, By, DeskError, NewItems};
use catalog::MAX_QUANTITY;
use identity::{Right, Staff};
use tenancy::TenantTx;
use uuid::Uuid;

use super::appointment;
use super::done::Done;
use super::forms::{quantity_field, seen_version, text};
use super::place::day_of;
use super::refused::{self, Accepted, Problem};
use crate::extract::{Fields, Form, Segment, Site};
use crate::staff::{ChangeBookings, May};
use crate::{AppState, WebError};

/// Longest note and longest reason, in characters; the database holds as many.
const MOST_CHARACTERS: usize = 2000;
/// Longest appointment that staff can make, in minutes: a working day.
const MOST_MINUTES: u16 = 480;

/// `POST /notiz`
pub(super) async fn note(
    site: Site,
    staff: May<ChangeBookings>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let note = text(&fields, "notiz");
    if note.chars().count() > MOST_CHARACTERS {
        return wrong(&site, &app, &staff, id, &fields, ("notiz", "staff.day.problem.too_long")).await;
    }
    let by = By { staff_id: staff.id, name: &staff.name };
    let mut tx = site.tx(&app).await?;
    let done = desk::note(&mut tx, id, &note, seen_version(&fields)?, &by, site.now).await;
    answer(&site, &app, &staff, tx, id, &fields, Done::Noted, done).await
}

/// `POST /absagen`
pub(super) async fn cancel(
    site: Site,
    staff: May<ChangeBookings>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let reason = text(&fields, "grund");
    if reason.is_empty() {
        return wrong(&site, &app, &staff, id, &fields, ("grund", "staff.day.problem.reason")).await;
    }
    if reason.chars().count() > MOST_CHARACTERS {
        return wrong(&site, &app, &staff, id, &fields, ("grund", "staff.day.problem.too_long")).await;
    }
    let by = By { staff_id: staff.id, name: &staff.name };
    let mut tx = site.tx(&app).await?;
    let rules = &site.town.town.rules;
    let done = desk::cancel(&mut tx, id, &reason, seen_version(&fields)?, &by, rules, site.now).await;
    answer(&site, &app, &staff, tx, id, &fields, Done::Cancelled, done).await
}

/// `POST /aendern`: `menge-<concern>` for what is there, `neu` for one more, `minuten` if it shall last otherwise.
pub(super) async fn items(
    site: Site,
    staff: May<ChangeBookings>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let by = By { staff_id: staff.id, name: &staff.name };
    let mut tx = site.tx(&app).await?;
    let known = desk::appointment(&mut tx, id).await?.ok_or(WebError::NotFound)?;
    let items = wanted(&site, &known, &fields);
    if items.is_empty() {
        tx.rollback().await?;
        return wrong(&site, &app, &staff, id, &fields, ("aendern", "staff.day.problem.no_concern")).await;
    }
    let Some(minutes) = minutes(&fields, &items) else {
        tx.rollback().await?;
        return wrong(&site, &app, &staff, id, &fields, ("minuten", "staff.day.problem.minutes")).await;
    };
    let accepted = Accepted::read(&fields);
    if accepted.is_any() && !staff.may(Right::Overbook) {
        return Err(WebError::NoRight);
    }
    let wish = NewItems { items: &items, minutes, over: &accepted.over, seen_version: seen_version(&fields)? };
    let done = desk::change_items(&mut tx, id, &wish, &by, site.now).await;
    answer(&site, &app, &staff, tx, id, &fields, Done::Changed, done).await
}

/// What it shall be for: what stays as often as before keeps what was booked, all else is as the catalogue has it now.
fn wanted(site: &Site, known: &desk::DayAppointment, fields: &Fields) -> Vec<Item> {
    let day = day_of(site, known.start);
    let quantity = |key: &str| fields.get(&quantity_field(key)).map(|it| it.trim().parse::<u8>().unwrap_or(0));
    let kept = known.items.iter().filter_map(|item| {
        let quantity = quantity(&item.concern).unwrap_or(item.quantity).min(MAX_QUANTITY);
        let concern = site.town.catalog.get(&item.concern);
        match (quantity, concern) {
            (0, _) => None,
            (same, _) if same == item.quantity => Some(item.clone()),
            (_, None) => Some(item.clone()),
            (quantity, Some(concern)) => Some(Item::new(concern, quantity, day)),
        }
    });
    let added = fields.get("neu").and_then(|key| site.town.catalog.get(key)).map(|it| Item::new(it, 1, day));
    let added = added.filter(|it| known.items.iter().all(|item| item.concern != it.concern));
    kept.chain(added).collect()
}

/// How long it shall last: as typed, else as long as its concerns take. None for what is no duration.
fn minutes(fields: &Fields, items: &[Item]) -> Option<u16> {
    let minutes = match fields.get("minuten").map(str::trim).filter(|it| !it.is_empty()) {
        Some(typed) => typed.parse().ok()?,
        None => items.iter().map(|it| it.minutes).sum(),
    };
    (1..=MOST_MINUTES).contains(&minutes).then_some(minutes)
}

/// Something in the form makes no sense.
async fn wrong(
    site: &Site,
    app: &AppState,
    staff: &Staff,
    id: Uuid,
    fields: &Fields,
    (field, key): (&'static str, &str),
) -> Result<Response, WebError> {
    let problem = Problem::input(site, field, key);
    Ok(appointment::page(site, app, staff, id, fields, Some(problem)).await?.into_response())
}

/// Keeps what was done, or says why not.
#[expect(clippy::too_many_arguments, reason = "everything a handler has, in one place instead of three")]
async fn answer(
    site: &Site,
    app: &AppState,
    staff: &Staff,
    mut tx: TenantTx,
    id: Uuid,
    fields: &Fields,
    done: Done,
    outcome: Result<(), DeskError>,
) -> Result<Response, WebError> {
    if let Err(error) = outcome {
        tx.rollback().await?;
        return refused::answer(site, app, staff, id, fields, error).await;
    }
    let it = desk::appointment(&mut tx, id).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    app.towns.touched(&site.town.tenant);
    Ok(done.go(site, &it, fields))
}
