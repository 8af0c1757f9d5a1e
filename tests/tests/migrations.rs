//! Migrations meet a fleet of towns with data in them, and one town's trouble stays its own.

use std::collections::BTreeMap;

use e2e::TestDb;
use indicatif::ProgressBar;
use sqlx::migrate::{Migration, MigrationType};
use sqlx::{AssertSqlSafe, Connection, SqlSafeStr};
use stadttermin::postgres::APP_ROLE;
use tenancy::migrate::{self, Migrations, Report};
use tenancy::provision::{self, NewTenant};
use tenancy::{Admin, CellName, Db, DbConfig, TenantHost, TenantSlug};

const NEXT: i64 = 9001;

/// The migrations of this build and one more, as the next release might bring it.
fn with_next(sql: &'static str) -> Migrations {
    let mut all = Migrations::ours().clone();
    all.tenant.push(Migration::new(NEXT, "next".into(), MigrationType::Simple, sql.into_sql_str(), false));
    all
}

fn new_town(slug: &str) -> NewTenant {
    let host = TenantHost { host: format!("{slug}.localhost"), base_path: "/termine".into(), is_primary: true };
    NewTenant {
        slug: TenantSlug::parse(slug).unwrap(),
        name: slug.to_owned(),
        zone: "Europe/Berlin".into(),
        cell: CellName::main(),
        hosts: vec![host],
    }
}

async fn fleet(test: &TestDb, size: usize) {
    for number in 1..=size {
        provision::ensure(&test.admin(), &new_town(&format!("flotte-{number}"))).await.unwrap();
    }
}

async fn run(test: &TestDb, migrations: &Migrations) -> Report {
    migrate::run(&test.admin(), migrations, &ProgressBar::hidden()).await.unwrap()
}

async fn versions(test: &TestDb) -> Vec<i64> {
    let mut owner = test.admin_connection().await;
    let sql = "SELECT schema_version FROM platform.tenant ORDER BY slug";
    sqlx::query_scalar(sql).fetch_all(&mut owner).await.unwrap()
}

async fn as_owner(test: &TestDb, sql: &str) {
    let mut owner = test.admin_connection().await;
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut owner).await.unwrap();
    owner.close().await.unwrap();
}

fn names(towns: &[TenantSlug]) -> Vec<&str> {
    towns.iter().map(TenantSlug::as_str).collect()
}

#[tokio::test]
async fn one_bad_town_does_not_stop_the_rest_and_the_next_run_resumes() {
    let test = TestDb::empty().await;
    fleet(&test, 6).await;
    let next = with_next("ALTER TABLE counter ADD COLUMN floor int; ALTER TABLE booking ADD COLUMN note text");
    as_owner(&test, "ALTER TABLE t_flotte_3.booking ADD COLUMN note text").await;

    let report = run(&test, &next).await;
    assert_eq!(report.migrated.len(), 5);
    let (slug, error) = &report.failed[0];
    assert_eq!((report.failed.len(), slug.as_str()), (1, "flotte-3"));
    assert!(format!("{error:#}").contains("column \"note\" of relation \"booking\" already exists"), "{error:#}");
    let last = Migrations::ours().tenant.last().unwrap().version;
    assert_eq!(versions(&test).await, [NEXT, NEXT, last, NEXT, NEXT, NEXT]);

    // Nothing of the failed migration has stayed: mended, it runs whole.
    as_owner(&test, "ALTER TABLE t_flotte_3.booking DROP COLUMN note").await;
    let report = run(&test, &next).await;
    assert_eq!((names(&report.migrated), report.unchanged, report.failed.len()), (vec!["flotte-3"], 5, 0));
    let report = run(&test, &next).await;
    assert_eq!((report.migrated.len(), report.unchanged), (0, 6));
}

#[tokio::test]
async fn a_town_whose_tables_are_held_is_reported_instead_of_waited_for() {
    let test = TestDb::with_town("probe").await;
    let mut long = test.tx("probe").await;
    sqlx::query("UPDATE booking SET language = 'de'").execute(long.conn()).await.unwrap();
    let next = with_next("ALTER TABLE booking ADD COLUMN note text");
    let report = run(&test, &next).await;
    assert_eq!((report.failed[0].0.as_str(), names(&report.migrated)), ("probe", vec!["other"]));
    assert!(format!("{:#}", report.failed[0].1).contains("lock timeout"));
    long.rollback().await.unwrap();
    assert_eq!(names(&run(&test, &next).await.migrated), ["probe"]);
}

#[tokio::test]
async fn a_run_that_was_cut_off_is_taken_up_again() {
    let test = TestDb::empty().await;
    fleet(&test, 8).await;
    let next = with_next("SELECT pg_sleep(0.1); ALTER TABLE booking ADD COLUMN note text");
    let (admin, bar) = (test.admin(), ProgressBar::hidden());
    let cut = async {
        while bar.position() < 4 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        _ = migrate::run(&admin, &next, &bar) => panic!("the run was over before it could be cut off"),
        () = cut => {}
    }
    let report = run(&test, &next).await;
    assert!(report.failed.is_empty() && report.unchanged >= 4, "{report:?}");
    assert_eq!(versions(&test).await, [NEXT; 8]);
}

#[tokio::test]
async fn two_runs_at_once_do_the_work_once() {
    let test = TestDb::empty().await;
    fleet(&test, 4).await;
    let next = with_next("ALTER TABLE booking ADD COLUMN note text");
    let (one, two) = tokio::join!(run(&test, &next), run(&test, &next));
    assert!(one.failed.is_empty() && two.failed.is_empty(), "{one:?} {two:?}");
    assert_eq!(versions(&test).await, [NEXT; 4]);
}

#[tokio::test]
async fn data_outlives_a_migration_and_both_releases_can_read_it() {
    let test = TestDb::with_town("probe").await;
    let mut tx = test.tx("probe").await;
    let book = "INSERT INTO booking (id, state, token_hash, code, channel, language, name, selection, booked_at)
                VALUES (gen_random_uuid(), 'booked', '\\x01', '7K4M2QXH', 'online', 'de', 'Jörg Nüßle', '[]', now());
                INSERT INTO appointment (id, booking_id, location_id, counter_id, during, status, blocks, items,
                                         duration_minutes, fee_cents)
                SELECT gen_random_uuid(), id, 1, 1, '[2026-12-01 09:00+01,2026-12-01 09:15+01)', 'booked', true, '[]', 15, 0
                  FROM booking";
    sqlx::raw_sql(book).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();

    let next = with_next(
        "ALTER TABLE appointment ADD COLUMN ticket text NOT NULL DEFAULT ''; CREATE INDEX next ON appointment (ticket)",
    );
    assert!(run(&test, &next).await.failed.is_empty());
    let mut tx = test.tx("probe").await;
    let (name, start): (String, jiff_sqlx::Timestamp) =
        sqlx::query_as("SELECT name, lower(during) FROM appointment JOIN booking ON booking.id = booking_id")
            .fetch_one(tx.conn())
            .await
            .unwrap();
    assert_eq!((name.as_str(), start.to_jiff().to_string().as_str()), ("Jörg Nüßle", "2026-12-01T08:00:00Z"));
}

/// As in a managed database: the owner may create roles and owns the database, and that is all.
#[tokio::test]
async fn an_owner_who_is_no_superuser_can_set_everything_up() {
    let test = TestDb::empty().await;
    let name = format!("test_{}_owner", std::process::id());
    as_owner(&test, &format!("CREATE ROLE {name} LOGIN CREATEROLE NOSUPERUSER")).await;
    as_owner(&test, &format!("CREATE DATABASE {name} OWNER {name}")).await;
    let database = url::Url::parse(test.admin_address()).unwrap();
    let [owner, app] = [name.as_str(), APP_ROLE].map(|role| {
        let mut address = database.clone();
        address.set_path(&name);
        address.set_username(role).unwrap();
        address.to_string()
    });
    let admin = Admin::new(BTreeMap::from([(CellName::main(), owner)]), APP_ROLE).unwrap();
    assert!(stadttermin::migrate::everything(&admin, &ProgressBar::hidden()).await.unwrap().failed.is_empty());
    let town = new_town("eigen");
    let tenant = provision::ensure(&admin, &town).await.unwrap();
    provision::ensure(&admin, &town).await.unwrap();
    let report = stadttermin::migrate::everything(&admin, &ProgressBar::hidden()).await.unwrap();
    assert_eq!((report.unchanged, report.failed.len()), (1, 0));

    let cells = BTreeMap::from([(CellName::main(), app)]);
    let db = Db::connect(&DbConfig { cells, max_connections: 2 }).await.unwrap();
    let mut tx = db.tenant_tx(&tenant).await.unwrap();
    let enqueue = "SELECT platform.enqueue('mail', '{}') IS NOT NULL FROM (SELECT count(*) FROM booking) AS bookings";
    assert!(sqlx::query_scalar::<_, bool>(enqueue).fetch_one(tx.conn()).await.unwrap());
    tx.commit().await.unwrap();
    db.close().await;
    as_owner(&test, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
    as_owner(&test, &format!("DROP ROLE {name}")).await;
}

#[tokio::test]
async fn every_town_of_this_build_is_up_to_date_and_owned_by_its_role() {
    let test = TestDb::with_town("probe").await;
    let last = Migrations::ours().tenant.last().unwrap().version;
    assert_eq!(versions(&test).await, [last, last]);
    let mut owner = test.admin_connection().await;
    let foreign: Vec<String> = sqlx::query_scalar(
        "SELECT c.oid::regclass::text FROM pg_class c
           JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.oid = c.relowner
          WHERE n.nspname LIKE 't\\_%' AND r.rolname <> n.nspname",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert!(foreign.is_empty(), "{foreign:?}");
    let enums: i64 =
        sqlx::query_scalar("SELECT count(*) FROM pg_type WHERE typtype = 'e'").fetch_one(&mut owner).await.unwrap();
    assert_eq!(enums, 0, "sqlx caches type ids by name: the second town would break");
}
