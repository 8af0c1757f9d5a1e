//! Who works for a town and how they prove it, through the crate's door.

mod command;
mod demo;
mod links;
mod office;
mod people;
mod retention;
mod second_factor;
mod sessions;
mod signing_in;
mod slowing_down;
