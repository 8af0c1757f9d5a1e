//! Step 2 within a draft: the next of several appointments, or another time for one that has a place.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use minijinja::context;
use minijinja::value::Serde;

use crate::citizen::chosen::address;
use crate::citizen::concerns::today;
use crate::citizen::draft::Draft;
use crate::citizen::hold::{Outcome, Place, day_of, keep};
use crate::citizen::hold_box::HoldBox;
use crate::citizen::picker::{Picker, Target};
use crate::citizen::slot::Wish;
use crate::citizen::time::{self, Missed};
use crate::citizen::{details_form, link};
use crate::extract::{Fields, Form, Segment, Site};
use crate::{AppState, Page, WebError};

/// `GET /buchung/{token}/termin`
pub async fn show(
    site: Site,
    State(app): State<AppState>,
    Segment(token): Segment<String>,
) -> Result<Response, WebError> {
    let view = link::read(&site, &app, &token).await?;
    if link::is_booked(&view) {
        return Ok(site.redirect(&format!("/buchung/{token}")));
    }
    let draft = Draft::new(&site, token, view, today(&site))?;
    let wish = Wish::read(&site.query, &site.town.offices)?;
    let position = position(&[&site.query], &draft);
    Ok(page(&site, &draft, position, &wish, None)?.into_response())
}

/// `POST /buchung/{token}/termin`: keeps the time for one position; what was typed on step 3 is kept too.
pub async fn choose(
    site: Site,
    State(app): State<AppState>,
    Segment(token): Segment<String>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let wish = Wish::read(&fields, &site.town.offices)?;
    let mut tx = site.tx(&app).await?;
    let view = link::find(&mut tx, &token).await?;
    if details_form::is_in(&fields) && !link::is_booked(&view) {
        booking::save_typed(&mut tx, view.booking.id, &details_form::read(&fields)).await?;
    }
    tx.commit().await?;
    if link::is_booked(&view) {
        return Ok(site.redirect(&format!("/buchung/{token}")));
    }
    let draft = Draft::new(&site, token, view, day_of(&site, wish.slot.as_ref()))?;
    let position = position(&[&fields, &site.query], &draft);
    let search = draft.search(&site, position).ok_or(WebError::NotFound)?;
    let place = Place { key: &draft.key, position, chosen: &draft.chosen };
    Ok(match keep(&app, &search, wish.slot.as_ref(), &place).await? {
        // Step 3 leads on to the next appointment itself if one is still without a time.
        Outcome::Held => site.redirect(&draft.path("/angaben")),
        Outcome::AlreadyBooked => site.redirect(&draft.path("")),
        Outcome::Missed(missed) => page(&site, &draft, position, &wish, Some(missed))?.into_response(),
    })
}

/// The position that was asked for, else the first without a place, else the first.
fn position(sent: &[&Fields], draft: &Draft) -> u8 {
    let asked = sent.iter().find_map(|it| it.get("termin")).and_then(|it| it.parse().ok());
    let asked = asked.filter(|it| (1..=draft.planned.len()).contains(&usize::from(*it)));
    asked.or_else(|| draft.next_position()).unwrap_or(1)
}

fn page(site: &Site, draft: &Draft, position: u8, wish: &Wish, missed: Option<Missed>) -> Result<Page, WebError> {
    let mut search = draft.search(site, position).ok_or(WebError::NotFound)?;
    search.location = wish.location;
    let back = address(&site.url("/"), &draft.chosen.fields());
    let target = Target {
        page: site.url(&draft.path("/termin")),
        fields: vec![("termin".to_owned(), position.to_string())],
        action: site.url(&draft.path("/termin")),
        attempt: None,
        fewer: Some(back.clone()),
    };
    let picker = Picker::new(&search, wish, &target, missed.as_ref().and_then(|it| it.close_to));
    let index = usize::from(position) - 1;
    let summary = draft.summary(site).with_time(site, index, picker.slot);
    let has_next = draft.next_position().is_some_and(|next| usize::from(next) < draft.planned.len());
    let more = context! {
        step => 2,
        steps => vec![None::<String>; 4],
        back,
        nth => time::nth(site, &draft.planned, index),
        hold => HoldBox::of_others(site, draft).map(Serde),
        cta => Serde(time::call_to_action(site, has_next, None)),
    };
    Ok(time::render(&search, &target, picker, summary, missed, more).private())
}
