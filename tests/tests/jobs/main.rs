//! The queue keeps its promises in spite of what apalis-postgres 1.0 does without its guards.
//!
//! Each test fails when its guard is taken away: the names D1 to D8 are those of docs/decisions on the queue.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod ending;
mod probe;
mod putting_in;
mod retrying;
mod running_once;
mod waiting;
