//! What is wrong with what a citizen chose or typed, in words, with the field it belongs to.

use std::borrow::Cow;

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
