//! `/api/messages`: all mails as JSON, the oldest first.

use std::borrow::Cow;

use axum::Json;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mail::sink::{StoredAttachment, StoredMail};
use serde::Serialize;

use super::Mailbox;

/// A mail.
#[derive(Serialize)]
pub(super) struct MessageJson {
    id: u64,
    tenant: String,
    from: String,
    to: String,
    subject: String,
    language: String,
    date: String,
    message_id: String,
    text: String,
    html: String,
    attachments: Vec<AttachmentJson>,
}

/// A file; `content` is text where the type is `text/…`, else base64.
#[derive(Serialize)]
struct AttachmentJson {
    name: String,
    content_type: String,
    size: usize,
    url: String,
    content: String,
}

pub(super) async fn messages(State(mailbox): State<Mailbox>) -> Json<Vec<MessageJson>> {
    Json(mailbox.sink.mails().iter().map(|mail| message(mail)).collect())
}

fn message(mail: &StoredMail) -> MessageJson {
    MessageJson {
        id: mail.number,
        tenant: mail.tenant.clone(),
        from: mail.from.clone(),
        to: mail.to.join(", "),
        subject: mail.subject.clone(),
        language: mail.language.clone(),
        date: mail.date.clone(),
        message_id: mail.message_id.clone(),
        text: mail.text.clone(),
        html: mail.html.clone(),
        attachments: mail.attachments.iter().enumerate().map(|(index, file)| attachment(mail, index, file)).collect(),
    }
}

fn attachment(mail: &StoredMail, index: usize, file: &StoredAttachment) -> AttachmentJson {
    let content = match file.content_type.starts_with("text/") {
        true => String::from_utf8_lossy(&file.content),
        false => Cow::Owned(STANDARD.encode(&file.content)),
    };
    AttachmentJson {
        name: file.name.clone(),
        content_type: file.content_type.clone(),
        size: file.content.len(),
        url: format!("/mail/{}/anhang/{index}", mail.number),
        content: content.into_owned(),
    }
}
