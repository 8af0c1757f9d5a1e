//! What the mailbox's template may use.

use std::sync::Arc;

use mail::sink::StoredMail;
use minijinja::{Value, context};

use crate::language::direction;

/// The list, and the mail that is open in it.
pub(super) fn values(language: &str, mails: &[Arc<StoredMail>], open: Option<&StoredMail>, as_text: bool) -> Value {
    context! {
        open => open.map(|mail| opened(mail, as_text)),
        is_gone => false,
        ..frame(language, mails, open)
    }
}

/// The list, and a word that the mail asked for is not in it.
pub(super) fn gone(language: &str, mails: &[Arc<StoredMail>]) -> Value {
    context! { open => Value::from(()), is_gone => true, ..frame(language, mails, None) }
}

fn frame(language: &str, mails: &[Arc<StoredMail>], open: Option<&StoredMail>) -> Value {
    let rows: Vec<Value> = mails.iter().rev().map(|mail| row(mail, open)).collect();
    context! { lang => language, dir => direction(language), zone => "Europe/Berlin", mails => rows }
}

fn row(mail: &StoredMail, open: Option<&StoredMail>) -> Value {
    context! {
        number => mail.number,
        from => mail.from.split(" <").next().unwrap_or_default(),
        to => mail.to.join(", "),
        subject => mail.subject.as_str(),
        date => mail.date.as_str(),
        is_open => open.is_some_and(|open| open.number == mail.number),
    }
}

fn opened(mail: &StoredMail, as_text: bool) -> Value {
    let files: Vec<Value> = mail
        .attachments
        .iter()
        .enumerate()
        .map(|(index, file)| context! { index, name => file.name.as_str(), size => file.content.len() })
        .collect();
    context! {
        number => mail.number,
        from => mail.from.as_str(),
        to => mail.to.join(", "),
        subject => mail.subject.as_str(),
        language => mail.language.as_str(),
        date => mail.date.as_str(),
        text => mail.text.as_str(),
        as_text,
        files,
    }
}
