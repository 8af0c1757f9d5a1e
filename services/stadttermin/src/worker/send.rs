//! Jobs of the queue `mail`: one mail from its row in the town's schema to the mail server.
//!
//! No transaction is open while the mail travels. A worker that is killed in between sends it again, with the same
//! Message-ID; one that is killed before or after does not.

use anyhow::{Context as _, anyhow};
use booking::{BookingView, Status};
use identity::links;
use jiff::Timestamp;
use jobs::{JobContext, JobError};
use mail::outbox::{self, Mail, MailKind, MailState};
use mail::{Message, SendError, Sender};
use schedule::Offices;
use serde_json::Value;
use tenancy::town::Town;
use tenancy::{Tenant, TenantTx};
use uuid::Uuid;
use web::mail::{Letter, StaffLetter, Written, write, write_to_staff};

use super::Settings;

/// What is to be done with a mail.
enum Prepared {
    /// Nothing: it is out already, or gone.
    Nothing,
    /// Forget it, for this reason.
    Drop(&'static str),
    /// Send it.
    Send(Box<Message>),
}

/// Sends the mail a job is about, unless that is done or no longer wanted.
pub(super) async fn send(settings: Settings, context: JobContext, payload: Value) -> Result<(), JobError> {
    let id = payload.get("mail").and_then(Value::as_str).and_then(|id| id.parse().ok());
    let id: Uuid = id.ok_or_else(|| JobError::GiveUp(anyhow!("the job names no mail")))?;
    let tenant = settings.town(&context.tenant).await?;
    let mut tx = settings.db.tenant_tx(&tenant).await?;
    let prepared = match prepare(&settings, &mut tx, id).await {
        Ok(prepared) => prepared,
        Err(error) => {
            tx.rollback().await?;
            return failed(&settings, &context, id, format!("{error:#}"), context.is_last()).await;
        }
    };
    match prepared {
        Prepared::Nothing => Ok(tx.rollback().await?),
        Prepared::Drop(why) => {
            outbox::mark_dropped(&mut tx, id, why).await?;
            Ok(tx.commit().await?)
        }
        Prepared::Send(message) => {
            tx.rollback().await?;
            travel(&settings, &context, id, &message).await
        }
    }
}

/// Hands the mail over, and writes down how that went.
async fn travel(settings: &Settings, context: &JobContext, id: Uuid, message: &Message) -> Result<(), JobError> {
    match settings.transport.send(message).await {
        Ok(()) => {
            let mut tx = settings.db.tenant_tx(&settings.town(&context.tenant).await?).await?;
            outbox::mark_sent(&mut tx, id, (settings.clock)()).await?;
            tx.commit().await?;
            tracing::info!(town = %context.tenant, mail = %id, "sent");
            Ok(())
        }
        Err(SendError::Temporary(words)) => failed(settings, context, id, words, context.is_last()).await,
        Err(SendError::Permanent(words)) => failed(settings, context, id, words, true).await,
    }
}

/// `words` may name the recipient, so they stay in the town's schema: neither the log nor the queue gets them.
async fn failed(
    settings: &Settings,
    context: &JobContext,
    id: Uuid,
    words: String,
    is_final: bool,
) -> Result<(), JobError> {
    let mut tx = settings.db.tenant_tx(&settings.town(&context.tenant).await?).await?;
    outbox::mark_tried(&mut tx, id, &words, is_final).await?;
    tx.commit().await?;
    let said = anyhow!("the mail {id} did not go out at attempt {} of {}", context.attempt, context.max_attempts);
    if is_final {
        tracing::error!(town = %context.tenant, mail = %id, "given up: see `stadttermin mail failed`");
        return Err(JobError::GiveUp(said));
    }
    tracing::warn!(town = %context.tenant, mail = %id, attempt = context.attempt, "not sent, will be tried again");
    Err(JobError::Retry(said))
}

/// Looks at the mail and its booking as they are now.
async fn prepare(settings: &Settings, tx: &mut TenantTx, id: Uuid) -> anyhow::Result<Prepared> {
    let Some(mail) = outbox::find(tx, id).await? else { return Ok(Prepared::Nothing) };
    if mail.state != MailState::Waiting {
        return Ok(Prepared::Nothing);
    }
    if let Some(link) = mail.staff_link_id {
        return prepare_for_staff(settings, tx, mail, link).await;
    }
    let Some(booking_id) = mail.booking_id else { return Ok(Prepared::Drop("it belongs to no booking")) };
    let Some(booking) = booking::find(tx, booking_id).await? else { return Ok(Prepared::Drop("its booking is gone")) };
    if let Some(why) = is_outdated(settings, &mail, &booking) {
        return Ok(Prepared::Drop(why));
    }
    let town = Town::load(tx).await?;
    let offices = Offices::load_with_closed(tx).await?;
    let now = (settings.clock)();
    let tenant = tx.tenant();
    let letter = Letter {
        kind: mail.kind,
        language: &mail.language,
        tenant,
        town: &town,
        offices: &offices,
        booking: &booking,
        appointment: mail.appointment_id,
        token: &settings.links.token(booking_id),
        now,
    };
    let written = write(&settings.renderer, &letter).context("writing the mail")?;
    let Some(written) = written else { return Ok(Prepared::Drop("what it is about is no longer so")) };
    Ok(Prepared::Send(Box::new(message(mail, tenant, &town, written, now))))
}

/// The same for a mail that brings a colleague a link.
async fn prepare_for_staff(settings: &Settings, tx: &mut TenantTx, mail: Mail, link: Uuid) -> anyhow::Result<Prepared> {
    let now = (settings.clock)();
    let Some((purpose, account)) = links::of_mail(tx, link, now).await? else {
        return Ok(Prepared::Drop("its link is used or too old"));
    };
    let town = Town::load(tx).await?;
    let letter = StaffLetter {
        purpose,
        account: &account,
        language: &mail.language,
        tenant: tx.tenant(),
        town: &town,
        token: &settings.vault.token(link),
        until: mail.created_at.saturating_add(purpose.good_for())?,
    };
    let written = write_to_staff(&settings.renderer, &letter).context("writing the mail")?;
    Ok(Prepared::Send(Box::new(message(mail, tx.tenant(), &town, written, now))))
}

fn message(mail: Mail, tenant: &Tenant, town: &Town, written: Written, now: Timestamp) -> Message {
    let sender = &town.profile.mail;
    Message {
        id: mail.id,
        tenant: tenant.slug.to_string(),
        date: now,
        from: Sender {
            name: sender.from_name.clone(),
            address: sender.from_address.clone(),
            reply_to: sender.reply_to.clone(),
        },
        to: mail.recipient,
        language: mail.language,
        subject: written.subject,
        text: written.text,
        html: written.html,
        calendar: written.calendar,
    }
}

/// Why nobody wants this mail any more, if so. A reminder is for an appointment that is booked, unchanged and ahead; the
/// news of a move is for the last move.
fn is_outdated(settings: &Settings, mail: &Mail, booking: &BookingView) -> Option<&'static str> {
    let is_about_one_time = matches!(mail.kind, MailKind::Reminder | MailKind::Move | MailKind::MovedByTown);
    let appointment = mail.appointment_id.filter(|_| is_about_one_time)?;
    let Some(appointment) = booking.appointment(appointment) else { return Some("its appointment is gone") };
    if appointment.sequence != mail.sequence || appointment.status == Status::Cancelled {
        return Some("the appointment was cancelled or moved");
    }
    if mail.kind == MailKind::Reminder && appointment.start <= (settings.clock)() {
        return Some("the appointment is past");
    }
    None
}
