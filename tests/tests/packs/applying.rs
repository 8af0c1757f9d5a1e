//! Applying: planned before, safe to repeat, never at the cost of what was booked, and the inverse of exporting.

use std::sync::Arc;

use e2e::TestDb;
use stadttermin::tenant::{Access, apply, export, inspect, plan};
use tenancy::pack::ChangeKind;
use tenancy::{Tenant, TenantSlug, TenantTx};

use crate::{access, pack, read, told, with};

#[tokio::test]
async fn a_new_town_is_planned_as_new_and_applied_once() {
    let test = TestDb::empty().await;
    let (pack, access) = (pack("werne"), access(&test));
    let foreseen = plan(&pack, &access).await.unwrap();
    assert!(foreseen.iter().all(|change| change.kind == ChangeKind::Add), "{foreseen:?}");
    assert!(foreseen.iter().any(|change| change.section == "catalog.toml concern" && change.key == "reisepass"));

    let first = apply(&pack, &access).await.unwrap();
    assert_eq!(first.changes, foreseen);
    let before = state(&access, &first.tenant).await;
    assert_eq!(plan(&pack, &access).await.unwrap(), []);

    let again = apply(&pack, &access).await.unwrap();
    assert_eq!(again.changes, []);
    let after = state(&access, &first.tenant).await;
    assert_eq!(before, after, "applying twice leaves rows, numbers and version as they are");
}

#[tokio::test]
async fn a_change_is_planned_in_words_and_bumps_the_version() {
    let test = TestDb::empty().await;
    let access = access(&test);
    let tenant = apply(&pack("werne"), &access).await.unwrap().tenant;
    let before = state(&access, &tenant).await;

    let changed = read(&with("catalog.toml", "duration_minutes = 15", "duration_minutes = 25"));
    let told: Vec<String> = plan(&changed, &access).await.unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(told, ["~ catalog.toml concern personalausweis: duration_minutes: 15 → 25"]);

    apply(&changed, &access).await.unwrap();
    assert_eq!(plan(&changed, &access).await.unwrap(), []);
    let after = state(&access, &tenant).await;
    assert_eq!(after.version, before.version + 1);
    assert_eq!(after.concerns, before.concerns, "concerns keep their numbers");
}

#[tokio::test]
async fn what_was_booked_is_retired_and_what_was_not_is_deleted() {
    let test = TestDb::empty().await;
    let access = access(&test);
    let pack = pack("werne");
    let tenant = apply(&pack, &access).await.unwrap().tenant;
    let number = |state: &State, key: &str| state.concerns.iter().find(|c| c.1 == key).map(|c| (c.0, c.2));
    let before = state(&access, &tenant).await;
    let (booked, _) = number(&before, "rentenberatung").unwrap();
    let mut booking = tx(&access, &tenant).await;
    book(&mut booking, booked).await;
    booking.commit().await.unwrap();

    let mut smaller = pack.clone();
    smaller.catalog.file.concern.retain(|concern| concern.key != "rentenberatung" && concern.key != "hund");
    let removed = apply(&smaller, &access).await.unwrap().changes;
    assert!(removed.iter().any(|change| change.kind == ChangeKind::Remove && change.key == "rentenberatung"));
    let after = state(&access, &tenant).await;
    assert_eq!(number(&after, "rentenberatung"), Some((booked, false)), "booked: kept, but not offered");
    assert_eq!(number(&after, "hund"), None, "never booked: gone");
    let counter: Option<bool> = sqlx::query_scalar("SELECT active FROM counter WHERE key = 'trial'")
        .fetch_optional(tx(&access, &tenant).await.conn())
        .await
        .unwrap();
    assert_eq!(counter, Some(false), "a counter that is in no pack, but was booked: kept, out of use");
    assert_eq!(plan(&smaller, &access).await.unwrap(), []);

    apply(&pack, &access).await.unwrap();
    let back = state(&access, &tenant).await;
    assert_eq!(number(&back, "rentenberatung"), Some((booked, true)), "offered again under its old number");
}

#[tokio::test]
async fn a_counter_with_appointments_does_not_move_to_another_office() {
    let test = TestDb::empty().await;
    let access = access(&test);
    let pack = pack("porta-westfalica");
    let tenant = apply(&pack, &access).await.unwrap().tenant;
    let file = &pack.offices.file;
    let counter = file.counter.first().unwrap().clone();
    let mut moved = pack.clone();
    let mut elsewhere = file.location[0].clone();
    elsewhere.key = "zweigstelle".to_owned();
    moved.offices.file.counter[0].location = elsewhere.key.clone();
    moved.offices.file.location.push(elsewhere);
    moved.offices.file.opening.retain(|it| !it.counters.contains(&counter.key));

    let mut booking = tx(&access, &tenant).await;
    book(&mut booking, 1).await;
    sqlx::query(
        "UPDATE appointment SET counter_id = c.id, location_id = c.location_id FROM counter c WHERE c.key = $1",
    )
    .bind(&counter.key)
    .execute(booking.conn())
    .await
    .unwrap();
    booking.commit().await.unwrap();
    let refused = format!("{:#}", apply(&moved, &access).await.err().unwrap());
    assert!(refused.contains(&counter.key) && refused.contains("a key of its own"), "{refused}");
    let differs = plan(&pack, &access).await.unwrap();
    assert!(differs.iter().all(|change| change.key == "trial"), "only the booking's own office: {differs:?}");
}

#[tokio::test]
async fn what_is_exported_can_be_applied_and_changes_nothing() {
    let test = TestDb::empty().await;
    let access = access(&test);
    for slug in ["werne", "porta-westfalica", "example"] {
        apply(&pack(slug), &access).await.unwrap();
        let target = tempfile::tempdir().unwrap();
        let exported = export(&TenantSlug::parse(slug).unwrap(), &access).await.unwrap();
        exported.files().unwrap().write(target.path()).unwrap();
        let reread = inspect(target.path()).unwrap().unwrap_or_else(|problems| panic!("{:#?}", told(&problems)));
        assert_eq!(reread, pack(slug), "{slug}: the exported pack says what the applied one said");
        assert_eq!(apply(&reread, &access).await.unwrap().changes, [], "{slug}");
    }
}

#[tokio::test]
async fn two_operators_at_once_apply_once() {
    let test = TestDb::empty().await;
    let access = access(&test);
    let tenant = apply(&pack("werne"), &access).await.unwrap().tenant;
    let before = state(&access, &tenant).await;
    let changed = read(&with("catalog.toml", "duration_minutes = 15", "duration_minutes = 25"));
    let (one, other) = tokio::join!(apply(&changed, &access), apply(&changed, &access));
    one.unwrap();
    other.unwrap();
    let after = state(&access, &tenant).await;
    assert_eq!(after.version, before.version + 1, "the second one found nothing left to do");
}

/// What must not move when nothing has changed.
#[derive(Debug, PartialEq)]
struct State {
    version: i64,
    concerns: Vec<(i32, String, bool)>,
    rows: Vec<Option<i64>>,
}

async fn state(access: &Access, tenant: &Arc<Tenant>) -> State {
    const ROWS: &str = "
        SELECT count(*) + coalesce(sum(id), 0) FROM fee UNION ALL SELECT count(*) FROM concern_document
        UNION ALL SELECT sum(id) FROM document UNION ALL SELECT sum(id) FROM form
        UNION ALL SELECT sum(id) FROM category UNION ALL SELECT count(*) FROM page_text
        UNION ALL SELECT sum(id) FROM location UNION ALL SELECT sum(id) FROM counter
        UNION ALL SELECT sum(id) FROM opening_rule UNION ALL SELECT sum(id) FROM closure
        UNION ALL SELECT count(*) FROM counter_concern";
    let mut tx = tx(access, tenant).await;
    let version = sqlx::query_scalar("SELECT version FROM town").fetch_one(tx.conn()).await.expect("the town");
    let concerns = sqlx::query_as("SELECT id, key, active FROM concern ORDER BY id").fetch_all(tx.conn()).await;
    let rows = sqlx::query_scalar(ROWS).fetch_all(tx.conn()).await.expect("the numbers of rows");
    State { version, concerns: concerns.expect("the concerns"), rows }
}

async fn tx(access: &Access, tenant: &Arc<Tenant>) -> TenantTx {
    access.db.tenant_tx(tenant).await.expect("a transaction")
}

/// A past appointment for one concern, as `booking` stores it.
async fn book(tx: &mut TenantTx, concern: i32) {
    sqlx::query(
        "WITH place AS (INSERT INTO location (key, name, street, zip, city)
                VALUES ('trial', '{\"de\": \"Probe\"}', 'Weg 1', '59368', 'Werne') RETURNING id),
              desk AS (INSERT INTO counter (key, location_id, name) SELECT 'trial', id, 'Probe' FROM place
                RETURNING id, location_id),
              made AS (INSERT INTO booking (id, token_hash, channel, language, selection)
                VALUES (gen_random_uuid(), '\\x00', 'online', 'de', '[]') RETURNING id)
         INSERT INTO appointment (id, booking_id, location_id, counter_id, during, status, blocks, items,
                duration_minutes, fee_cents)
         SELECT gen_random_uuid(), made.id, desk.location_id, desk.id, '[2026-01-07 10:00, 2026-01-07 10:45)', 'done',
                false, jsonb_build_array(jsonb_build_object('concern', 'rentenberatung', 'concern_id', $1)), 45, 0
           FROM desk, made",
    )
    .bind(concern)
    .execute(tx.conn())
    .await
    .expect("an appointment");
}
