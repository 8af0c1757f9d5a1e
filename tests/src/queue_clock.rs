//! The queue's clock is the database's, which no test can stop. A test that stops or sets its own clock takes the planned
//! jobs along: what is due tomorrow by the test's clock is due tomorrow by the database's, in whatever year it runs.

use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Connection as _};

use crate::TestDb;

/// What is put in for at once says now(), which is the same in the whole transaction; everything else is planned.
const TAKE_ALONG: &str = "
    CREATE OR REPLACE FUNCTION apalis.take_along() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.run_at <> now() THEN NEW.run_at := NEW.run_at + {shift}; END IF;
      RETURN NEW;
    END $$;
    CREATE OR REPLACE TRIGGER take_along BEFORE INSERT ON apalis.jobs FOR EACH ROW EXECUTE FUNCTION apalis.take_along()";

impl TestDb {
    /// From now on, it is `now` by the clock of this test, and jobs are planned by that.
    ///
    /// # Panics
    /// If the database refuses.
    pub async fn plan_jobs_from(&self, now: Timestamp) {
        let mut owner = self.admin_connection().await;
        let here: String = sqlx::query_scalar("SELECT now()::text").fetch_one(&mut owner).await.expect("the time");
        let shift = format!("('{here}'::timestamptz - '{now}'::timestamptz)");
        let take_along = TAKE_ALONG.replace("{shift}", &shift);
        sqlx::raw_sql(AssertSqlSafe(take_along)).execute(&mut owner).await.expect("a trigger on the queue");
        owner.close().await.expect("goodbye");
    }
}
