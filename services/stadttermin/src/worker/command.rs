//! `stadttermin mail …`: mails that did not go out, for operators.

use std::io::Write;

use anyhow::Context as _;
use clap::Subcommand;
use jiff::Timestamp;
use jobs::Job;
use mail::outbox::{self, Mail};
use tenancy::{Db, Directory, TenantSlug};
use uuid::Uuid;

/// What can be done about mails.
#[derive(Debug, Subcommand)]
pub enum MailCommand {
    /// Lists the mails of all towns that were given up
    Failed,
    /// Sends a mail that was given up again
    Resend {
        /// Short name of the town, such as werne
        tenant: String,
        /// The mail's id, from `mail failed`
        id: Uuid,
    },
}

/// Carries out one command and writes what came of it to `out`.
///
/// # Errors
/// The database's own; also if there is no such town or no such failed mail.
pub async fn run(command: &MailCommand, db: &Db, now: Timestamp, out: &mut (impl Write + Send)) -> anyhow::Result<()> {
    let directory = Directory::load(db).await?;
    match command {
        MailCommand::Failed => list(db, &directory, out).await,
        MailCommand::Resend { tenant, id } => {
            let slug = TenantSlug::parse(tenant)?;
            resend(db, &directory, &slug, *id, now).await?;
            writeln!(out, "{id}: in the queue again")?;
            Ok(())
        }
    }
}

async fn list(db: &Db, directory: &Directory, out: &mut (impl Write + Send)) -> anyhow::Result<()> {
    let mut count = 0;
    for tenant in directory.all() {
        let mut tx = db.tenant_tx(&tenant).await?;
        for mail in outbox::list_failed(&mut tx).await? {
            writeln!(out, "{}", line(&tenant.slug, &mail))?;
            count += 1;
        }
        tx.rollback().await?;
    }
    if count == 0 {
        writeln!(out, "No mail was given up.")?;
    }
    Ok(())
}

/// One mail in one line. The recipient is left out: terminals are logged.
fn line(slug: &TenantSlug, mail: &Mail) -> String {
    let error = mail.last_error.as_deref().unwrap_or("unknown").replace(&mail.recipient, "<recipient>");
    format!(
        "{slug}  {}  {}  asked for {}  {} attempts: {error}",
        mail.id,
        mail.kind.as_str(),
        mail.created_at,
        mail.attempts
    )
}

/// Makes a mail that was given up wait again, with a new job.
///
/// # Errors
/// The database's own; also if there is no such town or no such failed mail.
pub async fn resend(db: &Db, directory: &Directory, slug: &TenantSlug, id: Uuid, now: Timestamp) -> anyhow::Result<()> {
    let tenant = directory.by_slug(slug).with_context(|| format!("there is no town {slug}"))?;
    let mut tx = db.tenant_tx(&tenant).await?;
    let was_failed = outbox::resend(&mut tx, id, now).await?;
    anyhow::ensure!(
        was_failed,
        "{slug} has no mail {id} that was given up and whose booking is still there: see `stadttermin mail failed`"
    );
    jobs::enqueue(&mut tx, Job::new(outbox::QUEUE, outbox::payload(id))).await?;
    Ok(tx.commit().await?)
}
