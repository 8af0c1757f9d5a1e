//! Staff: who may do what, how they prove who they are.

mod account;
mod event;
pub mod links;
mod password;
pub mod people;
pub mod provider;
pub mod retention;
mod rights;
pub mod second_factor;
pub mod sessions;
mod sign_in;
mod throttle;
mod vault;

pub use account::{Account, State, find, find_by_email};
pub use password::{BadPassword, Password};
pub use provider::Providers;
pub use rights::{Right, Role};
pub use sign_in::{Attempt, Entry, SignInError, confirm_password, sign_in};
pub use vault::Vault;

use uuid::Uuid;

/// Somebody who works for the town, signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Their account.
    pub id: Uuid,
    /// As colleagues call them.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Language of their pages.
    pub language: String,
    /// The counter they sit at today.
    pub counter: Option<i32>,
}

impl Staff {
    /// Whether their role holds this right.
    pub fn may(&self, right: Right) -> bool {
        self.role.may(right)
    }
}
