//! What staff do at their desks, through the pages, without JavaScript.

mod absence;
mod account;
mod caller;
mod day;
mod door;
mod import;
mod matrix;
mod oidc;
mod people;
mod queue;
mod sign_in;
