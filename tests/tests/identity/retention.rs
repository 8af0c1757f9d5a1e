//! What is over is removed, what is not stays.

use identity::links;
use identity::people::By;
use identity::retention::{Report, run};
use identity::sessions::TownSessions;
use jiff::ToSpan as _;
use jiff_sqlx::ToSqlx as _;
use tower_sessions_core::SessionStore as _;
use tower_sessions_core::session::{Id, Record};

use crate::office::{Office, lea, now};

#[tokio::test]
async fn sessions_links_failures_and_the_history_go_in_their_time() {
    let office = Office::open().await;
    let mut tx = office.tx().await;
    links::invite(&mut tx, &office.vault, &lea(), &By::operator(), now()).await.unwrap();
    let sign_in = "INSERT INTO staff_event (at, staff_id, actor_name, kind)
                   VALUES ($1, gen_random_uuid(), 'Lea', 'signed_in')";
    sqlx::query(sign_in).bind(now().to_sqlx()).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    office.sign_in("who@probe.example", "nobody's password", now()).await.unwrap_err();
    let (db, tenant) = (office.test.db().clone(), office.test.tenant("probe"));
    let sessions = TownSessions { db, tenant, now: now(), client: String::new() };
    let mut record =
        Record { id: Id::default(), data: Default::default(), expiry_date: time::OffsetDateTime::UNIX_EPOCH };
    sessions.create(&mut record).await.unwrap();

    let mut tx = office.tx().await;
    let mut at = async |hours: i64| run(&mut tx, now() + hours.hours()).await.unwrap();
    assert_eq!(at(0).await, Report::default());
    assert_eq!(at(2).await, Report { sessions: 1, ..Report::default() });
    assert_eq!(at(25).await, Report { failures: 2, ..Report::default() }, "of the account and of the client");
    assert_eq!(at(29 * 24).await, Report::default());
    assert_eq!(at(31 * 24).await, Report { events: 1, ..Report::default() }, "that somebody signed in");
    assert_eq!(at((7 + 29) * 24).await, Report::default());
    assert_eq!(at((7 + 31) * 24).await, Report { links: 1, ..Report::default() });
    assert_eq!(at(366 * 24).await, Report { events: 1, ..Report::default() });
}
