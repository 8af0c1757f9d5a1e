//! A mail as we mean it, before it is MIME.

use uuid::Uuid;

/// A mail to one citizen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The id of the row in `mail`. The Message-ID is made of it, so that a mail sent twice is one to the reader.
    pub id: Uuid,
    /// Slug of the town.
    pub tenant: String,
    /// Who it comes from.
    pub from: Sender,
    /// Whom it goes to.
    pub to: String,
    /// Language of the texts, such as `de`.
    pub language: String,
    /// Subject line.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part: the same content.
    pub html: String,
    /// The calendar file, from [`crate::calendar::ics`].
    pub calendar: Option<String>,
}

/// Who a mail comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Shown name, such as “Stadt Werne – Terminvergabe”.
    pub name: String,
    /// Sending address, also the one that bounces go to.
    pub address: String,
    /// Where answers go.
    pub reply_to: String,
}

/// A file in a received mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// File name.
    pub name: String,
    /// MIME type with its parameters.
    pub content_type: String,
    /// The file.
    pub content: Vec<u8>,
}
