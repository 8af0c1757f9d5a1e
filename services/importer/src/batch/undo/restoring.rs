//! Rows become what they were before the batch.

use std::collections::HashMap;

use booking::import::{self, Imported, Standing, Written};
use jiff::Timestamp;
use tenancy::TenantTx;
use uuid::Uuid;

use super::Undo;
use super::row::Undoable;
use crate::batch::closures;
use crate::batch::former::Former;
use crate::batch::sources::{self, Appointments, Source};

/// A row that can be taken back.
struct Restorable<'a> {
    row: &'a Undoable,
    /// As this batch wrote it.
    source: Source,
    /// Its appointment, if there is one.
    now: Option<Standing>,
}

/// Takes rows of one kind back; the numbers of those that are kept.
pub(super) async fn take_back(
    tx: &mut TenantTx,
    undo: &Undo<'_>,
    outcome: &str,
    rows: &[Undoable],
) -> anyhow::Result<Vec<i64>> {
    let keys: Vec<&str> = rows.iter().map(|it| it.source_key.as_str()).collect();
    let mut known = sources::find(tx, &keys).await?;
    known.retain(|_, it| it.batch_id == Some(undo.batch.id));
    let closes = |it: &Undoable| it.before().is_some_and(|it| it.closed.is_some());
    if outcome == "close" || rows.iter().any(closes) {
        closures::announce(tx).await?;
    }
    let appointments = sources::lock_appointments(tx, known.values()).await?;
    let mut kept = Vec::new();
    let mut all: Vec<Restorable<'_>> = Vec::with_capacity(rows.len());
    for row in rows {
        match known.remove(&row.source_key).and_then(|it| Restorable::new(row, it, &appointments)) {
            Some(it) if !it.would_be_missed(undo.now) => all.push(it),
            _ => kept.push(row.number()),
        }
    }
    let versions = match outcome {
        "add" => remove(tx, &all, undo).await?,
        "update" => restore(tx, &all, undo).await?,
        _ => {
            let versions = rebook(tx, &all, undo).await?;
            // Whose place is given away stays as it is, closed.
            let (back, left): (Vec<_>, Vec<_>) = all.into_iter().partition(|it| it.is_back(&versions));
            kept.extend(left.iter().map(|it| it.row.number()));
            all = back;
            versions
        }
    };
    write_back(tx, &all, &versions).await?;
    Ok(kept)
}

/// Versions of appointments that taking back has written.
type Versions = HashMap<Uuid, i32>;

/// What was new goes, as if it had never been there.
async fn remove(tx: &mut TenantTx, all: &[Restorable<'_>], undo: &Undo<'_>) -> anyhow::Result<Versions> {
    let now: Vec<Standing> = all.iter().filter_map(|it| it.now.clone()).collect();
    import::remove_all(tx, &now, undo.now).await?;
    Ok(Versions::new())
}

/// What was changed says again what it said; what had come back is cancelled again.
async fn restore(tx: &mut TenantTx, all: &[Restorable<'_>], undo: &Undo<'_>) -> anyhow::Result<Versions> {
    let (mut former, mut before): (Vec<Imported>, Vec<Standing>) = (Vec::new(), Vec::new());
    let mut withdrawn: Vec<Standing> = Vec::new();
    for it in all {
        match (it.row.before().and_then(Former::booked), &it.now) {
            (Some(booked), Some(now)) => {
                former.push(booked.imported.clone());
                before.push(now.clone());
            }
            (None, Some(now)) => withdrawn.push(now.clone()),
            (_, None) => {}
        }
    }
    let written = import::restore_all(tx, &former, &before, &withdrawn, (undo.rules, undo.now)).await?;
    let mut versions = versions(&written);
    versions.extend(withdrawn.iter().map(|it| (it.imported.appointment_id, it.version + 1)));
    Ok(versions)
}

/// What was given up for a closure is booked again.
async fn rebook(tx: &mut TenantTx, all: &[Restorable<'_>], undo: &Undo<'_>) -> anyhow::Result<Versions> {
    let wanted = all.iter().filter_map(|it| Some((it.row.before()?.booked()?, it.now.as_ref())));
    let wanted: Vec<Standing> = wanted.map(|(former, now)| again(former, now)).collect();
    let ahead: Vec<Standing> = wanted.into_iter().filter(|it| it.imported.start > undo.now).collect();
    Ok(versions(&import::book_again(tx, &ahead, undo.links, undo.rules, undo.now).await?))
}

/// An appointment as it stood before it was cancelled, with its numbers of now.
pub(super) fn again(former: &Standing, now: Option<&Standing>) -> Standing {
    let (version, sequence) = now.map_or((former.version + 1, former.sequence + 1), |it| (it.version, it.sequence));
    Standing { version, sequence, is_booked: false, is_cancelled: true, ..former.clone() }
}

fn versions(written: &[Written]) -> Versions {
    written.iter().map(|it| (it.appointment_id, it.version)).collect()
}

/// Closures are as they were, and what is known of the rows.
async fn write_back(tx: &mut TenantTx, all: &[Restorable<'_>], versions: &Versions) -> sqlx::Result<()> {
    let closed: Vec<i32> = all.iter().filter_map(|it| it.source.closure_id).collect();
    closures::remove(tx, &closed).await?;
    let (mut forgotten, mut known) = (Vec::new(), Vec::new());
    for it in all {
        let Some(before) = it.row.before() else {
            forgotten.push(it.row.source_key.as_str());
            continue;
        };
        let closure_id = match &before.closed {
            Some(closed) => Some(closures::put(tx, closed).await?),
            None => None,
        };
        let version = before.source.appointment_id.and_then(|id| versions.get(&id).copied());
        known.push(Source { closure_id, version: version.unwrap_or(before.source.version), ..before.source.clone() });
    }
    sources::remove(tx, &forgotten).await?;
    sources::put(tx, &known).await
}

impl<'a> Restorable<'a> {
    /// `None`: somebody has touched it.
    fn new(row: &'a Undoable, source: Source, appointments: &Appointments) -> Option<Self> {
        let now = source.standing(appointments).cloned();
        let is_untouched = now.as_ref().is_some_and(|it| source.is_as_written(it));
        let is_as_left = if source.is_withdrawn {
            // It closes now. The retention may have removed the cancelled appointment.
            source.closure_id.is_some() && (now.is_none() || is_untouched)
        } else {
            source.closure_id.is_some() || is_untouched
        };
        is_as_left.then_some(Self { row, source, now })
    }

    /// Whether its appointment is ahead, and was at a time that has come: nobody would expect the citizen any more.
    fn would_be_missed(&self, now: Timestamp) -> bool {
        let is_ahead = self.now.as_ref().is_some_and(|it| it.is_booked && it.imported.start > now);
        let before = self.row.before().and_then(Former::booked);
        is_ahead && before.is_some_and(|it| it.imported.start <= now)
    }

    /// Whether its appointment is booked again, as far as there was one.
    fn is_back(&self, versions: &Versions) -> bool {
        let booked = self.row.before().and_then(Former::booked);
        booked.is_none_or(|it| versions.contains_key(&it.imported.appointment_id))
    }
}
