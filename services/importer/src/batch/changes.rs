//! What becomes different in what an earlier run has imported, old → new. Written down by the dry run: later, when it is
//! done, the old is gone.

use std::collections::HashMap;

use booking::Item;
use schedule::{CounterId, LocationId};
use sqlx::FromRow;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::carry::{self, Person};
use super::stream::ReadRow;
use crate::rules::{Rules, Target, Verdict};
use crate::{Change, Entry, Outcome, Said, What};

/// One side, in the order of [`What::ALL`].
type Side = [Said; What::ALL.len()];

/// What an earlier run has made of a row, as it stands now: an appointment or a closure.
#[derive(FromRow)]
struct Before {
    source_key: String,
    starts_at: Option<jiff_sqlx::Timestamp>,
    ends_at: Option<jiff_sqlx::Timestamp>,
    items: Option<Json<Vec<Item>>>,
    name: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    note: Option<String>,
    counter: Option<String>,
    location_id: Option<LocationId>,
    first_day: Option<jiff_sqlx::Date>,
    last_day: Option<jiff_sqlx::Date>,
}

/// Writes down what these rows make different, the first of which has number `first`. Whoever was touched by hand keeps what
/// they have, and so do rows of which nothing becomes.
pub(super) async fn write(
    tx: &mut TenantTx,
    id: Uuid,
    first: i64,
    rules: &Rules<'_>,
    rows: &[(ReadRow, Verdict)],
) -> sqlx::Result<()> {
    let judged: HashMap<&str, (i64, &Entry, &Target)> = (first..)
        .zip(rows)
        .filter(|(_, (_, it))| it.outcome != Outcome::Same)
        .filter_map(|(number, (row, it))| {
            Some((row.entry.source_key.as_str(), (number, &row.entry, it.target.as_ref()?)))
        })
        .collect();
    let keys: Vec<&str> = judged.keys().copied().collect();
    let (mut numbers, mut changes) = (Vec::new(), Vec::new());
    for before in standing(tx, &keys).await? {
        let Some((number, entry, target)) = judged.get(before.source_key.as_str()) else { continue };
        numbers.push(*number);
        changes.push(Json(differences(before.side(rules), after(rules, entry, target))));
    }
    if numbers.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE import_row r SET changes = it.changes
           FROM unnest($2::bigint[], $3::jsonb[]) AS it (number, changes) WHERE r.batch_id = $1 AND r.number = it.number",
    )
    .bind(id)
    .bind(numbers)
    .bind(changes)
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn standing(tx: &mut TenantTx, keys: &[&str]) -> sqlx::Result<Vec<Before>> {
    sqlx::query_as(
        "SELECT s.source_key, lower(a.during) AS starts_at, upper(a.during) AS ends_at, a.items, b.name, b.phone, b.email,
                a.note, counter.name AS counter, coalesce(a.location_id, c.location_id) AS location_id, c.first_day,
                c.last_day
           FROM import_source s
           LEFT JOIN appointment a ON a.id = s.appointment_id
           LEFT JOIN booking b ON b.id = a.booking_id
           LEFT JOIN closure c ON c.id = s.closure_id
           LEFT JOIN counter ON counter.id = coalesce(a.counter_id, c.counter_id)
          WHERE s.source_key = ANY($1) AND (a.id IS NOT NULL OR c.id IS NOT NULL)",
    )
    .bind(keys)
    .fetch_all(tx.conn())
    .await
}

fn differences(before: Side, after: Side) -> Vec<Change> {
    let both = What::ALL.into_iter().zip(before.into_iter().zip(after));
    both.filter(|(_, (before, after))| before != after)
        .map(|(what, (before, after))| Change { what, before, after })
        .collect()
}

/// As applying will write it.
fn after(rules: &Rules<'_>, entry: &Entry, target: &Target) -> Side {
    match target {
        Target::Appointment { counter, location, start, end, concerns, .. } => {
            let Person { name, phone, email, note } = carry::person(entry);
            [
                rules.clock(*start),
                Said::Minutes((end.as_second() - start.as_second()) / 60),
                Said::text(&rules.place_name(Some(*location), Some(*counter))),
                Said::Concerns(concerns.clone()),
                Said::text(&name),
                Said::text(&phone.unwrap_or_default()),
                Said::text(&email.unwrap_or_default()),
                Said::text(&note),
            ]
        }
        Target::Closure { counter, location, first, last } => {
            closed(Said::Days(*first, *last), &rules.place_name(*location, *counter))
        }
    }
}

/// Whole days name nobody.
fn closed(days: Said, place: &str) -> Side {
    let mut side = [const { Said::Nothing }; What::ALL.len()];
    side[0] = days;
    side[2] = Said::text(place);
    side
}

impl Before {
    fn side(self, rules: &Rules<'_>) -> Side {
        let no_counter: Option<CounterId> = None;
        let place = self.counter.unwrap_or_else(|| rules.place_name(self.location_id, no_counter));
        if let (Some(first), Some(last)) = (self.first_day, self.last_day) {
            return closed(Said::Days(first.to_jiff(), last.to_jiff()), &place);
        }
        let (start, end) =
            (self.starts_at.map(jiff_sqlx::Timestamp::to_jiff), self.ends_at.map(jiff_sqlx::Timestamp::to_jiff));
        let seconds = start.zip(end).map(|(start, end)| end.as_second() - start.as_second());
        let items = self.items.map_or_else(Vec::new, |it| it.0);
        [
            start.map_or(Said::Nothing, |it| rules.clock(it)),
            seconds.map_or(Said::Nothing, |it| Said::Minutes(it / 60)),
            Said::text(&place),
            Said::Concerns(items.into_iter().map(|it| (it.concern, it.quantity)).collect()),
            Said::text(&self.name.unwrap_or_default()),
            Said::text(&self.phone.unwrap_or_default()),
            Said::text(&self.email.unwrap_or_default()),
            Said::text(&self.note.unwrap_or_default()),
        ]
    }
}
