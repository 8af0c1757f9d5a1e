//! The same statements without any application: what the database alone can do.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, ensure};
use sqlx::Connection;
use sqlx::postgres::PgConnection;
use tokio::process::Command;

use crate::deployment::Deployment;
use crate::http::Connection as Http;
use crate::load::book_one;
use crate::log::Statement;
use crate::slots::Slots;

/// One booking as a pgbench script. The role and the path are set when a client connects, which saves pgbench one
/// statement in each transaction; what it computes itself (ids, times) costs it less than that.
pub struct Script {
    text: String,
    runs: AtomicU64,
}

impl Script {
    /// Watches one booking, and repeats what it asked the database, with other ids, times and addresses.
    pub async fn of_one_booking(deployment: &Deployment, slots: &Slots) -> anyhow::Result<Self> {
        let (host, base) = (deployment.host("werne"), deployment.base("werne"));
        let mut connection = Http::open(deployment.port()).await?;
        let slot = slots.next().context("a free place")?;
        let seen = deployment.watch(async || book_one(&mut connection, &host, &base, &slot).await).await?;
        let mut owner = PgConnection::connect(&deployment.admin_address()).await?;
        sqlx::raw_sql("SET search_path TO t_werne, ext").execute(&mut owner).await?;
        let mut text = String::from("\\set n :client_id * 1000000 + :base + :k\n\\set k :k + 1\n");
        let written = writing(&seen);
        ensure!(written.iter().any(|it| it.sql.contains("platform.enqueue")), "no booking was seen: {seen:#?}");
        for (number, statement) in written.iter().enumerate() {
            let sql = with_values(statement, &types(&mut owner, number, &statement.sql).await?);
            writeln!(text, "{};", sql.trim_end_matches(';').replace('\n', " "))?;
        }
        Ok(Self { text, runs: AtomicU64::new(0) })
    }

    /// Completed bookings per second.
    pub async fn run(&self, deployment: &Deployment, clients: usize, length: Duration) -> anyhow::Result<f64> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("booking.sql");
        std::fs::write(&file, &self.text)?;
        let base = self.runs.fetch_add(1, Ordering::Relaxed) * 100_000;
        let output = Command::new("pgbench")
            .env("PGOPTIONS", "-c role=t_werne -c search_path=t_werne,ext")
            .args(["-n", "-M", "prepared", "-j", "2", "-D", "k=0"])
            .args(["-D", &format!("base={base}"), "-c", &clients.to_string(), "-T", &length.as_secs().to_string()])
            .arg("-f")
            .arg(&file)
            .args(deployment.where_to_connect())
            .output()
            .await
            .context("pgbench comes with PostgreSQL")?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let complaint = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "pgbench: {complaint}\n{}", self.text);
        let tps = said.lines().find_map(|line| line.strip_prefix("tps = ")).context("pgbench says no rate")?;
        Ok(tps.split(' ').next().unwrap_or_default().parse()?)
    }
}

/// The transactions that were committed: what pages read, and what the pool cleans up, is not part of a booking.
fn writing(seen: &[Statement]) -> Vec<Statement> {
    let mut committed = Vec::new();
    let mut open: BTreeMap<&str, Vec<Statement>> = BTreeMap::new();
    for statement in seen {
        let session = statement.session.as_str();
        let plain = |sql: &str| Statement { sql: sql.to_owned(), parameters: Vec::new(), ..statement.clone() };
        if statement.sql.starts_with("BEGIN") {
            open.insert(session, vec![plain("BEGIN")]);
        } else if statement.sql == "ROLLBACK" {
            open.remove(session);
        } else if statement.sql == "COMMIT" {
            committed.extend(open.remove(session).into_iter().flatten().chain([plain("COMMIT")]));
        } else if let Some(transaction) = open.get_mut(session) {
            transaction.push(statement.clone());
        }
    }
    committed
}

async fn types(owner: &mut PgConnection, number: usize, sql: &str) -> anyhow::Result<Vec<String>> {
    if !sql.contains('$') {
        return Ok(Vec::new());
    }
    let prepare = sqlx::AssertSqlSafe(format!("PREPARE seen_{number} AS {sql}"));
    sqlx::raw_sql(prepare).execute(&mut *owner).await.with_context(|| sql.to_owned())?;
    let name = format!("seen_{number}");
    let types = sqlx::query_scalar("SELECT parameter_types::text[] FROM pg_prepared_statements WHERE name = $1");
    Ok(types.bind(name).fetch_one(owner).await?)
}

fn with_values(statement: &Statement, types: &[String]) -> String {
    let mut sql = statement.sql.clone();
    // From the last one on, so that $1 is not found in $10.
    for (number, (value, kind)) in statement.parameters.iter().zip(types).enumerate().rev() {
        let value = match value {
            Some(value) => varied(value, kind),
            None => "NULL".to_owned(),
        };
        sql = sql.replace(&format!("${}", number + 1), &format!("({value})::{kind}"));
    }
    sql
}

/// A value as an expression that gives another one for each `:n`. Equal values stay equal.
fn varied(value: &str, kind: &str) -> String {
    // pgbench takes a word after a colon for a variable, even between quotes.
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''").replace(':', ":' || '"));
    let is_code = value.len() == 8 && value.bytes().all(|b| b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ".contains(&b));
    match kind {
        "bytea" => "sha256((:n)::text::bytea)".to_owned(),
        "date" => "(now() + :n * interval '1 hour')::date".to_owned(),
        "date[]" => "array[(now() + :n * interval '1 hour')::date]".to_owned(),
        "timestamp with time zone" => varied_time(value),
        "text" if is_code => {
            let half = value.bytes().map(u32::from).sum::<u32>();
            format!("translate(upper(left(md5(:n::text || '{half}'), 8)), '01', 'XY')")
        }
        _ => {
            let parts = split_at_ids(value);
            let expression = |(text, is_id): &(&str, bool)| {
                if *is_id { format!("md5(:n::text || {})::uuid", quoted(text)) } else { quoted(text) }
            };
            parts.iter().map(expression).collect::<Vec<_>>().join(" || ")
        }
    }
}

/// A time of the appointment lies in the future on the minute; all others are moments of now.
fn varied_time(value: &str) -> String {
    let is_slot = value.len() == "2026-12-03 09:20:00+00".len() && value.ends_with(":00+00");
    if is_slot {
        format!("timestamptz '{value}' + interval '10 years' + :n * interval '1 hour'")
    } else {
        format!("timestamptz '{value}'")
    }
}

/// Cuts out UUIDs, 32 bare hexadecimal digits, and nothing else.
fn split_at_ids(value: &str) -> Vec<(&str, bool)> {
    let is_id_at = |at: usize| {
        let is_uuid = value.get(at..at + 36).is_some_and(|it| uuid::Uuid::try_parse(it).is_ok());
        let is_bare = value.get(at..at + 32).is_some_and(|it| uuid::Uuid::try_parse(it).is_ok());
        if is_uuid { Some(36) } else { is_bare.then_some(32) }
    };
    let (mut parts, mut plain, mut at) = (Vec::new(), 0, 0);
    while at < value.len() {
        match is_id_at(at) {
            Some(length) => {
                parts.push((&value[plain..at], false));
                parts.push((&value[at..at + length], true));
                at += length;
                plain = at;
            }
            None => at += 1,
        }
    }
    parts.push((&value[plain..], false));
    parts
}
