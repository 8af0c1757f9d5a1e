//! Reminders follow appointments that an import moves, cancels or books again. Nobody gets any other mail of it: whoever
//! changes the file has told the citizen.

use jiff::Timestamp;
use tenancy::TenantTx;
use tenancy::town::Rules;

use super::{Imported, Standing};
use crate::notices::{Notices, Reader, withdraw_reminder};

/// Takes the reminders back that were planned for these.
pub(super) async fn withdraw_all(tx: &mut TenantTx, all: &[Standing]) -> sqlx::Result<()> {
    for it in all.iter().filter(|it| it.is_reminded()) {
        withdraw_reminder(tx, it.imported.appointment_id, it.sequence).await?;
    }
    Ok(())
}

/// Plans a reminder for each that was changed by one, for whoever knows of the appointment and wants one. `before` is how
/// they stood, in the same order.
pub(super) async fn plan_all(
    tx: &mut TenantTx,
    all: &[Imported],
    before: &[Standing],
    rules: &Rules,
    now: Timestamp,
) -> sqlx::Result<()> {
    let zone = tx.tenant().zone.clone();
    for (it, before) in all.iter().zip(before).filter(|(_, before)| before.wants_reminder) {
        let Some(address) = it.email.as_deref() else { continue };
        let reader = Reader { booking_id: it.booking_id, address, language: &before.language };
        let mut notices = Notices::new(reader, now);
        notices.remind((it.appointment_id, before.next().sequence), it.start, rules.reminder_at, &zone);
        notices.write(tx).await?;
    }
    Ok(())
}

/// Reminds these, which [`super::add_all`] has just written: they were told of their appointments once, before the retention
/// removed them.
///
/// # Errors
/// The database's own.
pub async fn remind_again(
    tx: &mut TenantTx,
    all: &[Imported],
    language: &str,
    rules: &Rules,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE booking SET wants_reminder = true WHERE id = ANY($1)")
        .bind(all.iter().map(|it| it.booking_id).collect::<Vec<_>>())
        .execute(tx.conn())
        .await?;
    let zone = tx.tenant().zone.clone();
    for it in all {
        let Some(address) = it.email.as_deref() else { continue };
        let mut notices = Notices::new(Reader { booking_id: it.booking_id, address, language }, now);
        notices.remind((it.appointment_id, 0), it.start, rules.reminder_at, &zone);
        notices.write(tx).await?;
    }
    Ok(())
}

impl Standing {
    fn is_reminded(&self) -> bool {
        self.wants_reminder && self.imported.email.is_some()
    }
}
