//! A town's data has one door, and nobody is handed another town's transaction.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use e2e::TestDb;
use indicatif::ProgressBar;
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, PgPool, Row};
use tenancy::migrate::{self, Migrations};
use tenancy::provision::{self, NewTenant};
use tenancy::{Admin, CellName, Db, DbConfig, Directory, Tenant, TenantHost, TenantSlug};

const ROUNDS: usize = 100;

/// What a borrower of the pool's only connection finds there.
async fn found(pool: &PgPool) -> String {
    let row = sqlx::query("SELECT current_user::text, current_setting('search_path')").fetch_one(pool).await;
    match row {
        Ok(row) => format!("{} in {}", row.get::<String, _>(0), row.get::<String, _>(1)),
        Err(error) => error.to_string(),
    }
}

const CLEAN: &str = "stadttermin_app in \"\"";

/// Starts `opening` and drops it, as a web server does when the client hangs up, after `steps` exchanges with the
/// database. Says whether it was still under way.
async fn give_up(opening: impl Future, steps: usize) -> bool {
    let mut opening = pin!(opening);
    for _ in 0..steps {
        if futures::poll!(opening.as_mut()).is_ready() {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    true
}

async fn one_connection(test: &TestDb) -> Db {
    let cells = BTreeMap::from([(CellName::main(), test.app_address().to_owned())]);
    Db::connect(&DbConfig { cells, max_connections: 1 }).await.unwrap()
}

/// The same pool without the hook that cleans what comes back: shows that the tests here can fail.
async fn careless(test: &TestDb) -> PgPool {
    PgPoolOptions::new().max_connections(1).connect(test.app_address()).await.unwrap()
}

/// Starts `opening`, whose statement sleeps, and drops it once the database is at work on it, however slow the machine.
async fn give_up_when_it_runs(opening: impl Future, watcher: &PgPool) {
    let at_work = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'active' AND query LIKE 'BEGIN; SELECT pg_sleep%'";
    let mut opening = pin!(opening);
    while sqlx::query_scalar::<_, i64>(at_work).fetch_one(watcher).await.unwrap() == 0 {
        assert!(futures::poll!(opening.as_mut()).is_pending(), "it was over before anybody saw it");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn a_request_dropped_while_its_transaction_opens_leaves_nothing_behind() {
    let test = TestDb::with_town("probe").await;
    let (db, tenant) = (one_connection(&test).await, test.tenant("probe"));
    let (_, pool) = db.cells().next().unwrap();
    let mut dropped = 0;
    for round in 0..ROUNDS {
        dropped += usize::from(give_up(db.tenant_tx(&tenant), 1 + round % 3).await);
        assert_eq!(found(pool).await, CLEAN, "round {round}");
    }
    assert!(dropped > ROUNDS / 3, "only {dropped} of {ROUNDS} were still under way when they were dropped");
}

#[tokio::test]
async fn without_the_hook_the_next_request_would_be_inside_the_former_town() {
    let test = TestDb::with_town("probe").await;
    let (pool, watcher) = (careless(&test).await, careless(&test).await);
    let opening = "BEGIN; SELECT pg_sleep(1); SET LOCAL ROLE t_probe; SET LOCAL search_path TO t_probe, ext";
    give_up_when_it_runs(pool.begin_with(opening), &watcher).await;
    let found = found(&pool).await;
    assert!(
        found.starts_with("t_probe in t_probe"),
        "sqlx cleans by itself now, and the hook in services/tenancy/src/db.rs can go: {found}"
    );
}

#[tokio::test]
async fn a_town_that_cannot_be_entered_spoils_no_connection() {
    let test = TestDb::with_town("probe").await;
    let ghost = Tenant { slug: TenantSlug::parse("ghost").unwrap(), ..(*test.tenant("probe")).clone() };
    let (db, ghost) = (one_connection(&test).await, Arc::new(ghost));
    let (_, pool) = db.cells().next().unwrap();
    for _ in 0..ROUNDS {
        assert!(db.tenant_tx(&ghost).await.is_err());
        assert_eq!(found(pool).await, CLEAN);
    }

    let pool = careless(&test).await;
    assert!(pool.begin_with("BEGIN; SET LOCAL ROLE t_ghost").await.is_err());
    assert!(found(&pool).await.contains("current transaction is aborted"), "the hook is not needed for this any more");
}

#[tokio::test]
async fn dropping_or_rolling_back_keeps_nothing_and_committing_keeps_it() {
    let test = TestDb::with_town("probe").await;
    let insert = "INSERT INTO page_text (slug, language, markdown) VALUES ('neu', 'de', 'x')";
    let mut dropped = test.tx("probe").await;
    sqlx::query(insert).execute(dropped.conn()).await.unwrap();
    drop(dropped);
    let mut undone = test.tx("probe").await;
    sqlx::query(insert).execute(undone.conn()).await.unwrap();
    undone.rollback().await.unwrap();
    let mut kept = test.tx("probe").await;
    sqlx::query(insert).execute(kept.conn()).await.unwrap();
    kept.commit().await.unwrap();

    let count = "SELECT count(*) FROM page_text WHERE slug = 'neu'";
    for (town, expected) in [("probe", 1_i64), ("other", 0)] {
        let mut tx = test.tx(town).await;
        assert_eq!(sqlx::query_scalar::<_, i64>(count).fetch_one(tx.conn()).await.unwrap(), expected, "{town}");
    }
}

#[tokio::test]
async fn the_same_statement_reaches_each_town_s_own_rows() {
    let test = TestDb::with_town("probe").await;
    let db = one_connection(&test).await;
    for round in 0..20 {
        for town in ["probe", "other"] {
            let mut tx = db.tenant_tx(&test.tenant(town)).await.unwrap();
            sqlx::query("UPDATE town SET logo = $1").bind(format!("{town} {round}")).execute(tx.conn()).await.unwrap();
            tx.commit().await.unwrap();
        }
        for town in ["probe", "other"] {
            let mut tx = db.tenant_tx(&test.tenant(town)).await.unwrap();
            let logo: String = sqlx::query_scalar("SELECT logo FROM town").fetch_one(tx.conn()).await.unwrap();
            assert_eq!(logo, format!("{town} {round}"));
        }
    }
}

#[tokio::test]
async fn a_town_reaches_nothing_but_its_own() {
    let test = TestDb::with_town("probe").await;
    let forbidden = [
        "SELECT id FROM t_other.booking",
        "INSERT INTO t_other.page_text (slug, language, markdown) VALUES ('x', 'de', 'x')",
        "SELECT slug FROM platform.tenant",
        "SELECT host FROM platform.tenant_host",
        "UPDATE platform.tenant SET name = 'x'",
        "SELECT id FROM apalis.jobs",
        "DELETE FROM apalis.jobs",
        "SELECT apalis.generate_ulid()",
        "CREATE TABLE public.loot (x int)",
        "CREATE TABLE ext.loot (x int)",
        "CREATE SCHEMA loot",
        "CREATE ROLE loot",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT rolpassword FROM pg_authid",
    ];
    for statement in forbidden {
        let mut tx = test.tx("probe").await;
        let answer = sqlx::raw_sql(AssertSqlSafe(statement)).execute(tx.conn()).await;
        let error = answer.expect_err(statement).to_string();
        assert!(error.contains("permission denied") || error.contains("must be"), "{statement}: {error}");
    }
}

/// Not a list that could miss something: asks the catalogs for every table of the database.
#[tokio::test]
async fn no_right_of_a_town_leads_to_a_foreign_table() {
    let test = TestDb::with_town("probe").await;
    let mut owner = test.admin_connection().await;
    let reachable: Vec<String> = sqlx::query_scalar(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname NOT IN ('t_probe', 'pg_catalog', 'information_schema')
            AND has_schema_privilege('t_probe', n.oid, 'USAGE')
            AND has_table_privilege('t_probe', c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert!(reachable.is_empty(), "{reachable:?}");
    let schemas: Vec<String> = sqlx::query_scalar(
        "SELECT nspname::text FROM pg_namespace
          WHERE nspname NOT LIKE 'pg\\_%' AND has_schema_privilege('t_probe', oid, 'USAGE') ORDER BY 1",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert_eq!(schemas, ["ext", "information_schema", "platform", "public", "t_probe"]);
}

#[tokio::test]
async fn a_town_enqueues_in_its_own_name_only() {
    let test = TestDb::with_town("probe").await;
    let mut tx = test.tx("probe").await;
    let lie = r#"SELECT platform.enqueue('mail', '{"tenant": "t_other", "mail": "x"}')"#;
    sqlx::raw_sql(lie).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    let mut owner = test.admin_connection().await;
    let tenant: String = sqlx::query_scalar("SELECT convert_from(job, 'UTF8')::jsonb ->> 'tenant' FROM apalis.jobs")
        .fetch_one(&mut owner)
        .await
        .unwrap();
    assert_eq!(tenant, "t_probe");
}

#[tokio::test]
async fn a_forgotten_town_fails_loudly() {
    let test = TestDb::with_town("probe").await;
    let expect = [
        ("SELECT logo FROM town", "relation \"town\" does not exist"),
        ("SELECT logo FROM t_probe.town", "permission denied"),
        ("SELECT platform.enqueue('mail', '{}')", "permission denied"),
        ("UPDATE platform.tenant SET name = 'x'", "permission denied"),
    ];
    for (statement, answer) in expect {
        let mut tx = test.db().platform_tx().await.unwrap();
        let error = sqlx::raw_sql(statement).execute(tx.conn()).await.expect_err(statement).to_string();
        assert!(error.contains(answer), "{statement}: {error}");
    }
    // Leaving the town's role inside its transaction leads to the application's, which has no rights there.
    let mut tx = test.tx("probe").await;
    let left = sqlx::raw_sql("RESET ROLE; SELECT logo FROM t_probe.town").execute(tx.conn()).await;
    assert!(left.unwrap_err().to_string().contains("permission denied"));
}

fn host(host: &str, base_path: &str, is_primary: bool) -> TenantHost {
    TenantHost { host: host.to_owned(), base_path: base_path.to_owned(), is_primary }
}

fn town(slug: &str, hosts: Vec<TenantHost>) -> NewTenant {
    let (name, zone) = (format!("Stadt {slug}"), "Europe/Berlin".to_owned());
    NewTenant { slug: TenantSlug::parse(slug).unwrap(), name, zone, cell: CellName::main(), hosts }
}

#[tokio::test]
async fn host_and_base_path_lead_to_the_town() {
    let test = TestDb::with_town("probe").await;
    let directory = Directory::load(test.db()).await.unwrap();
    let leads = |host: &str, path: &str| {
        directory.resolve(host, path).map(|it| format!("{} {} {}", it.tenant.slug, it.base_path, it.rest))
    };
    assert_eq!(leads("probe.localhost", "/termine/termin").as_deref(), Some("probe /termine /termin"));
    assert_eq!(leads("other.localhost", "/termine").as_deref(), Some("other /termine /"));
    assert_eq!(leads("nobody.localhost", "/termine"), None);
    assert_eq!(leads("probe.localhost", "/terminvergabe"), None);
    assert_eq!(leads("probe.localhost:8080", "/termine"), None, "a foreign port is a foreign address");

    let hosts = vec![host("probe.localhost:8080", "/neu", true), host("probe.localhost", "/termine", false)];
    provision::ensure(&test.admin(), &town("probe", hosts)).await.unwrap();
    directory.refresh(test.db()).await.unwrap();
    assert_eq!(directory.resolve("probe.localhost", "/termine").unwrap().tenant.slug.as_str(), "probe");
    let moved = directory.resolve("probe.localhost:8080", "/neu/termin").unwrap();
    assert_eq!((moved.tenant.hosts[0].host.as_str(), moved.rest.as_str()), ("probe.localhost:8080", "/termin"));
}

#[tokio::test]
async fn provisioning_again_changes_nothing_and_takes_no_foreign_address() {
    let test = TestDb::with_town("probe").await;
    let state = async || -> Vec<(String, i64, i64, Option<String>)> {
        let mut tx = test.db().platform_tx().await.unwrap();
        let sql = "SELECT slug, version, schema_version, host FROM platform.tenant LEFT JOIN platform.tenant_host
                   ON tenant = slug ORDER BY slug, host";
        sqlx::query_as(sql).fetch_all(tx.conn()).await.unwrap()
    };
    let same = town("probe", vec![host("probe.localhost", "/termine", true)]);
    provision::ensure(&test.admin(), &NewTenant { name: "Stadt probe".to_owned(), ..same.clone() }).await.unwrap();
    let before = state().await;
    provision::ensure(&test.admin(), &same).await.unwrap();
    assert_eq!(state().await, before);

    let thief = town("probe", vec![host("other.localhost", "/termine", true)]);
    let refused = provision::ensure(&test.admin(), &thief).await.unwrap_err().to_string();
    assert!(refused.contains("other.localhost/termine belongs to another town"), "{refused}");
    let moved = NewTenant { cell: CellName::parse("zwei").unwrap(), ..same.clone() };
    assert!(provision::ensure(&test.admin(), &moved).await.unwrap_err().to_string().contains("lives in the cell"));
    let headless = NewTenant { hosts: Vec::new(), ..same };
    assert!(provision::ensure(&test.admin(), &headless).await.unwrap_err().to_string().contains("one primary host"));
    assert_eq!(state().await, before);
}

#[tokio::test]
async fn a_town_in_a_second_cell_has_its_data_and_its_queue_there() {
    let (first, second) = (TestDb::empty().await, TestDb::empty().await);
    let cell = CellName::parse("zwei").unwrap();
    let cells = |main: &str, second: &str| {
        BTreeMap::from([(CellName::main(), main.to_owned()), (cell.clone(), second.to_owned())])
    };
    let admin = Admin::new(cells(first.admin_address(), second.admin_address()), "stadttermin_app").unwrap();
    let far = NewTenant { cell: cell.clone(), ..town("fern", vec![host("fern.localhost", "/termine", true)]) };
    provision::ensure(&admin, &far).await.unwrap();
    let report = migrate::run(&admin, Migrations::ours(), &ProgressBar::hidden()).await.unwrap();
    assert_eq!((report.unchanged, report.failed.len()), (1, 0));

    let cells = cells(first.app_address(), second.app_address());
    let db = Db::connect(&DbConfig { cells, max_connections: 2 }).await.unwrap();
    let tenant = Directory::load(&db).await.unwrap().resolve("fern.localhost", "/termine").unwrap().tenant;
    let mut tx = db.tenant_tx(&tenant).await.unwrap();
    sqlx::raw_sql("SELECT platform.enqueue('mail', '{}')").execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    for (test, jobs) in [(&first, 0_i64), (&second, 1)] {
        let mut owner = test.admin_connection().await;
        let sql =
            "SELECT (SELECT count(*) FROM apalis.jobs), (SELECT count(*) FROM pg_namespace WHERE nspname = 't_fern')";
        let counted: (i64, i64) = sqlx::query_as(sql).fetch_one(&mut owner).await.unwrap();
        assert_eq!(counted, (jobs, jobs));
    }

    // A process that has no address for the cell says so instead of looking in another one.
    let unaware = first.db().tenant_tx(&tenant).await.err().unwrap().to_string();
    assert!(unaware.contains("STADTTERMIN_CELL_"), "{unaware}");
}
