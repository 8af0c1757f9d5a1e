//! From a choice to the appointments it needs, or to the words for why it cannot be booked like that.

use booking::{Planned, SelectionProblem};
use jiff::civil::Date;

use crate::citizen::chosen::Chosen;
use crate::citizen::problem::{Problem, selection_problem};
use crate::extract::Site;

/// A choice that cannot be booked.
pub struct Refused {
    /// Why, in words.
    pub problems: Vec<Problem>,
    /// Something was chosen that does not exist.
    pub is_unknown: bool,
}

/// The appointments that the choice needs, with the fees of `day`.
///
/// # Errors
/// [`Refused`]: nothing chosen, unknown concerns, too many of one, too long, not to be combined.
pub fn plan(site: &Site, chosen: &Chosen, day: Date) -> Result<Vec<Planned>, Refused> {
    let town = &site.town;
    booking::plan(&town.catalog, &town.town.rules, &chosen.selection, chosen.mode, day).map_err(|refused| Refused {
        problems: refused.iter().map(|it| selection_problem(site, it)).collect(),
        is_unknown: refused.iter().any(|it| matches!(it, SelectionProblem::Unknown { .. })),
    })
}
