//! `stadttermin staff …`: the accounts of a town, for operators. A town's first admin is invited so; the rest is done on
//! the town's own pages.

mod command;

use std::io::Write;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use identity::people::By;
use identity::{Account, State, Vault, links, people, provider};
use jiff::Timestamp;
use tenancy::{Db, Directory, Tenant, TenantSlug, TenantTx};
use uuid::Uuid;

pub use command::{Colleague, StaffCommand, Whose};

/// Carries out one command and writes what came of it to `out`. `vault` is only asked for by those that send a link.
///
/// # Errors
/// If there is no such town or account, or the account is not in a state for it; the message says what to do.
pub async fn run(
    command: &StaffCommand,
    db: &Db,
    vault: impl FnOnce() -> anyhow::Result<Vault>,
    now: Timestamp,
    out: &mut (impl Write + Send),
) -> anyhow::Result<()> {
    let tenant = find_town(db, command.town()).await?;
    let mut tx = db.tenant_tx(&tenant).await?;
    let by = By::operator();
    let said = match command {
        StaffCommand::List { .. } => list(&mut tx).await?,
        StaffCommand::Invite(colleague) => invite(&mut tx, &vault()?, colleague, now).await?,
        StaffCommand::Disable(whose) => {
            let id = account(&mut tx, whose).await?.staff.id;
            people::disable(&mut tx, id, &by, now).await?;
            format!("{}: switched off, all sessions have ended\n", whose.email.as_str())
        }
        StaffCommand::Enable(whose) => {
            let id = account(&mut tx, whose).await?.staff.id;
            people::enable(&mut tx, id, &by, now).await?;
            let state = account(&mut tx, whose).await?.state.as_str();
            format!("{}: {state}\n", whose.email.as_str())
        }
        StaffCommand::ForgetSecondFactor(whose) => {
            let id = account(&mut tx, whose).await?.staff.id;
            people::forget_second_factor(&mut tx, id, &by, now).await?;
            format!("{}: signs in without a code until a new second factor is set up\n", whose.email.as_str())
        }
        StaffCommand::ForgetProvider(whose) => {
            let id = account(&mut tx, whose).await?.staff.id;
            provider::forget(&mut tx, id, &by, now).await?;
            format!("{}: whoever signs in with this address at the provider next gets the account\n", whose.email)
        }
    };
    tx.commit().await?;
    Ok(out.write_all(said.as_bytes())?)
}

async fn find_town(db: &Db, slug: &TenantSlug) -> anyhow::Result<Arc<Tenant>> {
    Directory::load(db).await?.by_slug(slug).with_context(|| format!("there is no town {slug}"))
}

async fn account(tx: &mut TenantTx, whose: &Whose) -> anyhow::Result<Account> {
    let found = identity::find_by_email(tx, whose.email.as_str()).await?;
    found.with_context(|| format!("{} has no account in {}: see `stadttermin staff list`", whose.email, whose.town))
}

async fn list(tx: &mut TenantTx) -> anyhow::Result<String> {
    let accounts = people::list(tx).await?;
    if accounts.is_empty() {
        return Ok("Nobody has an account yet: `stadttermin staff invite` makes the first one.\n".to_owned());
    }
    Ok(accounts.iter().map(|account| format!("{}\n", line(account))).collect())
}

fn line(account: &Account) -> String {
    let factor = if account.has_second_factor { "second factor" } else { "-" };
    let used = account.signed_in_at.map_or_else(|| "never signed in".to_owned(), |at| format!("signed in {at:.0}"));
    let (staff, state) = (&account.staff, account.state.as_str());
    format!("{}  {}  {state}  {factor}  {used}  {}", staff.email, staff.role.as_str(), staff.name)
}

/// Invites, or invites once more whoever has not answered yet.
async fn invite(tx: &mut TenantTx, vault: &Vault, who: &Colleague, now: Timestamp) -> anyhow::Result<String> {
    let (by, email) = (By::operator(), who.whose.email.as_str());
    match identity::find_by_email(tx, email).await? {
        None => {
            let new = links::NewColleague {
                id: Uuid::new_v4(),
                email: email.to_owned(),
                name: who.name.as_str().to_owned(),
                role: who.role,
                language: who.language.clone(),
            };
            links::invite(tx, vault, &new, &by, now).await?;
        }
        Some(known) if known.state == State::Invited => {
            links::invite_again(tx, vault, known.staff.id, &by, now).await?;
        }
        Some(known) => bail!("{email} has an account already: {}, {}", known.staff.role.as_str(), known.state.as_str()),
    }
    Ok(format!("{email}: the invitation is in the queue, its link is good for 7 days\n"))
}
