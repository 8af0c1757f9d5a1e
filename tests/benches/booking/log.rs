//! What the database was asked, from its own log.

use std::path::Path;

use sqlx::Connection;
use sqlx::postgres::PgConnection;

/// A statement that was run, with the values of its parameters as the log writes them.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The database process it ran in: transactions of several connections mix in the log.
    pub session: String,
    pub sql: String,
    pub parameters: Vec<Option<String>>,
}

/// Makes the database write down every statement of all connections from now on, or no longer.
pub async fn switch(admin: &str, is_on: bool) -> anyhow::Result<()> {
    let mut owner = PgConnection::connect(admin).await?;
    let duration = if is_on { "0" } else { "-1" };
    let setting = format!("ALTER SYSTEM SET log_min_duration_statement = {duration}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(setting)).execute(&mut owner).await?;
    sqlx::raw_sql("SELECT pg_reload_conf()").execute(&mut owner).await?;
    // Connections read the new settings when they are next asked something.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    owner.close().await?;
    Ok(())
}

/// The statements that were run since the log had `from` bytes, in their order. `BEGIN` and the like are among them.
pub async fn statements(log: &Path, from: u64) -> anyhow::Result<Vec<Statement>> {
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    let bytes = std::fs::read(log)?;
    let text = String::from_utf8_lossy(&bytes[usize::try_from(from)?.min(bytes.len())..]).into_owned();
    let mut found: Vec<Statement> = Vec::new();
    for entry in entries(&text) {
        if let Some((begin, run)) = entry.split_once("LOG:  duration: ") {
            let session = begin.split(['[', ']']).nth(1).unwrap_or_default().to_owned();
            let Some((_, what)) = run.split_once(" ms  ") else { continue };
            let is_run = what.starts_with("execute ") || what.starts_with("statement: ");
            let Some((_, sql)) = what.split_once(": ").filter(|_| is_run) else { continue };
            found.push(Statement { session, sql: sql.trim().to_owned(), parameters: Vec::new() });
        } else if let (Some((_, list)), Some(last)) = (entry.split_once("DETAIL:  parameters: "), found.last_mut())
            && last.parameters.is_empty()
        {
            last.parameters = parameters(list);
        }
    }
    Ok(found)
}

/// Splits the log where a line begins with a date; the lines of one entry begin with a tab.
fn entries(text: &str) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix('\t'), entries.last_mut()) {
            (Some(more), Some(entry)) => *entry += &format!("\n{more}"),
            _ => entries.push(line.to_owned()),
        }
    }
    entries
}

/// `$1 = 'it''s', $2 = NULL`
fn parameters(list: &str) -> Vec<Option<String>> {
    let mut found = Vec::new();
    let mut rest = list;
    while let Some((_, value)) = rest.split_once(" = ") {
        let Some(mut text) = value.strip_prefix('\'') else {
            found.push(None);
            rest = value;
            continue;
        };
        let mut whole = String::new();
        while let Some(end) = text.find('\'') {
            whole += &text[..end];
            text = &text[end + 1..];
            let Some(more) = text.strip_prefix('\'') else { break };
            whole.push('\'');
            text = more;
        }
        found.push(Some(whole));
        rest = text;
    }
    found
}
