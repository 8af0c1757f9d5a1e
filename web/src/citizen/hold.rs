//! Keeping a place for a citizen who is about to type their name.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use booking::{BookingKey, Channel, HoldError, NewHold};
use jiff::civil::Date;
use tenancy::TenantTx;

use crate::citizen::attempt::Attempt;
use crate::citizen::chosen::Chosen;
use crate::citizen::concerns::{self, today};
use crate::citizen::link;
use crate::citizen::planning;
use crate::citizen::problem::Problem;
use crate::citizen::search::Search;
use crate::citizen::slot::{Slot, Wish};
use crate::citizen::time::{self, Missed};
use crate::extract::{Form, Site};
use crate::{Action, AppState, WebError};

/// `POST /reservierung`: keeps a place for the first appointment, in a draft of its own.
pub async fn reserve(site: Site, State(app): State<AppState>, Form(fields): Form) -> Result<Response, WebError> {
    let chosen = Chosen::read(&fields, &site.town.town.rules);
    let wish = Wish::read(&fields, &site.town.offices)?;
    let planned = match planning::plan(&site, &chosen, day_of(&site, wish.slot.as_ref())) {
        Ok(planned) => planned,
        Err(refused) => return Ok(concerns::refused(&site, &chosen, refused).into_response()),
    };
    let mut attempt = Attempt::read(&fields);
    let mut key = app.links.key_of_attempt(&site.town.tenant.slug, attempt.0);
    let search = Search::new(&site, &planned[0]);
    let mut outcome =
        keep(&app, &search, wish.slot.as_ref(), &Place { key: &key, position: 1, chosen: &chosen }).await?;
    if matches!(outcome, Outcome::AlreadyBooked) && !is_booked_there(&site, &app, &key, wish.slot.as_ref()).await? {
        // Back to the times after booking, for another booking.
        attempt = Attempt::start();
        key = app.links.key_of_attempt(&site.town.tenant.slug, attempt.0);
        outcome = keep(&app, &search, wish.slot.as_ref(), &Place { key: &key, position: 1, chosen: &chosen }).await?;
    }
    Ok(match outcome {
        // Step 3 leads on to what is still without a time.
        Outcome::Held => site.redirect(&format!("/buchung/{}/angaben", key.token)),
        Outcome::AlreadyBooked => site.redirect(&format!("/buchung/{}", key.token)),
        Outcome::Missed(missed) => time::page(&site, &chosen, &planned, &wish, attempt, Some(missed)).into_response(),
    })
}

/// Whether the booking behind `key` has this very time: then its form was sent twice.
async fn is_booked_there(site: &Site, app: &AppState, key: &BookingKey, slot: Option<&Slot>) -> Result<bool, WebError> {
    let view = link::read(site, app, &key.token).await?;
    let is_it =
        |it: &booking::Appointment| slot.is_some_and(|slot| it.start == slot.start && it.location == slot.location);
    Ok(view.appointments.iter().any(is_it))
}

/// Which place of which draft a time is for.
pub struct Place<'a> {
    pub key: &'a BookingKey,
    /// From 1 on.
    pub position: u8,
    pub chosen: &'a Chosen,
}

/// What became of a wish for a place.
pub enum Outcome {
    /// It is kept.
    Held,
    /// The draft was confirmed before: an old page was sent once more.
    AlreadyBooked,
    /// It is not to be had.
    Missed(Missed),
}

/// Keeps the place at `slot`, giving up the former one of the same position.
///
/// # Errors
/// [`WebError::Gone`] if the draft is no longer there.
pub async fn keep(
    app: &AppState,
    search: &Search<'_>,
    slot: Option<&Slot>,
    place: &Place<'_>,
) -> Result<Outcome, WebError> {
    let site = search.site;
    let Some(slot) = slot else { return Ok(missed(site, "no_time", None, StatusCode::UNPROCESSABLE_ENTITY)) };
    if search.overlaps(slot.start) {
        return Ok(missed(site, "overlaps", Some(slot), StatusCode::CONFLICT));
    }
    site.limit(app, Action::Hold)?;
    let candidates = search.candidates(slot.start, slot.location);
    let wish = NewHold {
        key: place.key,
        position: place.position,
        planned: search.planned,
        start: slot.start,
        candidates: &candidates,
        selection: &place.chosen.selection,
        mode: place.chosen.mode,
        language: &site.lang,
        channel: Channel::Online,
    };
    let mut tx = site.tx(app).await?;
    let held = booking::hold(&mut tx, &wish, &site.town.town.rules, site.now).await;
    match held {
        Ok(_) => {
            tx.commit().await?;
            app.towns.taken(&site.town.tenant);
            Ok(Outcome::Held)
        }
        Err(HoldError::AlreadyBooked) => Ok(Outcome::AlreadyBooked),
        Err(HoldError::OverlapsOwn { .. }) => Ok(missed(site, "overlaps", Some(slot), StatusCode::CONFLICT)),
        Err(HoldError::JustTaken) => lost(tx, site, slot, place, !candidates.is_empty()).await,
        Err(HoldError::Gone) => Err(WebError::Gone),
        Err(HoldError::Database(error)) => Err(error.into()),
    }
}

/// Somebody has the place: this very form, sent before, or somebody else.
async fn lost(
    mut tx: TenantTx,
    site: &Site,
    slot: &Slot,
    place: &Place<'_>,
    was_offered: bool,
) -> Result<Outcome, WebError> {
    let found = booking::find_by_token(&mut tx, &place.key.token).await?;
    // What is offered in its stead shall be free as of now.
    site.town.index.refresh(&mut tx, site.now).await?;
    tx.rollback().await?;
    let Some(view) = found else { return Ok(gone(site, slot, was_offered)) };
    if view.booking.state == booking::State::Booked {
        return Ok(Outcome::AlreadyBooked);
    }
    let is_mine = |it: &booking::Appointment| {
        it.status == booking::Status::Held
            && it.position == place.position
            && it.start == slot.start
            && it.location == slot.location
            && it.hold_until.is_some_and(|until| until > site.now)
    };
    if view.appointments.iter().any(is_mine) && view.booking.selection == place.chosen.selection {
        return Ok(Outcome::Held);
    }
    Ok(gone(site, slot, was_offered))
}

fn gone(site: &Site, slot: &Slot, was_offered: bool) -> Outcome {
    missed(site, if was_offered { "just_taken" } else { "bad_time" }, Some(slot), StatusCode::CONFLICT)
}

fn missed(site: &Site, key: &str, slot: Option<&Slot>, status: StatusCode) -> Outcome {
    let field = if slot.is_some() { "schnell" } else { "zeiten" };
    let problem = Problem::new(site, field, key, &[]);
    Outcome::Missed(Missed { problem, close_to: slot.map(|it| it.start), status })
}

/// The day whose fees count: that of the appointment, if there is one.
pub fn day_of(site: &Site, slot: Option<&Slot>) -> Date {
    slot.map_or_else(|| today(site), |it| it.start.to_zoned(site.zone().clone()).date())
}
