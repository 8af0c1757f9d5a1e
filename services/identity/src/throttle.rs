//! Slowing down who guesses: after some failures each further try has to wait, longer and longer.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use tenancy::TenantTx;

/// Failures of an account that cost nothing: people mistype.
const FREE_PER_ACCOUNT: i32 = 5;
/// The same for a client: a whole office often shares one address.
const FREE_PER_CLIENT: i32 = 30;
/// The longest pause, in seconds. An account is never locked for good: that would be an easy way to keep a clerk out.
const LONGEST_SECONDS: i64 = 900;
/// A client's failures wane one by one, each after so long: in a town hall with one address somebody mistypes every hour.
const ONE_WANES_AFTER: SignedDuration = SignedDuration::from_mins(2);
/// After so long without a failure all are forgotten.
const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// Whose failures are counted together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted {
    pub account: [u8; 32],
    pub client: [u8; 32],
}

impl Counted {
    fn keys(&self) -> Vec<Vec<u8>> {
        let mut keys = vec![self.account.to_vec(), self.client.to_vec()];
        keys.sort_unstable();
        keys
    }

    /// What is left of the failures of a key.
    fn left(&self, known: &Known, now: Timestamp) -> i32 {
        let age = now.duration_since(known.last_at.to_jiff());
        if age > FORGOTTEN_AFTER {
            return 0;
        }
        let waned = if known.key == self.client { age.as_secs() / ONE_WANES_AFTER.as_secs() } else { 0 };
        known.failures.saturating_sub(i32::try_from(waned.max(0)).unwrap_or(i32::MAX)).max(0)
    }
}

/// A row of `sign_in_failure`.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Known {
    key: Vec<u8>,
    failures: i32,
    last_at: jiff_sqlx::Timestamp,
}

/// A try that was counted as a failure before it is known how it ends.
#[derive(Debug)]
pub(crate) struct Try {
    whose: Counted,
    now: Timestamp,
    /// How each key stood before.
    before: Vec<Known>,
}

/// Counts a try, or says how many seconds it has to wait. Commit before the password is looked at: of a hundred tries at
/// the same moment each then sees those before it.
///
/// # Errors
/// The database's own.
pub(crate) async fn begin(tx: &mut TenantTx, whose: Counted, now: Timestamp) -> sqlx::Result<Result<Try, u64>> {
    let keys = whose.keys();
    sqlx::query(
        "INSERT INTO sign_in_failure (key, failures, last_at) SELECT key, 0, $2 FROM unnest($1::bytea[]) AS key
         ON CONFLICT DO NOTHING",
    )
    .bind(&keys)
    .bind(now.to_sqlx())
    .execute(tx.conn())
    .await?;
    let known = lock(tx, &keys).await?;
    let waits = known.iter().filter_map(|it| {
        let free = if it.key == whose.account { FREE_PER_ACCOUNT } else { FREE_PER_CLIENT };
        // Asked first, since the last one may have come by a machine whose clock goes ahead of ours.
        let above = whose.left(it, now).checked_sub(free).filter(|above| *above >= 0)?;
        let over = it.last_at.to_jiff().saturating_add(pause(above)).unwrap_or(now).duration_since(now);
        u64::try_from(over.as_secs() + i64::from(over.subsec_nanos() > 0)).ok().filter(|it| *it > 0)
    });
    if let Some(seconds) = waits.max() {
        return Ok(Err(seconds));
    }
    let (keys, counts): (Vec<_>, Vec<_>) = known.iter().map(|it| (it.key.clone(), whose.left(it, now) + 1)).unzip();
    sqlx::query(
        "UPDATE sign_in_failure AS known SET last_at = $3, failures = fresh.failures
           FROM unnest($1::bytea[], $2::int[]) AS fresh (key, failures) WHERE known.key = fresh.key",
    )
    .bind(keys)
    .bind(counts)
    .bind(now.to_sqlx())
    .execute(tx.conn())
    .await?;
    Ok(Ok(Try { whose, now, before: known }))
}

/// Forgets the failures of an account: its owner has proved otherwise who they are.
///
/// # Errors
/// The database's own.
pub(crate) async fn forget(tx: &mut TenantTx, account: [u8; 32]) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM sign_in_failure WHERE key = $1").bind(account.as_slice()).execute(tx.conn()).await?;
    Ok(())
}

impl Try {
    /// It was no failure, and says nothing about those before it: somebody's password was right, their code is to come.
    ///
    /// # Errors
    /// The database's own.
    pub async fn take_back(self, tx: &mut TenantTx) -> sqlx::Result<()> {
        for present in lock(tx, &self.whose.keys()).await? {
            let Some(before) = self.before.iter().find(|it| it.key == present.key) else { continue };
            let is_mine = present.failures == self.whose.left(before, self.now) + 1
                && present.last_at.to_jiff().duration_since(self.now).abs() < SignedDuration::from_millis(1);
            // Others have tried since: theirs stay.
            let since = Known { failures: (present.failures - 1).max(0), ..present };
            let known = if is_mine { before } else { &since };
            sqlx::query("UPDATE sign_in_failure SET failures = $2, last_at = $3 WHERE key = $1")
                .bind(&known.key)
                .bind(known.failures)
                .bind(known.last_at)
                .execute(tx.conn())
                .await?;
        }
        Ok(())
    }

    /// It was the account's owner: its failures are forgotten. The client's stay, it may have tried others.
    ///
    /// # Errors
    /// The database's own.
    pub async fn succeeded(self, tx: &mut TenantTx) -> sqlx::Result<()> {
        let account = self.whose.account;
        self.take_back(tx).await?;
        forget(tx, account).await
    }
}

/// Always in the same order, so that nobody waits for each other.
async fn lock(tx: &mut TenantTx, keys: &[Vec<u8>]) -> sqlx::Result<Vec<Known>> {
    sqlx::query_as("SELECT key, failures, last_at FROM sign_in_failure WHERE key = ANY ($1) ORDER BY key FOR UPDATE")
        .bind(keys)
        .fetch_all(tx.conn())
        .await
}

/// 2, 4, 8 … seconds, for so many failures above those that cost nothing.
fn pause(above: i32) -> SignedDuration {
    let seconds = 2_i64.saturating_pow(u32::try_from(above).unwrap_or_default().saturating_add(1).min(20));
    SignedDuration::from_secs(seconds.min(LONGEST_SECONDS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        let seconds: Vec<i64> = [0, 1, 2, 8, 9, 100].map(|it| pause(it).as_secs()).to_vec();
        assert_eq!(seconds, [2, 4, 8, 512, 900, 900]);
    }
}
