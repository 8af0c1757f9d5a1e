//! Mails to colleagues: the invitation, and the way back for who has forgotten a password.

use identity::Account;
use identity::links::Purpose;
use jiff::Timestamp;
use minijinja::context;
use minijinja::value::Serde;
use tenancy::Tenant;
use tenancy::town::Town;

use super::{Written, view, written};
use crate::Renderer;
use crate::language::direction;

/// Everything a mail to a colleague is made of.
#[derive(Clone, Copy)]
pub struct StaffLetter<'a> {
    /// What its link is for.
    pub purpose: Purpose,
    /// Whom it goes to.
    pub account: &'a Account,
    /// Their language.
    pub language: &'a str,
    /// The town, for its addresses and its zone.
    pub tenant: &'a Tenant,
    /// Who it is, and its colours.
    pub town: &'a Town,
    /// The token of the link.
    pub token: &'a str,
    /// Until when the link is good.
    pub until: Timestamp,
}

/// Writes a mail to a colleague.
///
/// # Errors
/// A template that is broken, or a town that answers nowhere.
pub fn write_to_staff(renderer: &Renderer, letter: &StaffLetter<'_>) -> anyhow::Result<Written> {
    let links = view::Links::new(letter.tenant)?;
    let (name, path) = match letter.purpose {
        Purpose::Invitation => ("invitation", "einladung"),
        Purpose::PasswordReset => ("password_reset", "passwort"),
    };
    let values = context! {
        lang => letter.language,
        dir => direction(letter.language),
        zone => letter.tenant.zone.iana_name().unwrap_or("UTC"),
        town => view::town(letter.town),
        theme => Serde(&letter.town.theme),
        booking => context! { name => letter.account.staff.name.as_str() },
        links => context! {
            choose => links.to(&format!("/verwaltung/{path}/{}", letter.token)),
            desk => links.to("/verwaltung"),
            privacy => links.to("/datenschutz"),
        },
        appointments => Vec::<String>::new(),
        until => letter.until.to_string(),
        account => letter.account.staff.email.as_str(),
    };
    written(renderer, name, values)
}
