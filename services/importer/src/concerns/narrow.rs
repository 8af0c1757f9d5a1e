//! Two phrases side by side say more than each alone: “PA Kind”, “Ausweis abholen”, “Gewerbe Anm.”.

use super::{Candidates, Meaning};

/// What two neighbouring phrases mean together; none: each stands for itself (“PA RP”).
///
/// The town's own phrases are complete and never narrowed. Something that the town does not offer stays that, whatever
/// stands beside it: “KFZ Anm.” is no change of address.
pub(crate) fn narrowed(one: &Meaning, other: &Meaning) -> Option<Meaning> {
    match (one, other) {
        (Meaning::Catalog(one), Meaning::Catalog(other)) => together(one, other).map(Meaning::Catalog),
        (Meaning::NotOffered, Meaning::Catalog(_) | Meaning::NotOffered)
        | (Meaning::Catalog(_), Meaning::NotOffered) => Some(Meaning::NotOffered),
        (Meaning::Town(_), _) | (_, Meaning::Town(_)) => None,
    }
}

fn together(one: &Candidates, other: &Candidates) -> Option<Candidates> {
    match (one.decided(), other.decided()) {
        (Some(first), Some(second)) => {
            let (second_fits, first_fits) = (one.keys.contains(second), other.keys.contains(first));
            match (first_fits, second_fits) {
                (false, false) => None,
                (true, false) => Some(one.clone()),
                (false, true) => Some(other.clone()),
                // The one with fewer meanings says more.
                (true, true) => Some(if one.keys.len() <= other.keys.len() { one } else { other }.clone()),
            }
        }
        (Some(first), None) if other.keys.contains(first) => Some(one.clone()),
        (None, Some(second)) if one.keys.contains(second) => Some(other.clone()),
        (None, Some(_)) => common(one, other),
        _ => common(other, one),
    }
}

/// What both can mean, in the order of the first.
fn common(one: &Candidates, other: &Candidates) -> Option<Candidates> {
    let keys: Vec<String> = one.keys.iter().filter(|key| other.keys.contains(key)).cloned().collect();
    let is_decided = keys.len() == 1;
    (!keys.is_empty()).then_some(Candidates { keys, is_decided })
}

impl Candidates {
    /// The concern that is meant, if that is decided.
    fn decided(&self) -> Option<&String> {
        self.keys.first().filter(|_| self.is_decided)
    }
}
