//! The small town's office, with citizens who book there straight through the crate, without any page.

use booking::{
    BookingView, Cancelled, Channel, Confirmed, EmailAddress, ExtendError, Held, HoldError, Links, Mode, Move,
    MoveError, Moved, NewHold, Person, PersonName, Planned,
};
use catalog::{Catalog, Choice};
use e2e::TestDb;
use jiff::{SignedDuration, Timestamp};
use schedule::{Candidate, Request, TownIndex};
use tenancy::town::Rules;
use tenancy::{CellName, Db, DbConfig, TenantTx};
use uuid::Uuid;

/// Monday, 30 November 2026, 7 in the morning in the town.
pub const NOW: &str = "2026-11-30T06:00:00Z";

pub struct Office {
    pub test: TestDb,
    pub db: Db,
    pub catalog: Catalog,
    pub rules: Rules,
    pub index: TownIndex,
    pub links: Links,
}

/// What a citizen wishes for.
#[derive(Clone)]
pub struct Wish {
    pub attempt: u128,
    pub position: u8,
    pub choices: Vec<(&'static str, u8)>,
    pub mode: Mode,
    pub start: Timestamp,
    pub candidates: Vec<Candidate>,
}

/// `minutes` after [`NOW`].
pub fn now_plus(minutes: i64) -> Timestamp {
    NOW.parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
}

pub fn now() -> Timestamp {
    now_plus(0)
}

/// A local time of the town on the Tuesday after [`NOW`], when both offices are open, such as `"09:00"`.
pub fn tuesday(time: &str) -> Timestamp {
    format!("2026-12-01T{time}:00+01:00").parse().unwrap()
}

/// A counter: 1 to 3 at the first office, 4 at the second.
pub fn counter(number: i32) -> Candidate {
    Candidate { counter: number, location: if number == 4 { 2 } else { 1 } }
}

pub fn counters(numbers: &[i32]) -> Vec<Candidate> {
    numbers.iter().copied().map(counter).collect()
}

/// One identity card, 15 minutes, at counter 1 unless changed.
pub fn wish(attempt: u128, start: Timestamp) -> Wish {
    let choices = vec![("personalausweis", 1)];
    Wish { attempt, position: 1, choices, mode: Mode::Combined, start, candidates: counters(&[1]) }
}

/// Two appointments in one booking: an identity card first, a new address second.
pub fn pair(attempt: u128, position: u8, start: Timestamp) -> Wish {
    let choices = vec![("personalausweis", 1), ("ummeldung", 1)];
    Wish { position, choices, mode: Mode::Separate, ..wish(attempt, start) }
}

impl Wish {
    pub fn at(mut self, numbers: &[i32]) -> Self {
        self.candidates = counters(numbers);
        self
    }
}

pub fn person(email: &str) -> Person {
    Person {
        name: PersonName::parse("Lea Beispiel").unwrap(),
        email: EmailAddress::parse(email).unwrap(),
        phone: None,
        wants_reminder: true,
        language: None,
    }
}

impl Office {
    pub async fn open() -> Self {
        Self::open_for(10).await
    }

    /// With so many connections.
    pub async fn open_for(clients: u32) -> Self {
        let test = TestDb::with_town("probe").await;
        let cells = [(CellName::main(), test.app_address().to_owned())].into();
        let db = Db::connect(&DbConfig { cells, max_connections: clients }).await.unwrap();
        let mut tx = db.tenant_tx(&test.tenant("probe")).await.unwrap();
        let catalog = Catalog::load(&mut tx).await.unwrap();
        let rules = Rules { combined: true, separate: true, ..Rules::default() };
        let index = TownIndex::load(&mut tx, now(), rules.horizon_days).await.unwrap();
        tx.commit().await.unwrap();
        Self { test, db, catalog, rules, index, links: Links::new(b"a secret of the tests") }
    }

    pub async fn tx(&self) -> TenantTx {
        self.db.tenant_tx(&self.test.tenant("probe")).await.unwrap()
    }

    pub fn key(&self, attempt: u128) -> booking::BookingKey {
        self.links.key_of_attempt(&self.test.tenant("probe").slug, Uuid::from_u128(attempt))
    }

    pub fn id(&self, attempt: u128) -> Uuid {
        self.key(attempt).id
    }

    pub fn plan(&self, wish: &Wish) -> Vec<Planned> {
        let day = wish.start.to_zoned(self.test.tenant("probe").zone.clone()).date();
        booking::plan(&self.catalog, &self.rules, &selection(wish), wish.mode, day)
            .expect("a choice that can be booked")
    }

    /// Where the index offers a start for this wish.
    pub async fn candidates(&self, wish: &Wish, now: Timestamp) -> Vec<Candidate> {
        let mut tx = self.tx().await;
        self.index.refresh(&mut tx, now).await.unwrap();
        let planned = &self.plan(wish)[usize::from(wish.position) - 1];
        self.index.candidates(&self.request(&planned.concern_ids, planned.minutes, now), wish.start)
    }

    pub fn request<'a>(&self, concerns: &'a [i32], minutes: u16, now: Timestamp) -> Request<'a> {
        Request {
            location: None,
            concerns,
            duration_minutes: minutes,
            channel: schedule::Channel::Online,
            now,
            lead_minutes: self.rules.lead_minutes,
            horizon_days: self.rules.horizon_days,
            own: None,
        }
    }

    /// Holds within an open transaction.
    pub async fn hold_in(&self, tx: &mut TenantTx, wish: &Wish, now: Timestamp) -> Result<Held, HoldError> {
        let planned = &self.plan(wish)[usize::from(wish.position) - 1];
        let new = NewHold {
            key: &self.key(wish.attempt),
            position: wish.position,
            planned,
            start: wish.start,
            candidates: &wish.candidates,
            selection: &selection(wish),
            mode: wish.mode,
            language: "de",
            channel: Channel::Online,
        };
        booking::hold(tx, &new, &self.rules, now).await
    }

    /// Commits in every case: an error must have left nothing behind by itself.
    pub async fn hold(&self, wish: &Wish, now: Timestamp) -> Result<Held, HoldError> {
        let mut tx = self.tx().await;
        let held = self.hold_in(&mut tx, wish, now).await;
        tx.commit().await.unwrap();
        held
    }

    pub async fn extend(&self, attempt: u128, now: Timestamp) -> Result<Timestamp, ExtendError> {
        let mut tx = self.tx().await;
        let extended = booking::extend(&mut tx, self.id(attempt), &self.rules, now).await;
        tx.commit().await.unwrap();
        extended
    }

    pub async fn release(&self, attempt: u128) {
        let mut tx = self.tx().await;
        booking::release(&mut tx, self.id(attempt)).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn confirm(
        &self,
        attempt: u128,
        email: &str,
        now: Timestamp,
    ) -> Result<Confirmed, booking::ConfirmError> {
        let mut tx = self.tx().await;
        let confirmed = booking::confirm(&mut tx, &self.key(attempt).token, &person(email), &self.rules, now).await;
        tx.commit().await.unwrap();
        confirmed
    }

    /// Holds and confirms, and returns the appointment's id.
    pub async fn book(&self, wish: &Wish, now: Timestamp) -> Uuid {
        let held = self.hold(wish, now).await.unwrap();
        self.confirm(wish.attempt, &format!("citizen-{}@example.org", wish.attempt), now).await.unwrap();
        held.appointment_id
    }

    pub async fn cancel(
        &self,
        attempt: u128,
        appointment: Uuid,
        now: Timestamp,
    ) -> Result<Cancelled, booking::CancelError> {
        let mut tx = self.tx().await;
        let cancelled = booking::cancel(&mut tx, self.id(attempt), appointment, &self.rules, now).await;
        tx.commit().await.unwrap();
        cancelled
    }

    pub async fn move_to(
        &self,
        attempt: u128,
        appointment: Uuid,
        start: Timestamp,
        candidates: &[Candidate],
        now: Timestamp,
    ) -> Result<Moved, MoveError> {
        let mut tx = self.tx().await;
        let wish = Move {
            booking_id: self.id(attempt),
            appointment_id: appointment,
            start,
            location: candidates.first().map_or(1, |it| it.location),
            candidates,
        };
        let moved = booking::move_to(&mut tx, &wish, &self.rules, now).await;
        tx.commit().await.unwrap();
        moved
    }

    pub async fn view(&self, attempt: u128) -> BookingView {
        self.find(attempt).await.expect("the booking")
    }

    pub async fn find(&self, attempt: u128) -> Option<BookingView> {
        booking::find_by_token(&mut self.tx().await, &self.key(attempt).token).await.unwrap()
    }

    /// What a warning would name: whoever is in the way at `counter`, of the appointment that moves there if it is one.
    pub async fn in_the_way(&self, counter: i32, start: Timestamp, minutes: i64, moving: Option<Uuid>) -> Vec<Uuid> {
        let span = (start, start + SignedDuration::from_mins(minutes));
        let found = booking::desk::clashes(&mut self.tx().await, &[counter], span, moving, now()).await.unwrap();
        found.into_iter().map(|it| it.id).collect()
    }

    /// A number from the town's tables.
    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(self.tx().await.conn()).await.unwrap()
    }

    /// The mails of a booking as “kind/state”, in the order of their names.
    pub async fn mails(&self, attempt: u128) -> Vec<String> {
        sqlx::query_scalar("SELECT kind || '/' || state FROM mail WHERE booking_id = $1 ORDER BY 1")
            .bind(self.id(attempt))
            .fetch_all(self.tx().await.conn())
            .await
            .unwrap()
    }

    /// When the jobs of this town that have not run yet are due, as seen by the owner of the queue. None: at once, and that is
    /// a moment of the database's clock, with its microseconds; what is planned is planned for a full minute.
    pub async fn jobs(&self) -> Vec<Option<Timestamp>> {
        let rows: Vec<Option<jiff_sqlx::Timestamp>> = sqlx::query_scalar(
            "SELECT CASE WHEN run_at = date_trunc('minute', run_at) THEN run_at END FROM apalis.jobs
              WHERE job_type = 'mail' ORDER BY run_at",
        )
        .fetch_all(&mut self.test.admin_connection().await)
        .await
        .unwrap();
        rows.into_iter().map(|at| at.map(jiff_sqlx::Timestamp::to_jiff)).collect()
    }
}

fn selection(wish: &Wish) -> Vec<Choice> {
    let choice = |(concern, quantity): &(&str, u8)| Choice { concern: (*concern).to_owned(), quantity: *quantity };
    wish.choices.iter().map(choice).collect()
}
