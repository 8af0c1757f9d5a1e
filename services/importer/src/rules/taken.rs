//! Which times are taken at which counter.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use schedule::CounterId;
use tenancy::TenantTx;

use super::judge::MOST_SECONDS;

/// Seconds since 1970, begin and end.
type Span = (i64, i64);

/// The times that are taken from now on.
#[derive(Default)]
pub(super) struct Taken(HashMap<CounterId, BTreeSet<Span>>);

impl Taken {
    /// What the database holds of them; expired holds are free.
    pub async fn load(tx: &mut TenantTx, now: Timestamp) -> sqlx::Result<Self> {
        let rows: Vec<(CounterId, jiff_sqlx::Timestamp, jiff_sqlx::Timestamp)> = sqlx::query_as(
            "SELECT counter_id, lower(during), upper(during) FROM appointment
              WHERE upper(during) > $1 AND (blocks OR overbooked AND status IN ('booked', 'arrived', 'called', 'in_service'))
                AND NOT (status IN ('held', 'cancelled') AND hold_until <= $1)",
        )
        .bind(now.to_sqlx())
        .fetch_all(tx.conn())
        .await?;
        let mut taken = Self::default();
        for (counter, from, until) in rows {
            taken.take(counter, from.to_jiff(), until.to_jiff());
        }
        Ok(taken)
    }

    /// Whether nothing stands there.
    pub fn is_free(&self, counter: CounterId, from: Timestamp, until: Timestamp) -> bool {
        let Some(spans) = self.0.get(&counter) else { return true };
        // Spans may overlap each other, but none is longer than this.
        let near = spans.range((from.as_second() - MOST_SECONDS, 0)..(until.as_second(), 0));
        near.into_iter().all(|(_, end)| *end <= from.as_second())
    }

    /// Puts something there.
    pub fn take(&mut self, counter: CounterId, from: Timestamp, until: Timestamp) {
        self.0.entry(counter).or_default().insert((from.as_second(), until.as_second()));
    }

    /// Takes it away.
    pub fn free(&mut self, counter: CounterId, from: Timestamp, until: Timestamp) {
        if let Some(spans) = self.0.get_mut(&counter) {
            spans.remove(&(from.as_second(), until.as_second()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + minute * 60).unwrap()
    }

    #[test]
    fn what_touches_does_not_overlap() {
        let mut taken = Taken::default();
        taken.take(1, at(10), at(20));
        assert!(
            taken.is_free(1, at(0), at(10)) && taken.is_free(1, at(20), at(30)) && taken.is_free(2, at(10), at(20))
        );
        for (from, until) in [(0, 11), (19, 30), (12, 13), (0, 30), (10, 20)] {
            assert!(!taken.is_free(1, at(from), at(until)), "{from}–{until}");
        }
        taken.free(1, at(10), at(20));
        assert!(taken.is_free(1, at(10), at(20)));
    }
}
