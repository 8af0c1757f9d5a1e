//! What was found out about a file, and what its columns mean.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use identity::Staff;
use importer::batch::{self, Batch, FinishError};
use importer::{DateOrder, Field, Mapping, Shape};
use minijinja::{Value, context};
use uuid::Uuid;

use super::step::{Step, batch_at};
use super::{correction, list, step, words};
use crate::extract::{Fields, Form, Segment, Site};
use crate::staff::{self, Import, May};
use crate::{AppState, Page, WebError};

/// Longest name of a profile, in characters.
const MOST_PROFILE: usize = 80;

/// What a column can mean, in the order of the list, with the names in the form.
const FIELDS: [(Field, &str); 21] = [
    (Field::Date, "tag"),
    (Field::Time, "zeit"),
    (Field::Start, "beginn"),
    (Field::EndDate, "ende_tag"),
    (Field::EndTime, "ende_zeit"),
    (Field::End, "ende"),
    (Field::Minutes, "minuten"),
    (Field::Name, "name"),
    (Field::FirstName, "vorname"),
    (Field::Phone, "telefon"),
    (Field::Email, "email"),
    (Field::Subject, "betreff"),
    (Field::Category, "kategorie"),
    (Field::Attendee, "teilnehmer"),
    (Field::Organizer, "einladend"),
    (Field::Note, "notiz"),
    (Field::Counter, "schalter"),
    (Field::Id, "kennung"),
    (Field::AllDay, "ganztags"),
    (Field::Private, "privat"),
    (Field::Cancelled, "abgesagt"),
];

/// What several columns may mean: a second telephone, a remark beside another, a reason to leave the row out.
const MAY_BE_MANY: [Field; 6] =
    [Field::Phone, Field::Email, Field::Note, Field::Subject, Field::Private, Field::Cancelled];

/// A problem with the form: the field's id, and what is wrong.
type Problem = (String, String);

/// `GET /verwaltung/import/{id}/spalten`
pub(super) async fn show(
    site: Site,
    staff: May<Import>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
) -> Result<Response, WebError> {
    let batch = match batch_at(&site, &app, id, Step::Columns).await? {
        Ok(batch) => batch,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let mapping = batch.mapping.clone();
    Ok(page(&site, &staff, &app, &batch, &mapping, Vec::new()).await?.into_response())
}

/// `POST /verwaltung/import/{id}/spalten`: reads the file anew if something about it was corrected, takes a saved profile
/// (`anwenden`), or keeps what the columns mean and goes on.
pub(super) async fn save(
    site: Site,
    staff: May<Import>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let batch = match batch_at(&site, &app, id, Step::Columns).await? {
        Ok(batch) => batch,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let shape = batch.shape.as_ref().ok_or(WebError::NotFound)?;
    let corrected = correction::read(&fields, shape);
    let changed = if let Some(wanted) = &corrected.shape {
        Some(read_anew(&site, &app, id, wanted).await?)
    } else if fields.get("anwenden").is_some() {
        Some(use_profile(&site, &app, id, fields.get("profil").unwrap_or_default()).await?)
    } else {
        None
    };
    match changed {
        Some(Ok(path)) => return Ok(site.redirect(&path)),
        Some(Err(problem)) => {
            return Ok(page(&site, &staff, &app, &batch, &batch.mapping, vec![problem]).await?.into_response());
        }
        None => {}
    }
    let mapping = read(&fields, shape, corrected.date_order);
    if fields.get("lesen").is_some() {
        // Nothing to read anew: what was chosen for the columns stays on the page.
        return Ok(page(&site, &staff, &app, &batch, &mapping, Vec::new()).await?.into_response());
    }
    let problems = wrong(&site, &mapping);
    if !problems.is_empty() {
        return Ok(page(&site, &staff, &app, &batch, &mapping, problems).await?.into_response());
    }
    let profile: String = fields.get("profilname").unwrap_or_default().trim().chars().take(MOST_PROFILE).collect();
    let mut tx = site.tx(&app).await?;
    batch::save_mapping(&mut tx, id, &mapping).await?;
    if !profile.is_empty() {
        batch::save_profile(&mut tx, id, &profile).await?;
    }
    tx.commit().await?;
    Ok(site.redirect(&Step::Concerns.path(id)))
}

/// Reads the file as the admin says it is written. Where to go then, or why it cannot be read so.
async fn read_anew(site: &Site, app: &AppState, id: Uuid, wanted: &Shape) -> Result<Result<String, Problem>, WebError> {
    let mut tx = site.tx(app).await?;
    match batch::correct(&mut tx, id, wanted).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(Ok(format!("{}?neu=gelesen", Step::Columns.path(id))))
        }
        Err(FinishError::Read(error)) => {
            tx.rollback().await?;
            Ok(Err(("datei".to_owned(), words::unreadable(site, &error))))
        }
        Err(FinishError::Database(error)) => Err(error.into()),
    }
}

/// Takes what was saved for other files of this kind.
async fn use_profile(site: &Site, app: &AppState, id: Uuid, name: &str) -> Result<Result<String, Problem>, WebError> {
    let mut tx = site.tx(app).await?;
    if batch::use_profile(&mut tx, id, name).await? {
        tx.commit().await?;
        return Ok(Ok(Step::Columns.path(id)));
    }
    tx.rollback().await?;
    Ok(Err(("profil".to_owned(), site.t("staff.import.other_profile", &[]))))
}

/// What each column means, as the form says: `spalte-0=tag`.
fn read(fields: &Fields, shape: &Shape, date_order: Option<DateOrder>) -> Mapping {
    let meant = |index: usize| {
        let word = fields.get(&format!("spalte-{index}"))?;
        FIELDS.iter().find(|it| it.1 == word).map(|it| it.0)
    };
    Mapping { fields: (0..shape.columns.len()).map(meant).collect(), date_order }
}

/// What is missing or said twice: without a beginning nothing can be imported, and without a name or a subject nobody
/// would know what for.
fn wrong(site: &Site, mapping: &Mapping) -> Vec<Problem> {
    let mut problems = Vec::new();
    let has = |field: Field| mapping.fields.contains(&Some(field));
    if !has(Field::Start) && !has(Field::Date) {
        problems.push(("spalte-0".to_owned(), site.t("staff.import.no_beginning", &[])));
    }
    if !has(Field::Name) && !has(Field::Subject) {
        problems.push(("spalte-0".to_owned(), site.t("staff.import.nobody", &[])));
    }
    let mut seen = BTreeMap::new();
    for (index, field) in mapping.fields.iter().enumerate() {
        // What several columns say of these is put together.
        let Some(field) = field.filter(|it| !MAY_BE_MANY.contains(it)) else { continue };
        if seen.insert(field, index).is_some() {
            let name = site.t(&format!("staff.import.field.{}", key_of(field)), &[]);
            problems.push((format!("spalte-{index}"), site.t("staff.import.twice", &[("field", name.into())])));
        }
    }
    problems
}

fn key_of(field: Field) -> &'static str {
    FIELDS.iter().find(|it| it.0 == field).map_or("", |it| it.1)
}

async fn page(
    site: &Site,
    staff: &Staff,
    app: &AppState,
    batch: &Batch,
    mapping: &Mapping,
    problems: Vec<Problem>,
) -> Result<Page, WebError> {
    let shape = batch.shape.as_ref().ok_or(WebError::NotFound)?;
    let mut tx = site.tx(app).await?;
    let profiles = batch::profiles(&mut tx).await?;
    tx.rollback().await?;
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let problems: Vec<Value> = problems.iter().map(|(field, message)| context! { field, message }).collect();
    let values = context! {
        steps => step::line(site, batch, Step::Columns),
        name => list::name(site, batch),
        address => site.url(&Step::Columns.path(batch.id)),
        file => correction::view(site, shape, mapping.date_order.or(shape.date_order)),
        columns => columns(site, shape, mapping),
        fields => FIELDS.map(|(_, key)| key).to_vec(),
        profiles,
        profile => batch.profile.as_deref(),
        most_profile => MOST_PROFILE,
        is_read_anew => site.query.get("neu").is_some(),
        problems,
    };
    Ok(staff::page(staff, "import", "staff/import_columns.html", values).status(status))
}

/// Every column with its first values and what it means.
fn columns(site: &Site, shape: &Shape, mapping: &Mapping) -> Vec<Value> {
    shape
        .columns
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let values: Vec<String> =
                shape.sample.iter().map(|row| row.get(index).cloned().unwrap_or_default()).collect();
            let meant = mapping.fields.get(index).copied().flatten().map_or("", key_of);
            let name = if name.is_empty() {
                site.t("staff.import.column_number", &[("number", (index + 1).to_string().into())])
            } else {
                name.clone()
            };
            context! { index, name, values, meant }
        })
        .collect()
}
