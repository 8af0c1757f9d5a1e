//! What mails say: subject, text, HTML and calendar file of each kind, in the citizen's language.
//!
//! The words are in `web/locales/mail.yml`, the layout in `web/templates/mail`. Nothing here sends anything.

mod calendar;
mod chosen;
mod staff;
mod view;

use anyhow::Context as _;
use booking::BookingView;
use jiff::Timestamp;
use mail::outbox::MailKind;
use minijinja::{Value, context};
use schedule::Offices;
use tenancy::Tenant;
use tenancy::town::Town;
use uuid::Uuid;

use crate::Renderer;

pub use calendar::file as calendar_file;
pub use staff::{StaffLetter, write_to_staff};

/// Everything a mail is made of.
#[derive(Clone, Copy)]
pub struct Letter<'a> {
    /// What it is about.
    pub kind: MailKind,
    /// The reader's language.
    pub language: &'a str,
    /// The town, for its addresses and its zone.
    pub tenant: &'a Tenant,
    /// Who it is, and its colours.
    pub town: &'a Town,
    /// Where its offices are.
    pub offices: &'a Offices,
    /// The booking as it stands now.
    pub booking: &'a BookingView,
    /// The one appointment the mail is about; none: the whole booking.
    pub appointment: Option<Uuid>,
    /// The token of the booking's links.
    pub token: &'a str,
    /// When it is written.
    pub now: Timestamp,
}

/// A mail, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Subject line.
    pub subject: String,
    /// As plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// The calendar file, where the mail changes something in the calendar.
    pub calendar: Option<String>,
}

/// Writes a mail. `None`: there is nothing left to say, since what it is about is no longer so.
///
/// # Errors
/// A template that is broken, or an appointment at an office that no longer exists.
pub fn write(renderer: &Renderer, letter: &Letter<'_>) -> anyhow::Result<Option<Written>> {
    let chosen = chosen::choose(letter);
    if chosen.main.is_empty() && letter.kind != MailKind::ManageLink {
        return Ok(None);
    }
    let values = view::values(letter, &chosen)?;
    let written = written(renderer, letter.kind.as_str(), values)?;
    let changes_calendar = !matches!(letter.kind, MailKind::Reminder | MailKind::ManageLink);
    let calendar = if changes_calendar { Some(calendar_file(renderer.texts(), letter, &chosen.main)?) } else { None };
    Ok(Some(Written { calendar, ..written }))
}

/// What the two templates of a mail give, so far without a calendar file.
fn written(renderer: &Renderer, name: &str, values: Value) -> anyhow::Result<Written> {
    let plain = tidy(&renderer.render(&format!("mail/{name}.txt"), values.clone())?);
    let (subject, text) = plain.split_once('\n').context("a mail's template gives a subject, then a text")?;
    let values = context! { subject, ..values };
    let html = renderer.render(&format!("mail/{name}.html"), values)?;
    Ok(Written {
        subject: subject.trim().to_owned(),
        text: text.trim_start().to_owned(),
        html: html.trim_start().to_owned(),
        calendar: None,
    })
}

/// Takes away what only the template's layout has brought in: blanks around lines, and more than one empty line.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut empty_lines = 2;
    for line in text.lines().map(str::trim_end) {
        empty_lines = if line.is_empty() { empty_lines + 1 } else { 0 };
        if empty_lines < 2 {
            tidied.push_str(line);
            tidied.push('\n');
        }
    }
    tidied
}
