//! What is asked for: who is missing, and what shall become of everybody concerned.

use uuid::Uuid;

use super::{Missing, Spot};

/// A closure with what shall become of everybody.
#[derive(Clone, Copy, Debug)]
pub struct Closing<'a> {
    /// From the form: sent twice, it is done once.
    pub id: Uuid,
    /// Who is missing.
    pub missing: &'a Missing,
    /// For colleagues.
    pub reason: &'a str,
    /// One decision for each appointment concerned.
    pub decided: &'a [Decided],
}

/// What shall become of an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Elsewhere, at the same time or at another.
    Put(Spot),
    /// It does not take place.
    Cancel,
    /// Nothing yet: somebody calls.
    Keep,
}

/// The decision for one appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The appointment.
    pub appointment_id: Uuid,
    /// As it was shown.
    pub seen_version: i32,
    /// What shall become of it.
    pub decision: Decision,
}
