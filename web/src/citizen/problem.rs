//! What is wrong with what a citizen chose or typed, in words, with the field it belongs to.

use std::borrow::Cow;

use booking::SelectionProblem;
use serde::Serialize;

use crate::extract::Site;

/// One line of the error summary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Id of the element it is about; the summary links there.
    pub field: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

impl Problem {
    /// The text `citizen.problem.<key>`, about `field`.
    pub fn new(site: &Site, field: &'static str, key: &str, arguments: &[(&str, Cow<'_, str>)]) -> Self {
        Self { field, message: site.t(&format!("citizen.problem.{key}"), arguments) }
    }
}

/// Where the choice of concerns begins on the first page.
const CHOICE: &str = "liste";

/// What is wrong with a choice, and the way out.
pub fn selection_problem(site: &Site, problem: &SelectionProblem) -> Problem {
    let name = |key: &str| -> Cow<'static, str> {
        // What was sent may be anything, and be of any length.
        let found = site.town.catalog.get(key).map(|it| it.name.get(&site.lang).to_owned());
        found.unwrap_or_else(|| key.chars().take(60).collect()).into()
    };
    let duration =
        |minutes: u16| -> Cow<'static, str> { templating::minutes(&site.texts, &site.lang, u32::from(minutes)).into() };
    let new = |key: &str, arguments: &[(&str, Cow<'_, str>)]| Problem::new(site, CHOICE, key, arguments);
    match problem {
        SelectionProblem::Empty => new("nothing_chosen", &[]),
        SelectionProblem::Unknown { concern } => new("unknown_concern", &[("key", name(concern))]),
        SelectionProblem::PhoneOnly { concern } => new("phone_only", &[("name", name(concern))]),
        SelectionProblem::Quantity { concern, max, .. } => {
            new("bad_quantity", &[("name", name(concern)), ("max", max.to_string().into())])
        }
        SelectionProblem::Alone { concern } => new("alone", &[("name", name(concern))]),
        SelectionProblem::TooLong { minutes, max } => {
            new("too_long", &[("minutes", duration(*minutes)), ("max", duration(*max))])
        }
        SelectionProblem::TooMany { appointments, max } => {
            new("too_many", &[("count", appointments.to_string().into()), ("max", max.to_string().into())])
        }
        SelectionProblem::ModeNotOffered => new("mode_not_offered", &[]),
    }
}
