//! What staff do at their desks, through the pages, without JavaScript.

mod caller;
mod day;
mod queue;
