//! Absences as they were carried out, with what became of everybody.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff_sqlx::ToSqlx as _;
use schedule::{CounterId, LocationId};
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Missing, Spot};

/// What became of an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Another counter has it at the same time.
    Absorbed,
    /// It is at another time.
    Moved,
    /// It does not take place.
    Cancelled,
    /// It is still where it was: somebody calls.
    Kept,
}

/// A counter or an office that was closed.
#[derive(Clone, Debug)]
pub struct Absence {
    /// From the form that closed it.
    pub id: Uuid,
    /// What is closed.
    pub missing: Missing,
    /// For colleagues.
    pub reason: String,
    /// Who closed it.
    pub staff_name: String,
    /// When.
    pub created_at: Timestamp,
    /// When the mails go out; it can be taken back until then.
    pub send_at: Timestamp,
    /// When it was taken back.
    pub undone_at: Option<Timestamp>,
    /// Everybody concerned, in the order of their appointments.
    pub changes: Vec<AbsenceChange>,
}

/// One appointment.
#[derive(Clone, Debug)]
pub struct AbsenceChange {
    /// The appointment.
    pub appointment_id: Uuid,
    /// What became of it.
    pub outcome: Outcome,
    /// Where it was.
    pub before: Spot,
    /// Where it is.
    pub after: Spot,
    /// Whose it is. Empty if the booking has been deleted since.
    pub name: String,
    /// For a call.
    pub phone: Option<String>,
    /// Has to be called: there is no mail address, or no place was found.
    pub phone_first: bool,
    /// When somebody has called.
    pub phoned_at: Option<Timestamp>,
}

impl Outcome {
    /// As written in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Absorbed => "absorbed",
            Self::Moved => "moved",
            Self::Cancelled => "cancelled",
            Self::Kept => "kept",
        }
    }

    fn parse(word: &str) -> Self {
        match word {
            "absorbed" => Self::Absorbed,
            "moved" => Self::Moved,
            "cancelled" => Self::Cancelled,
            _ => Self::Kept,
        }
    }
}

impl Absence {
    /// Whether it can still be taken back.
    pub fn can_undo(&self, now: Timestamp) -> bool {
        self.undone_at.is_none() && now < self.send_at
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    location_id: LocationId,
    counter_id: Option<CounterId>,
    first_day: jiff_sqlx::Date,
    last_day: jiff_sqlx::Date,
    from_time: Option<jiff_sqlx::Time>,
    until_time: Option<jiff_sqlx::Time>,
    reason: String,
    staff_name: String,
    created_at: jiff_sqlx::Timestamp,
    send_at: jiff_sqlx::Timestamp,
    undone_at: Option<jiff_sqlx::Timestamp>,
}

#[derive(sqlx::FromRow)]
struct ChangeRow {
    appointment_id: Uuid,
    outcome: String,
    before: Json<Spot>,
    after: Json<Spot>,
    name: Option<String>,
    phone: Option<String>,
    phone_first: bool,
    phoned_at: Option<jiff_sqlx::Timestamp>,
}

/// One absence.
///
/// # Errors
/// The database's own.
pub async fn find(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<Option<Absence>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, location_id, counter_id, first_day, last_day, from_time, until_time, reason, staff_name, created_at,
                send_at, undone_at
           FROM absence WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let changes = changes(tx, id).await?;
    Ok(Some(row.into_absence(changes)))
}

/// Absences at an office that end on `today` or later and hold, the newest first, without their changes.
///
/// # Errors
/// The database's own.
pub async fn open(tx: &mut TenantTx, location: LocationId, today: Date) -> sqlx::Result<Vec<Absence>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, location_id, counter_id, first_day, last_day, from_time, until_time, reason, staff_name, created_at,
                send_at, undone_at
           FROM absence WHERE location_id = $1 AND last_day >= $2 AND state = 'done' ORDER BY created_at DESC",
    )
    .bind(location)
    .bind(today.to_sqlx())
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| row.into_absence(Vec::new())).collect())
}

/// Ticks off that somebody has been called. `false`: nobody is to be called there.
///
/// # Errors
/// The database's own.
pub async fn phoned(tx: &mut TenantTx, id: Uuid, appointment_id: Uuid, now: Timestamp) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE absence_change SET phoned_at = coalesce(phoned_at, $3) 
          WHERE absence_id = $1 AND appointment_id = $2 AND phone_first",
    )
    .bind(id)
    .bind(appointment_id)
    .bind(now.to_sqlx())
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

async fn changes(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<Vec<AbsenceChange>> {
    let rows: Vec<ChangeRow> = sqlx::query_as(
        "SELECT c.appointment_id, c.outcome, c.before, c.after, b.name, b.phone, c.phone_first, c.phoned_at
           FROM absence_change c LEFT JOIN appointment a ON a.id = c.appointment_id
           LEFT JOIN booking b ON b.id = a.booking_id
          WHERE c.absence_id = $1 ORDER BY c.before->>'start', c.appointment_id",
    )
    .bind(id)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(ChangeRow::into_change).collect())
}

impl Row {
    fn into_absence(self, changes: Vec<AbsenceChange>) -> Absence {
        let hours = self.from_time.zip(self.until_time);
        Absence {
            id: self.id,
            missing: Missing {
                location: self.location_id,
                counter: self.counter_id,
                first: self.first_day.to_jiff(),
                last: self.last_day.to_jiff(),
                hours: hours.map(|(from, until): (jiff_sqlx::Time, jiff_sqlx::Time)| -> (Time, Time) {
                    (from.to_jiff(), until.to_jiff())
                }),
            },
            reason: self.reason,
            staff_name: self.staff_name,
            created_at: self.created_at.to_jiff(),
            send_at: self.send_at.to_jiff(),
            undone_at: self.undone_at.map(jiff_sqlx::Timestamp::to_jiff),
            changes,
        }
    }
}

impl ChangeRow {
    fn into_change(self) -> AbsenceChange {
        AbsenceChange {
            appointment_id: self.appointment_id,
            outcome: Outcome::parse(&self.outcome),
            before: self.before.0,
            after: self.after.0,
            name: self.name.unwrap_or_default(),
            phone: self.phone,
            phone_first: self.phone_first,
            phoned_at: self.phoned_at.map(jiff_sqlx::Timestamp::to_jiff),
        }
    }
}
