//! A small town with files to import.

use std::io::{Seek as _, Write as _};

use booking::Links;
use booking::desk::By;
use e2e::TestDb;
use importer::State;
use importer::batch::{self, Batch, Choices, Place, Row, Step};
use jiff::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

pub const YILDIZ: By<'static> = By { staff_id: Uuid::from_u128(1), name: "Frau Yıldız" };

/// What links are made with.
pub const SECRET: &[u8] = b"a secret of the tests, long enough";

/// The small town's hall.
pub struct Hall {
    pub test: TestDb,
    pub place: Place,
    pub links: Links,
}

/// An imported appointment as the tables have it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Booked {
    pub id: Uuid,
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub at: String,
    pub minutes: i16,
    pub counter_id: i32,
    pub status: String,
    pub blocks: bool,
    pub overbooked: bool,
    pub import_flag: Option<String>,
    pub version: i32,
}

/// Monday, 30 November 2026, 7 in the morning in the town.
pub fn now() -> Timestamp {
    "2026-11-30T06:00:00Z".parse().unwrap()
}

/// Later.
pub fn hours_later(hours: i64) -> Timestamp {
    now() + jiff::SignedDuration::from_hours(hours)
}

/// A list as offices keep it, with these rows.
pub fn list(rows: &[&str]) -> String {
    let header = "Datum;Uhrzeit;Name;Telefon;E-Mail;Anliegen;Schalter;Bemerkung";
    rows.iter().fold(format!("{header}\r\n"), |file, row| format!("{file}{row}\r\n"))
}

impl Hall {
    pub async fn open() -> Self {
        let test = TestDb::with_town("probe").await;
        test.plan_jobs_from(now()).await;
        let place = Place { db: test.db().clone(), tenant: test.tenant("probe") };
        Self { test, place, links: Links::new(SECRET) }
    }

    /// Uploads a file in small pieces.
    pub async fn upload(&self, name: &str, content: &[u8]) -> Uuid {
        let (id, mut tx) = (Uuid::new_v4(), self.test.tx("probe").await);
        batch::begin(&mut tx, id, name, &YILDIZ, now()).await.unwrap();
        for (number, piece) in (0..).zip(content.chunks(100)) {
            batch::add_piece(&mut tx, id, number, piece).await.unwrap();
        }
        batch::finish(&mut tx, id, now()).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// The dry run.
    pub async fn check(&self, id: Uuid, choices: &Choices) -> Batch {
        let mut tx = self.test.tx("probe").await;
        batch::start_check(&mut tx, id, choices, now()).await.unwrap();
        tx.commit().await.unwrap();
        self.work(id, Step::Check).await
    }

    /// Applies what was checked.
    pub async fn apply(&self, id: Uuid) -> Batch {
        let mut tx = self.test.tx("probe").await;
        batch::start_apply(&mut tx, id, &YILDIZ, now()).await.unwrap();
        tx.commit().await.unwrap();
        self.work(id, Step::Apply).await
    }

    /// Takes back what was applied.
    pub async fn undo(&self, id: Uuid) -> Batch {
        let mut tx = self.test.tx("probe").await;
        batch::start_undo(&mut tx, id, &YILDIZ, now()).await.unwrap();
        tx.commit().await.unwrap();
        self.work(id, Step::Undo).await
    }

    /// Does the work as the worker does.
    pub async fn work(&self, id: Uuid, step: Step) -> Batch {
        batch::work(&self.place, &self.links, (id, step), now(), &|_, _| {}).await.unwrap();
        self.find(id).await
    }

    pub async fn find(&self, id: Uuid) -> Batch {
        batch::find(&mut self.test.tx("probe").await, id).await.unwrap().expect("the batch")
    }

    /// Uploads a list, and dry-runs it without any wishes.
    pub async fn checked(&self, rows: &[&str]) -> Batch {
        let id = self.upload("termine.csv", list(rows).as_bytes()).await;
        self.check(id, &Choices::default()).await
    }

    /// The same, applied.
    pub async fn applied(&self, rows: &[&str]) -> Batch {
        let batch = self.checked(rows).await;
        self.apply(batch.id).await
    }

    pub async fn rows(&self, id: Uuid) -> Vec<Row> {
        batch::rows(&mut self.test.tx("probe").await, id, None, 0, 1000).await.unwrap()
    }

    /// Each row's state with the keys of its reasons.
    pub async fn said(&self, id: Uuid) -> Vec<(State, String)> {
        let said = |row: Row| {
            let keys: Vec<&str> =
                row.reasons.iter().filter(|it| it.state != State::Ready).map(|it| it.key.as_str()).collect();
            (row.state, keys.join(" "))
        };
        self.rows(id).await.into_iter().map(said).collect()
    }

    /// Everything that was imported and is still there, by time.
    pub async fn booked(&self) -> Vec<Booked> {
        sqlx::query_as(
            "SELECT a.id, b.name, b.email, b.phone,
                    to_char(lower(a.during) AT TIME ZONE 'Europe/Berlin', 'YYYY-MM-DD HH24:MI') AS at,
                    a.duration_minutes AS minutes, a.counter_id, a.status, a.blocks, a.overbooked, a.import_flag, a.version
               FROM appointment a JOIN booking b ON b.id = a.booking_id WHERE b.channel = 'import'
              ORDER BY lower(a.during), a.counter_id, a.overbooked, b.name",
        )
        .fetch_all(self.test.tx("probe").await.conn())
        .await
        .unwrap()
    }

    pub async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(self.test.tx("probe").await.conn()).await.unwrap()
    }

    /// Somebody changes an appointment by hand.
    pub async fn touch(&self, id: Uuid) {
        let mut tx = self.test.tx("probe").await;
        let seen = booking::desk::appointment(&mut tx, id).await.unwrap().unwrap();
        booking::desk::note(&mut tx, id, "ruft noch an", seen.version, &YILDIZ, now()).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// A file on the disk with this content, at its beginning.
pub fn file(content: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    file.write_all(content.as_bytes()).unwrap();
    file.rewind().unwrap();
    file
}
