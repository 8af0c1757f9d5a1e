//! Stories of citizens in both towns, told to the server as a browser without JavaScript would.

mod bad_input;
mod holding;
mod honest;
mod managing;
mod page;
mod rules;
mod several;
mod visitor;
mod way;
