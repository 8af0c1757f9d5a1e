//! A number for somebody without an appointment: type what it is for, press Enter.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use booking::queue::{self, NewTicket};
use catalog::{Choice, Concern, fold, search};
use identity::Staff;
use minijinja::{Value, context};
use schedule::Location;
use uuid::Uuid;

use super::notice::Notice;
use super::place;
use crate::citizen::today;
use crate::extract::{Fields, Form, Site};
use crate::staff::{self, May, Serve};
use crate::{AppState, Page, WebError};

/// So many concerns are offered for what was typed; the right one is among the first, or another word is needed.
const MOST_HITS: usize = 6;

/// The best hit is taken for what was meant if the second has at most this share of its points.
const CLEARLY_SECOND: f32 = 0.7;

/// Longest name and longest reason, in characters.
const MOST_TYPED: usize = 200;

/// `GET /neu`: `q` as typed, `anliegen` as ticked.
pub(super) async fn show(site: Site, staff: May<Serve>) -> Result<Page, WebError> {
    let location = place::location(&site, &staff)?;
    Ok(page(&site, &staff, location, &site.query, None))
}

/// `POST /neu`: takes a number. Sent twice, it is one.
pub(super) async fn take(
    site: Site,
    staff: May<Serve>,
    State(app): State<AppState>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let key = fields.get("standort").ok_or(WebError::NotFound)?;
    let location = site.town.offices.location(key).ok_or(WebError::NotFound)?;
    let refused = |problem| {
        let page = page(&site, &staff, location, &fields, Some(problem));
        Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
    };
    let Some(selection) = selection(&site, &fields) else { return refused("which") };
    if selection.is_empty() && fields.get("auskunft").is_none() {
        return refused("nothing");
    }
    let reason = typed(&fields, "grund");
    if fields.get("vorrang").is_some() && reason.is_empty() {
        return refused("no_reason");
    }
    let Some(id) = fields.get("versuch").and_then(|it| it.parse().ok()) else { return refused("again") };
    let mut tx = site.tx(&app).await?;
    let new = NewTicket {
        id,
        location: location.id,
        items: queue::items(&site.town.catalog, &selection, today(&site)),
        name: &typed(&fields, "name"),
        priority_reason: if fields.get("vorrang").is_some() { &reason } else { "" },
        by: &staff.name,
    };
    // The Back button brings the form of the last number again: nobody shall get that number twice unnoticed.
    let was_used = queue::find(&mut tx, id).await?.is_some();
    let ticket = queue::take(&mut tx, new, site.now).await?;
    tx.commit().await?;
    app.towns.touched(&site.town.tenant);
    let notice = if was_used { Notice::TakenBefore } else { Notice::Taken };
    Ok(notice.go(&site, Some(location.id), Some(ticket.id)))
}

/// What was ticked, or else what the typed word clearly means; `None` if it could mean several things.
fn selection(site: &Site, fields: &Fields) -> Option<Vec<Choice>> {
    let quantity = |key: &str| fields.get(&format!("anzahl-{key}")).and_then(|it| it.parse().ok()).unwrap_or(1);
    let known = |key: &&str| site.town.catalog.get(key).is_some();
    let choice = |key: &str| Choice { concern: key.to_owned(), quantity: quantity(key) };
    let mut ticked: Vec<Choice> = Vec::new();
    for key in fields.all("anliegen").filter(known) {
        if !ticked.iter().any(|it| it.concern == key) {
            ticked.push(choice(key));
        }
    }
    let word = fields.get("q").unwrap_or_default().trim();
    if !ticked.is_empty() || word.is_empty() {
        return Some(ticked);
    }
    Some(vec![choice(&meant(site, word)?.key)])
}

/// The one concern that `word` clearly means: it fits much better than any other, or it alone has a word that begins so.
fn meant<'a>(site: &'a Site, word: &str) -> Option<&'a Concern> {
    let catalog = &site.town.catalog;
    let hits = search(catalog, word, &site.lang);
    let is_far_ahead = match hits.as_slice() {
        [] => false,
        [_] => true,
        [first, second, ..] => second.score <= first.score * CLEARLY_SECOND,
    };
    let found: Vec<&Concern> = hits.iter().filter_map(|it| catalog.by_id(it.concern)).collect();
    if is_far_ahead {
        return found.first().copied();
    }
    let begun = fold(word);
    let mut beginning = found.into_iter().filter(|it| {
        let texts = it.keywords.iter().map(String::as_str).chain([it.name.get(&site.lang)]);
        texts.map(fold).any(|text| text.split(|c: char| !c.is_alphanumeric()).any(|own| own.starts_with(&begun)))
    });
    beginning.next().filter(|_| beginning.next().is_none())
}

fn typed(fields: &Fields, name: &str) -> String {
    fields.get(name).unwrap_or_default().trim().chars().take(MOST_TYPED).collect()
}

fn page(site: &Site, staff: &Staff, location: &Location, fields: &Fields, problem: Option<&str>) -> Page {
    let attempt = fields.get("versuch").and_then(|it| it.parse().ok()).unwrap_or_else(Uuid::new_v4);
    let values = context! {
        location => context! { key => location.key.as_str(), name => location.name.get(&site.lang) },
        attempt => attempt.to_string(),
        query => fields.get("q").unwrap_or_default(),
        concerns => offered(site, fields),
        is_question => fields.get("auskunft").is_some(),
        name => fields.get("name").unwrap_or_default(),
        is_preferred => fields.get("vorrang").is_some(),
        reason => fields.get("grund").unwrap_or_default(),
        problem => problem.map(|key| site.t(&format!("staff.queue.walk_in.problem.{key}"), &[])),
        problem_field => if problem == Some("no_reason") { "grund" } else { "q" },
        here => site.url(&format!("{}/neu", super::HOME)),
    };
    staff::page(staff, "queue", "staff/queue_walk_in.html", values)
}

/// What is ticked, then what fits the typed word, or else what is often chosen.
fn offered(site: &Site, fields: &Fields) -> Vec<Value> {
    let catalog = &site.town.catalog;
    let word = fields.get("q").unwrap_or_default().trim();
    let ticked: Vec<&Concern> = fields.all("anliegen").filter_map(|key| catalog.get(key)).collect();
    let found: Vec<&Concern> = if word.is_empty() {
        catalog.popular()
    } else {
        search(catalog, word, &site.lang).iter().filter_map(|it| catalog.by_id(it.concern)).collect()
    };
    let mut shown: Vec<&Concern> = Vec::new();
    for concern in ticked.iter().chain(found.iter().take(MOST_HITS)) {
        if !shown.iter().any(|it| it.key == concern.key) {
            shown.push(concern);
        }
    }
    shown
        .into_iter()
        .map(|it| {
            let quantity = fields.get(&format!("anzahl-{}", it.key)).and_then(|it| it.parse().ok()).unwrap_or(1_u8);
            context! {
                key => it.key.as_str(),
                name => it.name.get(&site.lang),
                minutes => it.duration_minutes,
                most => it.max_quantity,
                quantity,
                ticked => ticked.iter().any(|ticked| ticked.key == it.key),
            }
        })
        .collect()
}
