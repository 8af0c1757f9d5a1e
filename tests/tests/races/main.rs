//! Many citizens at once: nobody is booked twice, nothing is lost, nobody waits for ever.

mod audit;
mod client;
mod last_place;
mod storm;

#[path = "../booking/office.rs"]
#[expect(dead_code, reason = "shared with the tests of the single rules")]
mod office;
