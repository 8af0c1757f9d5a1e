//! Taking a file: in pieces, as they come, so that nobody's memory holds all of it.

use std::time::Duration;

use axum::extract::multipart::{Field, MultipartError, MultipartRejection};
use axum::extract::{Multipart, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use booking::desk::By;
use identity::Staff;
use importer::batch::{self, BatchState, FinishError, MOST_BYTES, PIECE_BYTES, UploadError};
use uuid::Uuid;

use super::step::Step;
use super::{list, words};
use crate::extract::Site;
use crate::staff::{Import, May};
use crate::{AppState, WebError};

/// How long what follows a refused file is still read and thrown away: a browser that is cut off in the middle of its
/// sending shows that, and not our words.
const HEARS_OUT: Duration = Duration::from_mins(2);
/// Around the file stand the other field and the boundaries.
const WRAPPING_BYTES: u64 = 16 * 1024;
/// Longer than any id of a form, in bytes.
const MOST_ATTEMPT: usize = 64;
/// Longest name of a file that is kept, in characters.
const MOST_NAME: usize = 200;

/// Why a file was not taken.
enum Refused {
    /// There is none.
    Nothing,
    /// It is empty.
    Empty,
    /// It is larger than [`MOST_BYTES`].
    TooLarge,
    /// It cannot be read; in words.
    Unreadable(String),
}

/// `POST /verwaltung/import`: fields `versuch` and `datei`, in this order.
pub(super) async fn take(
    site: Site,
    staff: May<Import>,
    State(app): State<AppState>,
    headers: HeaderMap,
    multipart: Result<Multipart, MultipartRejection>,
) -> Result<Response, WebError> {
    let mut multipart = multipart.map_err(|_| WebError::BadInput("errors.no_form"))?;
    let outcome = if announced(&headers).is_some_and(|bytes| bytes > MOST_BYTES + WRAPPING_BYTES) {
        Err(Refused::TooLarge)
    } else {
        read(&site, &staff, &app, &mut multipart).await?
    };
    match outcome {
        Ok(id) => Ok(site.redirect(&Step::Columns.path(id))),
        Err(why) => {
            hear_out(multipart);
            let refused = why.words(&site);
            Ok(list::page(&site, &staff, &app, Some(refused)).await?.into_response())
        }
    }
}

/// Reads the fields up to the file.
async fn read(
    site: &Site,
    staff: &Staff,
    app: &AppState,
    multipart: &mut Multipart,
) -> Result<Result<Uuid, Refused>, WebError> {
    let mut id = Uuid::new_v4();
    while let Some(field) = multipart.next_field().await.map_err(broken_off)? {
        match field.name() {
            Some("versuch") => {
                id = attempt(field).await?;
            }
            Some("datei") => return store(site, staff, app, id, field).await,
            _ => {}
        }
    }
    Ok(Err(Refused::Nothing))
}

/// Which form this is. Nothing limits the body: so this field is not read further than an id is long.
async fn attempt(mut field: Field<'_>) -> Result<Uuid, WebError> {
    let mut typed = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(broken_off)? {
        typed.extend_from_slice(&chunk);
        if typed.len() > MOST_ATTEMPT {
            break;
        }
    }
    Uuid::try_parse_ascii(&typed).map_err(|_| WebError::BadInput("errors.no_form"))
}

/// Stores the file, piece by piece, and has it looked at. What cannot be taken leaves nothing behind.
async fn store(
    site: &Site,
    staff: &Staff,
    app: &AppState,
    attempt: Uuid,
    mut file: Field<'_>,
) -> Result<Result<Uuid, Refused>, WebError> {
    let name = file.file_name().unwrap_or_default();
    let name: String = name.chars().filter(|it| !it.is_control()).take(MOST_NAME).collect();
    if name.is_empty() {
        // What a browser sends where no file was chosen.
        return Ok(Err(Refused::Nothing));
    }
    let mut tx = site.tx(app).await?;
    let id = match batch::find(&mut tx, attempt).await? {
        None => attempt,
        // The same form once more, after the first file was broken off: what came of it may still be on its way.
        Some(there) if there.state == BatchState::Uploading => {
            batch::discard(&mut tx, attempt).await?;
            Uuid::new_v4()
        }
        // The same form once more: the answer to the first one was lost.
        Some(_) => {
            tx.rollback().await?;
            return Ok(Ok(attempt));
        }
    };
    let by = By { staff_id: staff.id, name: &staff.name };
    batch::begin(&mut tx, id, &name, &by, site.now).await?;
    tx.commit().await?;
    let outcome = match pieces(site, app, id, &mut file).await {
        Ok(Ok(())) => finish(site, app, id).await,
        Ok(Err(why)) => Ok(Err(why)),
        Err(error) => Err(error),
    };
    if !matches!(outcome, Ok(Ok(_))) {
        let mut tx = site.tx(app).await?;
        batch::discard(&mut tx, id).await?;
        tx.commit().await?;
    }
    outcome
}

async fn pieces(site: &Site, app: &AppState, id: Uuid, file: &mut Field<'_>) -> Result<Result<(), Refused>, WebError> {
    let mut piece = Vec::with_capacity(PIECE_BYTES);
    let (mut number, mut bytes) = (0, 0_u64);
    while let Some(chunk) = file.chunk().await.map_err(broken_off)? {
        bytes += chunk.len() as u64;
        if bytes > MOST_BYTES {
            return Ok(Err(Refused::TooLarge));
        }
        let mut rest = &chunk[..];
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(PIECE_BYTES - piece.len()));
            piece.extend_from_slice(now);
            rest = later;
            if piece.len() == PIECE_BYTES {
                keep(site, app, id, number, &piece).await?;
                piece.clear();
                number += 1;
            }
        }
    }
    if bytes == 0 {
        return Ok(Err(Refused::Empty));
    }
    if !piece.is_empty() {
        keep(site, app, id, number, &piece).await?;
    }
    Ok(Ok(()))
}

async fn keep(site: &Site, app: &AppState, id: Uuid, number: i32, piece: &[u8]) -> Result<(), WebError> {
    let mut tx = site.tx(app).await?;
    match batch::add_piece(&mut tx, id, number, piece).await {
        Ok(()) => Ok(tx.commit().await?),
        Err(UploadError::TooLarge) => Err(WebError::TooLarge),
        Err(UploadError::Database(error)) => Err(error.into()),
    }
}

async fn finish(site: &Site, app: &AppState, id: Uuid) -> Result<Result<Uuid, Refused>, WebError> {
    let mut tx = site.tx(app).await?;
    match batch::finish(&mut tx, id, site.now).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(Ok(id))
        }
        Err(FinishError::Read(error)) => {
            tx.rollback().await?;
            Ok(Err(Refused::Unreadable(words::unreadable(site, &error))))
        }
        Err(FinishError::Database(error)) => Err(error.into()),
    }
}

/// Reads on in the background, so that the answer is on its way while the file still comes in.
fn hear_out(mut multipart: Multipart) {
    tokio::spawn(tokio::time::timeout(HEARS_OUT, async move {
        while let Ok(Some(mut field)) = multipart.next_field().await {
            while let Ok(Some(_)) = field.chunk().await {}
        }
    }));
}

/// How large the whole request says it is.
fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn broken_off(_: MultipartError) -> WebError {
    WebError::BadInput("errors.broken_off")
}

impl Refused {
    fn words(self, site: &Site) -> (StatusCode, String) {
        let megabytes = [("megabytes", (MOST_BYTES / (1024 * 1024)).to_string().into())];
        match self {
            Self::Nothing => (StatusCode::UNPROCESSABLE_ENTITY, site.t("staff.import.no_file", &[])),
            Self::Empty => (StatusCode::UNPROCESSABLE_ENTITY, site.t("staff.import.empty_file", &[])),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, site.t("staff.import.too_large", &megabytes)),
            Self::Unreadable(words) => (StatusCode::UNPROCESSABLE_ENTITY, words),
        }
    }
}
