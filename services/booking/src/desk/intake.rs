//! From what a caller wants to appointments. Staff may exceed what citizens may choose; each time it is noted.

use catalog::{Booking, Catalog, Choice, Concern, MAX_QUANTITY};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx as _;
use tenancy::TenantTx;
use tenancy::town::Rules;

use crate::{Mode, Planned, SelectionProblem};

/// Appointments for a caller, with the citizens' rules that they exceed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intake {
    /// All concerns in one, or one each in the order of the choice.
    pub planned: Vec<Planned>,
    /// What a citizen could not have booked like this. Nothing of it stands in the way.
    pub exceeds: Vec<SelectionProblem>,
}

/// The appointments that `selection` takes, with the fees of `day`. What the town no longer has is left out.
///
/// `None`: nothing is chosen. A quantity is at least 1 and at most [`MAX_QUANTITY`].
pub fn intake(catalog: &Catalog, rules: &Rules, selection: &[Choice], mode: Mode, day: Date) -> Option<Intake> {
    let mut chosen: Vec<(&Concern, u8)> = Vec::new();
    for choice in selection {
        let Some(concern) = catalog.get(&choice.concern) else { continue };
        if !chosen.iter().any(|(known, _)| known.key == concern.key) {
            chosen.push((concern, choice.quantity.clamp(1, MAX_QUANTITY)));
        }
    }
    if chosen.is_empty() {
        return None;
    }
    let planned: Vec<Planned> = match mode {
        Mode::Combined => vec![Planned::new(&chosen, day)],
        Mode::Separate => chosen.chunks(1).map(|one| Planned::new(one, day)).collect(),
    };
    let exceeds = exceeded(&chosen, &planned, rules);
    Some(Intake { planned, exceeds })
}

impl Intake {
    /// How long all of it takes, in minutes.
    pub fn minutes(&self) -> u16 {
        self.planned.iter().fold(0, |sum, it| sum.saturating_add(it.minutes))
    }

    /// What is due for all of it in any case, in cents.
    pub fn fee_cents(&self) -> u32 {
        self.planned.iter().map(|it| it.fee_cents).sum()
    }
}

fn exceeded(chosen: &[(&Concern, u8)], planned: &[Planned], rules: &Rules) -> Vec<SelectionProblem> {
    let is_joint = planned.len() < chosen.len();
    let mut found = Vec::new();
    for (concern, quantity) in chosen {
        let key = concern.key.clone();
        if matches!(concern.booking, Booking::Phone { .. }) {
            found.push(SelectionProblem::PhoneOnly { concern: key.clone() });
        }
        if *quantity > concern.max_quantity {
            let (quantity, max) = (*quantity, concern.max_quantity);
            found.push(SelectionProblem::Quantity { concern: key.clone(), quantity, max });
        }
        if concern.alone && is_joint {
            found.push(SelectionProblem::Alone { concern: key });
        }
    }
    if is_joint && !rules.combined {
        found.push(SelectionProblem::ModeNotOffered);
    }
    let too_long = planned.iter().filter(|it| it.minutes > rules.max_total_minutes);
    found.extend(too_long.map(|it| SelectionProblem::TooLong { minutes: it.minutes, max: rules.max_total_minutes }));
    if planned.len() > usize::from(rules.max_appointments) {
        found.push(SelectionProblem::TooMany { appointments: planned.len(), max: rules.max_appointments });
    }
    found
}

/// How many appointments are still to come under an address, in any case.
///
/// # Errors
/// The database's own.
pub async fn upcoming(tx: &mut TenantTx, email: &str, now: Timestamp) -> sqlx::Result<usize> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT count(*) FROM booking b JOIN appointment a ON a.booking_id = b.id
          WHERE lower(b.email) = lower($1) AND b.state = 'booked' AND a.status = 'booked' AND lower(a.during) > $2",
    )
    .bind(email)
    .bind(now.to_sqlx())
    .fetch_one(tx.conn())
    .await?;
    Ok(usize::try_from(count).unwrap_or(0))
}
