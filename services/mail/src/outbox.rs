//! What must go out and what became of it: the table `mail`.

mod record;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use serde::{Deserialize, Serialize};
use tenancy::TenantTx;
use uuid::Uuid;

pub use record::{Mail, MailState, carry_over, find, forget, list_failed, mark_dropped, mark_sent, mark_tried, resend};

/// The queue whose jobs send mails. The payload is `{"mail": id}`.
pub const QUEUE: &str = "mail";

/// What a mail is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// The booking is made.
    Confirmation,
    /// The appointment is tomorrow.
    Reminder,
    /// An appointment, or the whole booking, is cancelled.
    Cancellation,
    /// An appointment has another time.
    Move,
    /// The link to the booking, asked for with code and address.
    ManageLink,
    /// The town had to give an appointment another time.
    MovedByTown,
    /// The town had to cancel an appointment.
    CancelledByTown,
    /// An appointment made before launch can be managed on the web from now on.
    NowOnline,
    /// A new colleague chooses a password.
    Invitation,
    /// A colleague has forgotten theirs.
    PasswordReset,
}

/// A mail to be sent.
#[derive(Clone, Debug)]
pub struct NewMail {
    /// Chosen by the caller, so that job and row can be written together.
    pub id: Uuid,
    /// What it is about.
    pub kind: MailKind,
    /// The booking.
    pub booking_id: Option<Uuid>,
    /// One appointment of it; none: the whole booking.
    pub appointment_id: Option<Uuid>,
    /// The link of a colleague that the mail brings.
    pub staff_link_id: Option<Uuid>,
    /// The appointment's sequence now: a reminder of an older one is dropped.
    pub sequence: i32,
    /// Whom it goes to.
    pub recipient: String,
    /// Their language.
    pub language: String,
    /// When it shall go out.
    pub due_at: Timestamp,
}

impl MailKind {
    /// As written in the database and in template names.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirmation => "confirmation",
            Self::Reminder => "reminder",
            Self::Cancellation => "cancellation",
            Self::Move => "move",
            Self::ManageLink => "manage_link",
            Self::MovedByTown => "moved_by_town",
            Self::CancelledByTown => "cancelled_by_town",
            Self::NowOnline => "now_online",
            Self::Invitation => "invitation",
            Self::PasswordReset => "password_reset",
        }
    }

    /// All kinds.
    pub fn all() -> [Self; 10] {
        [
            Self::Confirmation,
            Self::Reminder,
            Self::Cancellation,
            Self::Move,
            Self::ManageLink,
            Self::MovedByTown,
            Self::CancelledByTown,
            Self::NowOnline,
            Self::Invitation,
            Self::PasswordReset,
        ]
    }

    fn parse(word: &str) -> Option<Self> {
        Self::all().into_iter().find(|kind| kind.as_str() == word)
    }
}

/// The job payload that sends mail `id`.
pub fn payload(id: Uuid) -> serde_json::Value {
    serde_json::json!({ "mail": id })
}

/// Writes mails down, with one statement. The caller enqueues their jobs in the same transaction. One that was dropped waits
/// again: a reminder, when its booking was taken back and is made once more.
///
/// # Errors
/// The database's own.
pub async fn insert(tx: &mut TenantTx, mails: &[NewMail]) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = mails.iter().map(|mail| mail.id).collect();
    let kinds: Vec<&str> = mails.iter().map(|mail| mail.kind.as_str()).collect();
    let bookings: Vec<Option<Uuid>> = mails.iter().map(|mail| mail.booking_id).collect();
    let appointments: Vec<Option<Uuid>> = mails.iter().map(|mail| mail.appointment_id).collect();
    let sequences: Vec<i32> = mails.iter().map(|mail| mail.sequence).collect();
    let recipients: Vec<&str> = mails.iter().map(|mail| mail.recipient.as_str()).collect();
    let languages: Vec<&str> = mails.iter().map(|mail| mail.language.as_str()).collect();
    let links: Vec<Option<Uuid>> = mails.iter().map(|mail| mail.staff_link_id).collect();
    let due: Vec<_> = mails.iter().map(|mail| mail.due_at.to_sqlx()).collect();
    sqlx::query(
        "INSERT INTO mail (id, kind, booking_id, appointment_id, sequence, recipient, language, due_at, staff_link_id)
         SELECT id, kind, booking_id, appointment_id, sequence, recipient, language, due_at, staff_link_id
           FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::int[], $6::text[], $7::text[],
                       $8::timestamptz[], $9::uuid[])
             AS mail (id, kind, booking_id, appointment_id, sequence, recipient, language, due_at, staff_link_id)
         ON CONFLICT (id) DO UPDATE
            SET booking_id = excluded.booking_id, recipient = excluded.recipient, language = excluded.language,
                due_at = excluded.due_at, state = 'waiting', attempts = 0, last_error = NULL
          WHERE mail.state <> 'sent'",
    )
    .bind(ids)
    .bind(kinds)
    .bind(bookings)
    .bind(appointments)
    .bind(sequences)
    .bind(recipients)
    .bind(languages)
    .bind(due)
    .bind(links)
    .execute(tx.conn())
    .await?;
    Ok(())
}
