//! Rows that take whole days, as closures. One that was an appointment in an earlier edition gives that up.

use booking::import::{self, Standing};
use jiff::Timestamp;
use jiff::civil::Date;
use tenancy::TenantTx;

use super::Chunk;
use super::outcome::{Link, leave, link, source_of};
use crate::batch::carry::Decided;
use crate::batch::closures::{self, Closed};
use crate::batch::former::Former;
use crate::batch::sources::{self, Appointments, Source};
use crate::rules::Target;
use crate::{Reason, State};

/// What becomes of a row whose earlier edition is known.
enum Before<'a> {
    /// It closes already, or its appointment is cancelled: there is nothing to give up.
    Nothing,
    /// An appointment, which is cancelled.
    Booked(&'a Standing),
    /// Somebody has touched it since the dry run.
    Touched(Reason),
}

pub(super) async fn close(tx: &mut TenantTx, chunk: &Chunk<'_>, rows: &[Decided]) -> anyhow::Result<()> {
    closures::announce(tx).await?;
    let keys: Vec<&str> = rows.iter().map(|it| it.source_key.as_str()).collect();
    let known = sources::find(tx, &keys).await?;
    let closed = closures::of(tx, known.values()).await?;
    let appointments = sources::lock_appointments(tx, known.values()).await?;
    let mut given_up: Vec<Standing> = Vec::new();
    let mut closing: Vec<(Source, Closed)> = Vec::with_capacity(rows.len());
    let mut links: Vec<Link> = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(Target::Closure { counter, location, first, last }) = row.target() else { continue };
        let before = known.get(&row.source_key);
        let mut source = source_of(row, chunk, before);
        match before.map_or(Before::Nothing, |it| Before::of(it, &appointments)) {
            Before::Nothing => {}
            Before::Booked(it) => {
                (source.version, source.is_withdrawn) = (it.version + 1, true);
                given_up.push(it.clone());
            }
            Before::Touched(why) => {
                leave(tx, chunk.batch.id, &[row.number], &why).await?;
                continue;
            }
        }
        source.ends_at = end_of(*last, tx);
        closing.push((source, Closed { location: *location, counter: *counter, first: *first, last: *last }));
        links.push((row.number, None, before.map(|it| Former::of(it, &appointments, &closed))));
    }
    import::cancel_all(tx, &given_up, chunk.now).await?;
    closures::remove(tx, &closed.keys().copied().collect::<Vec<_>>()).await?;
    let mut new = Vec::with_capacity(closing.len());
    for (source, closed) in closing {
        new.push(Source { closure_id: Some(closures::put(tx, &closed).await?), ..source });
    }
    sources::put(tx, &new).await?;
    Ok(link(tx, chunk.batch.id, &links).await?)
}

impl<'a> Before<'a> {
    fn of(source: &Source, appointments: &'a Appointments) -> Self {
        if source.closure_id.is_some() || source.is_withdrawn {
            return Self::Nothing;
        }
        match source.standing(appointments) {
            Some(now) if source.is_as_written(now) => Self::Booked(now),
            Some(_) => Self::Touched(Reason::new(State::Warning, "changed_here", "")),
            // Its closure was removed by hand.
            None => Self::Touched(Reason::new(State::Skipped, "gone_here", "")),
        }
    }
}

/// When a day is over in the town.
fn end_of(last: Date, tx: &TenantTx) -> Timestamp {
    let end = last.tomorrow().and_then(|it| it.to_zoned(tx.tenant().zone.clone()));
    end.map_or(Timestamp::MAX, |it| it.timestamp())
}
