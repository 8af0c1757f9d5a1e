//! From what a caller wants to one appointment. Staff may exceed what citizens may choose; each time it is noted.

use catalog::{Booking, Catalog, Choice, Concern, MAX_QUANTITY};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx as _;
use tenancy::TenantTx;
use tenancy::town::Rules;

use crate::{Item, Planned, SelectionProblem};

/// An appointment for a caller, with the citizens' rules that it exceeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intake {
    /// All concerns together.
    pub planned: Planned,
    /// What a citizen could not have booked like this. Nothing of it stands in the way.
    pub exceeds: Vec<SelectionProblem>,
}

/// The one appointment that all of `selection` takes, with the fees of `day`. What the town no longer has is left out.
///
/// `None`: nothing is chosen. A quantity is at least 1 and at most [`MAX_QUANTITY`].
pub fn intake(catalog: &Catalog, rules: &Rules, selection: &[Choice], day: Date) -> Option<Intake> {
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
    let items: Vec<Item> = chosen.iter().map(|(concern, quantity)| Item::new(concern, *quantity, day)).collect();
    let planned = Planned {
        concern_ids: items.iter().map(|it| it.concern_id).collect(),
        minutes: items.iter().fold(0, |sum, it| sum.saturating_add(it.minutes)),
        fee_cents: items.iter().map(|it| it.fee_cents).sum(),
        items,
    };
    let exceeds = exceeded(&chosen, planned.minutes, rules);
    Some(Intake { planned, exceeds })
}

fn exceeded(chosen: &[(&Concern, u8)], minutes: u16, rules: &Rules) -> Vec<SelectionProblem> {
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
        if concern.alone && chosen.len() > 1 {
            found.push(SelectionProblem::Alone { concern: key });
        }
    }
    if chosen.len() > 1 && !rules.combined {
        found.push(SelectionProblem::ModeNotOffered);
    }
    if minutes > rules.max_total_minutes {
        found.push(SelectionProblem::TooLong { minutes, max: rules.max_total_minutes });
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
