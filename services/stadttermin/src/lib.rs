//! The parts of the one binary, as a library for the end-to-end tests.

pub mod cli;
pub mod config;
pub mod demo;
pub mod import;
pub mod migrate;
pub mod postgres;
pub mod serve;
pub mod shutdown;
pub mod staff;
pub mod tenant;
pub mod work;
pub mod worker;

/// Rendering makes thousands of small strings for each page; this allocator takes a tenth less time for it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
