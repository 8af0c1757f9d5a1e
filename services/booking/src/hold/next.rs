//! The hold that meets something: a draft that is there already, a place that has expired, a counter that is taken.

use catalog::Choice;
use jiff::{Timestamp, ToSpan as _};
use jiff_sqlx::ToSqlx as _;
use schedule::CounterId;
use sqlx::types::Json;
use sqlx::{Connection, PgConnection};
use tenancy::TenantTx;
use tenancy::town::Rules;

use super::{Held, HoldError, Wanted};
use crate::days::TouchedDays;
use crate::place::{self, Place, Spot};

/// Takes the first candidate that is free, giving up the position's former place for it.
pub(super) async fn hold(tx: &mut TenantTx, wanted: &Wanted<'_>, rules: &Rules) -> Result<Held, HoldError> {
    let wish = wanted.wish;
    let draft = lock_draft(tx, wanted).await?;
    let spots = place::lock_all(tx.conn(), wish.key.id).await?;
    let (given_up, kept): (Vec<Spot>, Vec<Spot>) =
        spots.into_iter().partition(|spot| draft.is_replanned || spot.position == i16::from(wish.position));
    if let Some(other) = kept.iter().find(|spot| spot.overlaps(wish.start, wanted.end)) {
        return Err(HoldError::OverlapsOwn { position: u8::try_from(other.position).unwrap_or_default() });
    }
    if let ([spot], false) = (given_up.as_slice(), draft.is_replanned)
        && let Some(held) = wanted.is_held_already(spot)
    {
        return Ok(held);
    }
    if !given_up.is_empty() {
        place::lock_exchange(tx).await?;
    }
    let mut days = TouchedDays::new(&tx.tenant().zone);
    let mut attempt = tx.conn().begin().await?;
    for spot in &given_up {
        place::lift(&mut attempt, spot.id).await?;
        days.add(spot.location_id, spot.start());
    }
    let mut place = new_place(wanted)?;
    if !place::take_first(&mut attempt, &mut place, wish.candidates, wanted.now).await? {
        attempt.rollback().await?;
        return Err(HoldError::JustTaken);
    }
    attempt.commit().await?;
    days.add(place.location_id, wish.start);
    // A draft may not keep places for ever by exchanging one of them again and again.
    let is_young = wanted.now < draft.created_at.saturating_add(longest(rules)).unwrap_or(wanted.now);
    renew(tx.conn(), wanted, is_young).await?;
    if is_young {
        kept.iter().for_each(|spot| days.add(spot.location_id, spot.start()));
    }
    days.bump(tx).await?;
    let counter: CounterId = place.counter_id;
    Ok(Held { counter, location: place.location_id, appointment_id: place.id, hold_until: wanted.hold_until })
}

impl Wanted<'_> {
    /// The very place that is wished for: it stays as long as it was, since only an extension gives more time.
    fn is_held_already(&self, spot: &Spot) -> Option<Held> {
        let hold_until = spot.hold_until.filter(|_| spot.status == "held")?.to_jiff();
        let is_here = self.wish.candidates.iter().any(|it| it.location == spot.location_id);
        let is_it = is_here && spot.start() == self.wish.start && spot.ends_at.to_jiff() == self.end;
        (is_it && hold_until > self.now).then_some(Held {
            appointment_id: spot.id,
            location: spot.location_id,
            counter: spot.counter_id,
            hold_until,
        })
    }
}

/// A draft as found.
struct Draft {
    created_at: Timestamp,
    /// It was made for something else than what is wished now.
    is_replanned: bool,
}

async fn lock_draft(tx: &mut TenantTx, wanted: &Wanted<'_>) -> Result<Draft, HoldError> {
    let wish = wanted.wish;
    let found: Option<(String, String, Json<Vec<Choice>>, jiff_sqlx::Timestamp)> =
        sqlx::query_as("SELECT state, mode, selection, created_at FROM booking WHERE id = $1 FOR NO KEY UPDATE")
            .bind(wish.key.id)
            .fetch_optional(tx.conn())
            .await?;
    let (state, mode, Json(selection), created_at) = found.ok_or(HoldError::Gone)?;
    if state == "booked" {
        return Err(HoldError::AlreadyBooked);
    }
    let is_replanned = mode != wish.mode.as_str() || selection != wish.selection;
    Ok(Draft { created_at: created_at.to_jiff(), is_replanned })
}

fn new_place(wanted: &Wanted<'_>) -> sqlx::Result<Place> {
    let wish = wanted.wish;
    let items = serde_json::to_value(&wish.planned.items).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    Ok(Place {
        id: wanted.appointment_id,
        booking_id: wish.key.id,
        position: i16::from(wish.position),
        location_id: 0,
        counter_id: 0,
        starts_at: wish.start.to_sqlx(),
        ends_at: wanted.end.to_sqlx(),
        status: "held".to_owned(),
        hold_until: Some(wanted.hold_until.to_sqlx()),
        items: Json(items),
        duration_minutes: wanted.minutes(),
        fee_cents: wanted.fee_cents(),
        sequence: 0,
        version: 0,
        note: String::new(),
        import_flag: None,
        created_at: wanted.now.to_sqlx(),
        arrived_at: None,
        called_at: None,
        served_at: None,
    })
}

/// How long a draft's places are renewed together with a new one.
fn longest(rules: &Rules) -> jiff::Span {
    (i64::from(rules.hold_minutes) * (1 + i64::from(rules.hold_extensions))).minutes()
}

async fn renew(conn: &mut PgConnection, wanted: &Wanted<'_>, also_others: bool) -> sqlx::Result<()> {
    let wish = wanted.wish;
    sqlx::query(
        "WITH held AS (
           UPDATE appointment SET hold_until = $2 WHERE booking_id = $1 AND status = 'held' AND $7)
         UPDATE booking SET hold_until = $2, language = $3, mode = $4, selection = $5, channel = $6 WHERE id = $1",
    )
    .bind(wish.key.id)
    .bind(wanted.hold_until.to_sqlx())
    .bind(wish.language)
    .bind(wish.mode.as_str())
    .bind(Json(wish.selection))
    .bind(wish.channel.as_str())
    .bind(also_others)
    .execute(conn)
    .await?;
    Ok(())
}
