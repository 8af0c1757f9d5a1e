//! From what a citizen has chosen to the appointments it takes: quantities, combinability, total duration.

use catalog::{Booking, Catalog, Choice, Concern, ConcernId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tenancy::town::Rules;

use crate::Item;

/// How several concerns become appointments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// All in one appointment, as in Werne.
    #[default]
    Combined,
    /// One appointment for each, as in Porta Westfalica.
    Separate,
}

/// An appointment that has no time yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// What it is for.
    pub items: Vec<Item>,
    /// The same as numbers: a counter must serve all of them.
    pub concern_ids: Vec<ConcernId>,
    /// Its duration.
    pub minutes: u16,
    /// What is due in any case, in cents.
    pub fee_cents: u32,
}

/// What is wrong with a choice. Concerns are named by their keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectionProblem {
    /// Nothing was chosen.
    #[error("nothing was chosen")]
    Empty,
    /// The town has no such concern, or no longer.
    #[error("there is no concern “{concern}”")]
    Unknown {
        /// As sent.
        concern: String,
    },
    /// It can only be booked by telephone.
    #[error("“{concern}” is booked by telephone")]
    PhoneOnly {
        /// Key.
        concern: String,
    },
    /// Less than one, or more than the town allows.
    #[error("“{concern}” can be chosen 1 to {max} times, not {quantity} times")]
    Quantity {
        /// Key.
        concern: String,
        /// As sent.
        quantity: u8,
        /// The town's limit.
        max: u8,
    },
    /// It needs an appointment of its own.
    #[error("“{concern}” cannot be combined with other concerns")]
    Alone {
        /// Key.
        concern: String,
    },
    /// An appointment would be longer than the town allows.
    #[error("{minutes} minutes are more than the {max} of one appointment")]
    TooLong {
        /// Together.
        minutes: u16,
        /// The town's limit.
        max: u16,
    },
    /// More appointments than the town allows in one booking.
    #[error("{appointments} appointments are more than the {max} of one booking")]
    TooMany {
        /// As chosen.
        appointments: usize,
        /// The town's limit.
        max: u8,
    },
    /// The town does not offer this way of booking several concerns.
    #[error("several concerns cannot be booked in this way here")]
    ModeNotOffered,
}

/// The appointments that `selection` takes, with the fees of `day`, in the order of the choice.
///
/// A concern that is named twice counts as often as both together.
///
/// # Errors
/// Everything that is wrong, so that all of it can be shown at once.
pub fn plan(
    catalog: &Catalog,
    rules: &Rules,
    selection: &[Choice],
    mode: Mode,
    day: Date,
) -> Result<Vec<Planned>, Vec<SelectionProblem>> {
    let choices = joined(selection);
    let mut problems = Vec::new();
    let mut chosen = Vec::new();
    for (key, quantity) in choices {
        match find(catalog, key, quantity) {
            Ok(concern) => chosen.push((concern, quantity)),
            Err(problem) => problems.push(problem),
        }
    }
    if chosen.is_empty() && problems.is_empty() {
        problems.push(SelectionProblem::Empty);
    }
    problems.extend(mode_problems(&chosen, rules, mode));
    let groups: Vec<&[(&Concern, u8)]> = match mode {
        Mode::Combined => vec![&chosen[..]],
        Mode::Separate => chosen.chunks(1).collect(),
    };
    let planned: Vec<Planned> = groups.into_iter().map(|group| Planned::new(group, day)).collect();
    let too_long = planned.iter().filter(|it| it.minutes > rules.max_total_minutes);
    problems.extend(too_long.map(|it| SelectionProblem::TooLong { minutes: it.minutes, max: rules.max_total_minutes }));
    if planned.len() > usize::from(rules.max_appointments) {
        problems.push(SelectionProblem::TooMany { appointments: planned.len(), max: rules.max_appointments });
    }
    if problems.is_empty() { Ok(planned) } else { Err(problems) }
}

/// Every concern once, in the order of the choice.
fn joined(selection: &[Choice]) -> Vec<(&str, u8)> {
    let mut choices: Vec<(&str, u8)> = Vec::new();
    for choice in selection {
        match choices.iter_mut().find(|(key, _)| *key == choice.concern) {
            Some((_, quantity)) => *quantity = quantity.saturating_add(choice.quantity),
            None => choices.push((&choice.concern, choice.quantity)),
        }
    }
    choices
}

fn find<'a>(catalog: &'a Catalog, key: &str, quantity: u8) -> Result<&'a Concern, SelectionProblem> {
    let concern = catalog.get(key).ok_or_else(|| SelectionProblem::Unknown { concern: key.to_owned() })?;
    if let Booking::Phone { .. } = concern.booking {
        return Err(SelectionProblem::PhoneOnly { concern: key.to_owned() });
    }
    if quantity == 0 || quantity > concern.max_quantity {
        return Err(SelectionProblem::Quantity { concern: key.to_owned(), quantity, max: concern.max_quantity });
    }
    Ok(concern)
}

/// One concern alone can always be booked; several only as the town offers it.
fn mode_problems(chosen: &[(&Concern, u8)], rules: &Rules, mode: Mode) -> Vec<SelectionProblem> {
    if chosen.len() < 2 {
        return Vec::new();
    }
    match mode {
        Mode::Separate if rules.separate => Vec::new(),
        Mode::Combined if rules.combined => {
            let alone = chosen.iter().filter(|(concern, _)| concern.alone);
            alone.map(|(concern, _)| SelectionProblem::Alone { concern: concern.key.clone() }).collect()
        }
        Mode::Separate | Mode::Combined => vec![SelectionProblem::ModeNotOffered],
    }
}

impl Planned {
    /// What these concerns take together, with the fees of `day`, whatever the town's rules say of it.
    pub fn new(group: &[(&Concern, u8)], day: Date) -> Self {
        let items: Vec<Item> = group.iter().map(|(concern, quantity)| Item::new(concern, *quantity, day)).collect();
        Self {
            concern_ids: items.iter().map(|item| item.concern_id).collect(),
            minutes: items.iter().fold(0, |sum, item| sum.saturating_add(item.minutes)),
            fee_cents: items.iter().map(|item| item.fee_cents).sum(),
            items,
        }
    }
}

impl Mode {
    /// As written in the database.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Combined => "combined",
            Self::Separate => "separate",
        }
    }

    pub(crate) fn parse(word: &str) -> Self {
        if word == "separate" { Self::Separate } else { Self::Combined }
    }

    /// How many appointments this choice takes.
    pub(crate) fn appointments(self, selection: &[Choice]) -> usize {
        match self {
            Self::Combined => usize::from(!selection.is_empty()),
            Self::Separate => joined(selection).len(),
        }
    }
}

#[cfg(test)]
#[path = "plan/tests.rs"]
mod tests;
