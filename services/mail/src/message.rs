//! A mail as we mean it, and its MIME form.

use jiff::Timestamp;
use lettre::Address;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Body, Mailbox, MultiPart, SinglePart};
use uuid::Uuid;

use crate::calendar;

/// Header that names the town, so that one mailbox can hold the mails of many.
pub(crate) const TOWN_HEADER: &str = "X-Stadttermin-Town";

/// A mail to one citizen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The id of the row in `mail`. The Message-ID is made of it, so that a mail sent twice is one to the reader.
    pub id: Uuid,
    /// Slug of the town.
    pub tenant: String,
    /// When it is sent.
    pub date: Timestamp,
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

/// Why a message cannot become a mail: no second try helps.
#[derive(Debug, thiserror::Error)]
pub enum BadMessage {
    /// Not an address a mail server takes.
    #[error("“{0}” is no mail address: {1}")]
    Address(String, lettre::address::AddressError),
    /// The parts do not go together.
    #[error("the mail cannot be put together: {0}")]
    Mime(#[from] lettre::error::Error),
}

impl Message {
    /// The Message-ID: the same for every try, on the sender's domain.
    pub fn message_id(&self) -> String {
        let domain = self.from.address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
        format!("<{}@{domain}>", self.id)
    }

    /// The mail as it travels.
    ///
    /// The headers keep other machines from answering it (RFC 3834 and Exchange's own).
    ///
    /// # Errors
    /// [`BadMessage`].
    pub(crate) fn to_mime(&self) -> Result<lettre::Message, BadMessage> {
        let mut headers = lettre::Message::builder()
            .message_id(Some(self.message_id()))
            .date(self.date.into())
            .from(Mailbox::new(Some(self.from.name.clone()), address(&self.from.address)?))
            .reply_to(Mailbox::new(None, address(&self.from.reply_to)?))
            .to(Mailbox::new(None, address(&self.to)?))
            .subject(&self.subject);
        for (name, value) in [
            ("Auto-Submitted", "auto-generated"),
            ("X-Auto-Response-Suppress", "All"),
            ("Content-Language", &self.language),
            (TOWN_HEADER, &self.tenant),
        ] {
            headers = headers.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned()));
        }
        let texts = MultiPart::alternative_plain_html(self.text.clone(), self.html.clone());
        let mail = match &self.calendar {
            Some(file) => headers.multipart(MultiPart::mixed().multipart(texts).singlepart(calendar_part(file)?))?,
            None => headers.multipart(texts)?,
        };
        Ok(mail)
    }
}

/// Base64, so that no server on the way touches CRLF and folding.
fn calendar_part(file: &str) -> Result<SinglePart, BadMessage> {
    let content_type: ContentType = calendar::CONTENT_TYPE.parse().unwrap_or(ContentType::TEXT_PLAIN);
    let encoding = ContentTransferEncoding::Base64;
    let body = Body::new_with_encoding(file.as_bytes().to_vec(), encoding)
        .unwrap_or_else(|bytes| Body::dangerous_pre_encoded(bytes, encoding));
    Ok(Attachment::new(calendar::FILE_NAME.to_owned()).body(body, content_type))
}

fn address(text: &str) -> Result<Address, BadMessage> {
    text.parse().map_err(|error| BadMessage::Address(text.to_owned(), error))
}
