//! Sessions as tower-sessions asks for them, and as their owner sees them.

use identity::links::{self, Purpose};
use identity::people::{self, By};
use identity::sessions::{self, STAFF, TownSessions};
use identity::{Role, Staff};
use jiff::{Timestamp, ToSpan as _};
use time::OffsetDateTime;
use tower_sessions_core::SessionStore;
use tower_sessions_core::session::{Id, Record};

use crate::office::{Office, after, now, password_hash};

fn store(office: &Office, town: &str, at: Timestamp) -> TownSessions {
    let (db, tenant) = (office.test.db().clone(), office.test.tenant(town));
    TownSessions { db, tenant, now: at, client: "Firefox, Linux".to_owned() }
}

/// A session of this colleague, from now on.
async fn begin(office: &Office, staff: &Staff) -> Record {
    let data = [(STAFF.to_owned(), serde_json::json!(staff.id))].into_iter().collect();
    let mut record = Record { id: Id::default(), data, expiry_date: OffsetDateTime::UNIX_EPOCH };
    store(office, "probe", now()).create(&mut record).await.unwrap();
    record
}

async fn is_in(office: &Office, record: &Record, at: Timestamp) -> bool {
    let mut tx = office.tx().await;
    let found = sessions::who(&mut tx, &record.id.to_string(), at).await.unwrap();
    if found.is_some() {
        sessions::used(&mut tx, &record.id.to_string(), at).await.unwrap();
    }
    tx.commit().await.unwrap();
    let loaded = store(office, "probe", at).load(&record.id).await.unwrap();
    assert_eq!(found.is_some(), loaded.is_some());
    found.is_some()
}

#[tokio::test]
async fn a_session_of_one_town_is_unknown_in_another() {
    let office = Office::open().await;
    let lea = office.employ("lea@probe.example", Role::Clerk).await;
    let record = begin(&office, &lea).await;
    let mut tx = office.tx().await;
    let account = sessions::who(&mut tx, &record.id.to_string(), now()).await.unwrap().unwrap();
    assert_eq!(account.staff, lea);
    assert_eq!(store(&office, "probe", now()).load(&record.id).await.unwrap().unwrap().data, record.data);

    assert!(store(&office, "other", now()).load(&record.id).await.unwrap().is_none());
    let mut tx = office.test.tx("other").await;
    assert!(sessions::who(&mut tx, &record.id.to_string(), now()).await.unwrap().is_none());
}

#[tokio::test]
async fn saving_after_signing_out_does_not_bring_a_session_back() {
    let office = Office::open().await;
    let lea = office.employ("lea@probe.example", Role::Clerk).await;
    let record = begin(&office, &lea).await;
    let probe = store(&office, "probe", now());
    probe.delete(&record.id).await.unwrap();
    probe.save(&record).await.unwrap();
    assert!(!is_in(&office, &record, now()).await);
}

#[tokio::test]
async fn an_id_that_is_taken_is_not_handed_out_twice() {
    let office = Office::open().await;
    let lea = office.employ("lea@probe.example", Role::Clerk).await;
    let first = begin(&office, &lea).await;
    let mut second = Record { id: first.id, data: first.data.clone(), expiry_date: first.expiry_date };
    store(&office, "probe", now()).create(&mut second).await.unwrap();
    assert_ne!(first.id, second.id);
}

#[tokio::test]
async fn a_session_ends_after_an_hour_of_silence_and_after_twelve_hours() {
    let office = Office::open().await;
    let lea = office.employ("lea@probe.example", Role::Clerk).await;
    let silent = begin(&office, &lea).await;
    for minute in 1..60 {
        let mut tx = office.tx().await;
        let cookie = silent.id.to_string();
        assert!(
            sessions::who(&mut tx, &cookie, now() + minute.minutes()).await.unwrap().is_some(),
            "looking is no use"
        );
        assert!(sessions::is_open(&mut tx, &cookie, now() + minute.minutes()).await.unwrap());
        tx.commit().await.unwrap();
    }
    assert!(!is_in(&office, &silent, now() + 60.minutes()).await);
    let busy = begin(&office, &lea).await;
    for quarter in 1..48 {
        assert!(is_in(&office, &busy, now() + (quarter * 15).minutes()).await, "after {quarter} quarters of an hour");
    }
    assert!(!is_in(&office, &busy, now() + 12.hours()).await);
}

#[tokio::test]
async fn the_owner_sees_their_sessions_and_ends_them() {
    let office = Office::open().await;
    let (lea, tim) =
        (office.employ("lea@probe.example", Role::Clerk).await, office.employ("tim@probe.example", Role::Clerk).await);
    let (here, there, of_tim) = (begin(&office, &lea).await, begin(&office, &lea).await, begin(&office, &tim).await);
    is_in(&office, &here, after(30)).await;
    is_in(&office, &there, after(90)).await;

    let mut tx = office.tx().await;
    let listed = sessions::list(&mut tx, lea.id, after(90)).await.unwrap();
    let seen: Vec<Timestamp> = listed.iter().map(|session| session.seen_at).collect();
    assert_eq!(seen, [after(90), now()], "written once a minute, the last used one first");
    assert_eq!((listed[0].client.as_str(), listed[0].created_at), ("Firefox, Linux", now()));
    let handle = sessions::handle(&there.id.to_string());
    assert_eq!(listed[0].handle, handle);
    assert!(!handle.contains(&there.id.to_string()));

    assert!(!sessions::revoke(&mut tx, tim.id, &handle).await.unwrap(), "somebody else's");
    assert!(sessions::revoke(&mut tx, lea.id, &handle).await.unwrap());
    assert!(!sessions::revoke(&mut tx, lea.id, &handle).await.unwrap());
    tx.commit().await.unwrap();
    assert!(!is_in(&office, &there, after(91)).await);
    assert!(is_in(&office, &here, after(91)).await && is_in(&office, &of_tim, after(91)).await);
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions() {
    let office = Office::open().await;
    let lea = office.employ("lea@probe.example", Role::Clerk).await;
    let (here, there) = (begin(&office, &lea).await, begin(&office, &lea).await);
    let (mut tx, cookie) = (office.tx().await, here.id.to_string());
    people::set_password(&mut tx, lea.id, password_hash().await, Some(&cookie), &By::from(&lea), now()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(is_in(&office, &here, now()).await && !is_in(&office, &there, now()).await);

    let mut tx = office.tx().await;
    links::request_reset(&mut tx, &office.vault, "lea@probe.example", now()).await.unwrap();
    let token = office.last_token(&mut tx, lea.id).await;
    links::accept(&mut tx, &office.vault, &token, Purpose::PasswordReset, password_hash().await, now()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!is_in(&office, &here, now()).await, "who comes by mail has none to keep");
}

#[tokio::test]
async fn the_database_holds_nothing_to_sign_in_with() {
    let office = Office::open().await;
    let lea = office.employ("lea@probe.example", Role::Clerk).await;
    let record = begin(&office, &lea).await;
    let kept: String = sqlx::query_scalar("SELECT staff_session::text FROM staff_session")
        .fetch_one(office.tx().await.conn())
        .await
        .unwrap();
    assert!(!kept.contains(&record.id.to_string()), "{kept}");
}

#[tokio::test]
async fn before_a_sign_in_a_session_is_nobodys() {
    let office = Office::open().await;
    let mut record = Record { id: Id::default(), data: Default::default(), expiry_date: OffsetDateTime::UNIX_EPOCH };
    let probe = store(&office, "probe", now());
    probe.create(&mut record).await.unwrap();
    assert!(sessions::who(&mut office.tx().await, &record.id.to_string(), now()).await.unwrap().is_none());
    let lea = office.employ("lea@probe.example", Role::Clerk).await;
    record.data.insert(STAFF.to_owned(), serde_json::json!(lea.id));
    probe.save(&record).await.unwrap();
    assert!(is_in(&office, &record, now()).await);
}

#[tokio::test]
async fn half_a_sign_in_ends_with_the_password_it_began_with() {
    let office = Office::open().await;
    let (lea, tim) =
        (office.employ("lea@probe.example", Role::Clerk).await, office.employ("tim@probe.example", Role::Clerk).await);
    let mut ids = Vec::new();
    for staff in [&lea, &tim] {
        let waiting = serde_json::json!({ "staff": staff.id, "since": now() });
        let data = [(sessions::WAITING.to_owned(), waiting)].into_iter().collect();
        let mut record = Record { id: Id::default(), data, expiry_date: OffsetDateTime::UNIX_EPOCH };
        store(&office, "probe", now()).create(&mut record).await.unwrap();
        ids.push(record.id);
    }
    let mut tx = office.tx().await;
    people::set_password(&mut tx, lea.id, password_hash().await, None, &By::from(&lea), now()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(store(&office, "probe", now()).load(&ids[0]).await.unwrap().is_none());
    assert!(store(&office, "probe", now()).load(&ids[1]).await.unwrap().is_some());
}
