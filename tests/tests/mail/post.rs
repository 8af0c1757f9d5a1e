//! A town with bookings, a worker, and a mail server that keeps what it gets.

use std::sync::Arc;
use std::time::{Duration, Instant};

use booking::{BookingView, Channel, EmailAddress, Links, Mode, Move, NewHold, Person, PersonName};
use catalog::{Catalog, Choice};
use e2e::TestDb;
use jiff::Timestamp;
use jobs::Timing;
use mail::Transport;
use mail::outbox::{Mail, MailState};
use mail::sink::{Sink, StoredMail};
use schedule::Candidate;
use stadttermin::worker::{self, Settings};
use tenancy::Directory;
use tenancy::town::Rules;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use uuid::Uuid;
use web::Renderer;

/// What links are made from.
pub const SECRET: &[u8] = b"a secret of the mail tests, long enough";

/// Long enough for everything that works.
pub const SOON: Duration = Duration::from_secs(60);

pub struct Post {
    pub test: TestDb,
    pub sink: Sink,
    rules: Rules,
    links: Links,
}

/// A booking that was made.
pub struct Made {
    pub id: Uuid,
    pub code: String,
    pub token: String,
    pub appointments: Vec<Uuid>,
}

/// A worker beside the test.
pub struct Running {
    stop: oneshot::Sender<()>,
    task: JoinHandle<anyhow::Result<()>>,
}

/// The worker's and the bookings' clock: Monday, 30 November 2026, 7 in the morning in the town.
pub fn now() -> Timestamp {
    "2026-11-30T06:00:00Z".parse().unwrap()
}

/// A local time on Thursday, 3 December 2026.
pub fn thursday(time: &str) -> Timestamp {
    format!("2026-12-03T{time}:00+01:00").parse().unwrap()
}

impl Post {
    pub async fn open() -> Self {
        let test = TestDb::with_town("probe").await;
        test.plan_jobs_from(now()).await;
        let mut tx = test.tx("probe").await;
        sqlx::raw_sql(
            r#"INSERT INTO form (key, file, title, content, sha256)
               VALUES ('sorge', 'sorge.pdf', '{"de": "Zustimmung", "en": "Consent"}', '%PDF', 'x');
               INSERT INTO document (key, name, note, form_id)
               VALUES ('zustimmung', '{"de": "Zustimmung beider Eltern", "en": "Consent of both parents"}',
                       '{"de": "mit Kopie der Ausweise", "en": "with copies of the ID cards"}', 1);
               INSERT INTO concern_document (concern_id, document_id, applies_if, position)
               VALUES (1, 2, '{"de": "für Kinder unter 16", "en": "for children under 16"}', 2);
               UPDATE location SET how_to_find = '{"de": "Eingang am Turm", "en": "Entrance at the tower"}',
                                   access = '{"de": "Aufzug im Hof", "en": "Lift in the yard"}' WHERE id = 1"#,
        )
        .execute(tx.conn())
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let rules = Rules { combined: true, separate: true, ..Rules::default() };
        Self { test, sink: Sink::start().unwrap(), rules, links: Links::new(SECRET) }
    }

    /// The worker as production runs it, but faster, and with a clock that stands still.
    pub async fn settings(&self) -> Settings {
        settings(self.test.db().clone(), &self.sink.url()).await
    }

    pub async fn start(&self) -> Running {
        start(self.settings().await)
    }

    /// Books these concerns, each at its time. Several are several appointments in one booking.
    pub async fn book(&self, language: &str, wanted: &[(&str, &str)]) -> Made {
        let selection: Vec<Choice> =
            wanted.iter().map(|(concern, _)| Choice { concern: (*concern).to_owned(), quantity: 1 }).collect();
        let mode = if wanted.len() > 1 { Mode::Separate } else { Mode::Combined };
        let mut tx = self.test.tx("probe").await;
        let catalog = Catalog::load(&mut tx).await.unwrap();
        let day = jiff::civil::date(2026, 12, 3);
        let planned = booking::plan(&catalog, &self.rules, &selection, mode, day).unwrap();
        let key = self.links.key(Uuid::new_v4());
        for (position, (planned, (_, time))) in (1..).zip(planned.iter().zip(wanted)) {
            let candidates: Vec<Candidate> = (1..=3).map(|counter| Candidate { counter, location: 1 }).collect();
            let new = NewHold {
                key: &key,
                position,
                planned,
                start: thursday(time),
                candidates: &candidates,
                selection: &selection,
                mode,
                language,
                channel: Channel::Online,
            };
            booking::hold(&mut tx, &new, &self.rules, now()).await.unwrap();
        }
        let person = Person {
            name: PersonName::parse("Lea <Beispiel>").unwrap(),
            email: EmailAddress::parse("lea@example.org").unwrap(),
            phone: None,
            wants_reminder: true,
            language: None,
        };
        let confirmed = booking::confirm(&mut tx, &key.token, &person, &self.rules, now()).await.unwrap();
        tx.commit().await.unwrap();
        let appointments = self.view(key.id).await.appointments.iter().map(|it| it.id).collect();
        Made { id: key.id, code: confirmed.code.to_string(), token: key.token, appointments }
    }

    pub async fn view(&self, id: Uuid) -> BookingView {
        booking::find(&mut self.test.tx("probe").await, id).await.unwrap().unwrap()
    }

    pub async fn cancel(&self, made: &Made, index: usize) {
        let mut tx = self.test.tx("probe").await;
        let appointment = made.appointments[index];
        booking::cancel(&mut tx, made.id, appointment, &self.rules, now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// By a colleague, for this reason.
    pub async fn cancel_for(&self, made: &Made, index: usize, reason: &str) {
        let mut tx = self.test.tx("probe").await;
        let by = booking::desk::By { staff_id: Uuid::from_u128(1), name: "Frau Yıldız" };
        let appointment = made.appointments[index];
        booking::desk::cancel(&mut tx, appointment, reason, 0, &by, &self.rules, now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn move_to(&self, made: &Made, index: usize, time: &str) {
        let mut tx = self.test.tx("probe").await;
        let wish = Move {
            booking_id: made.id,
            appointment_id: made.appointments[index],
            start: thursday(time),
            location: 1,
            candidates: &[Candidate { counter: 2, location: 1 }],
        };
        booking::move_to(&mut tx, &wish, &self.rules, now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn send_link(&self, made: &Made) {
        let view = self.view(made.id).await;
        let mut tx = self.test.tx("probe").await;
        assert!(booking::send_link(&mut tx, &view, now()).await.unwrap());
        tx.commit().await.unwrap();
    }

    /// Changes the jobs of all mails, as the owner of the queue.
    pub async fn change_jobs(&self, sql: &'static str) {
        sqlx::query(sql).execute(&mut self.test.admin_connection().await).await.unwrap();
    }

    /// The mails of one kind, in the order they were asked for.
    pub async fn rows(&self, kind: &str) -> Vec<Mail> {
        let mut tx = self.test.tx("probe").await;
        let ids: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM mail WHERE kind = $1 ORDER BY created_at, id")
            .bind(kind)
            .fetch_all(tx.conn())
            .await
            .unwrap();
        let mut mails = Vec::new();
        for id in ids {
            mails.extend(mail::outbox::find(&mut tx, id).await.unwrap());
        }
        mails
    }

    pub async fn wait_for_state(&self, kind: &str, state: MailState) -> Mail {
        let started = Instant::now();
        loop {
            let rows = self.rows(kind).await;
            let last = rows.last().expect("a mail of this kind");
            if last.state == state {
                return last.clone();
            }
            assert!(started.elapsed() < SOON, "the {kind} is {last:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until so many mails have arrived, and gives the newest.
    pub async fn newest(&self, count: u64) -> Arc<StoredMail> {
        let mails = self.sink.wait_for(count, SOON).await;
        assert_eq!(mails.len() as u64, count, "{:?}", mails.iter().map(|it| it.subject.clone()).collect::<Vec<_>>());
        Arc::clone(mails.last().unwrap())
    }
}

/// Settings of a worker for these databases and this mail server.
pub async fn settings(db: tenancy::Db, smtp: &str) -> Settings {
    Settings {
        directory: Arc::new(Directory::load(&db).await.unwrap()),
        db,
        transport: Transport::with_limits(smtp, Duration::from_secs(20), Duration::from_secs(40)).unwrap(),
        links: Links::new(SECRET),
        vault: identity::Vault::new(SECRET),
        renderer: Arc::new(Renderer::default()),
        clock: Arc::new(now),
        timing: Timing::fast(),
        mails_at_a_time: 1,
    }
}

pub fn start(settings: Settings) -> Running {
    let (stop, stopped) = oneshot::channel();
    let shutdown = async move {
        let _ = stopped.await;
    };
    Running { stop, task: tokio::spawn(worker::run(settings, shutdown)) }
}

impl Running {
    pub async fn end(self) {
        let _ = self.stop.send(());
        self.task.await.expect("no panic").expect("a clean end");
    }
}
