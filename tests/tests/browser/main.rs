//! Both towns in a real browser, the way citizens use them: with and without JavaScript, on a telephone and at a desk.

mod citizen;
mod clicks;
mod help;
mod looks;
mod typing;
mod way;
