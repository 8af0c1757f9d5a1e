//! Both towns in a real browser, the way citizens use them: with and without JavaScript, on a telephone and at a desk.

mod absence;
mod caller;
mod citizen;
mod clicks;
mod day;
mod help;
mod import;
mod looks;
mod morning;
mod provider;
mod queue;
mod sign_in;
mod typing;
mod way;
