//! If the town wants it: citizens learn that their appointment is online now.

use jiff::Timestamp;
use mail::outbox::MailKind;
use tenancy::TenantTx;
use tenancy::town::Rules;

use super::Imported;
use crate::notices::{Notices, Reader};

/// Sends the link to the booking to whoever has an address, and will remind them.
///
/// # Errors
/// The database's own.
pub async fn tell(
    tx: &mut TenantTx,
    all: &[Imported],
    language: &str,
    rules: &Rules,
    now: Timestamp,
) -> sqlx::Result<()> {
    let zone = tx.tenant().zone.clone();
    for it in all {
        let Some(address) = it.email.as_deref() else { continue };
        let mut notices = Notices::new(Reader { booking_id: it.booking_id, address, language }, now);
        notices.add(MailKind::NowOnline, None);
        notices.remind((it.appointment_id, 0), it.start, rules.reminder_at, &zone);
        notices.write(tx).await?;
    }
    Ok(())
}
