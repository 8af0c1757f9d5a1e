//! A mail as it arrived.

use mail_parser::{MessageParser, MimeHeaders as _};

use crate::message::TOWN_HEADER;

/// A mail the sink has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMail {
    /// 1 for the first mail since the start.
    pub number: u64,
    /// Slug of the town, from our own header; empty if it is none of ours.
    pub tenant: String,
    /// The envelope's sender: where bounces would go.
    pub envelope_from: String,
    /// The shown sender, such as `Stadt Werne – Terminvergabe <termin@werne.example>`.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// Subject line.
    pub subject: String,
    /// Language of the texts.
    pub language: String,
    /// When it was sent, as in its header (RFC 3339), or empty.
    pub date: String,
    /// Message-ID, without angle brackets.
    pub message_id: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// Its files.
    pub attachments: Vec<StoredAttachment>,
    /// The whole mail, as it travelled.
    pub raw: Vec<u8>,
}

/// A file in a received mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAttachment {
    /// File name.
    pub name: String,
    /// MIME type with its parameters.
    pub content_type: String,
    /// The file.
    pub content: Vec<u8>,
}

impl StoredMail {
    /// Reads a mail. What cannot be read is left empty; the raw mail is always kept.
    pub(super) fn read(number: u64, raw: &[u8], from: &str, recipients: &[String]) -> Self {
        let parsed = MessageParser::default().parse(raw).unwrap_or_default();
        let header = |name: &str| {
            let value = parsed.header(name).and_then(|value| value.as_text());
            value.unwrap_or_default().trim().to_owned()
        };
        Self {
            number,
            tenant: header(TOWN_HEADER),
            envelope_from: bare(from),
            from: shown_sender(&parsed),
            to: recipients.iter().map(|to| bare(to)).collect(),
            subject: parsed.subject().unwrap_or_default().to_owned(),
            language: header("Content-Language"),
            date: parsed.date().map(|date| date.to_rfc3339()).unwrap_or_default(),
            message_id: parsed.message_id().unwrap_or_default().to_owned(),
            text: parsed.body_text(0).unwrap_or_default().into_owned(),
            html: parsed.body_html(0).unwrap_or_default().into_owned(),
            attachments: parsed.attachments().map(read_attachment).collect(),
            raw: raw.to_owned(),
        }
    }

    /// The value of a header as it travelled, unfolded.
    pub fn header(&self, name: &str) -> Option<String> {
        let parsed = MessageParser::default().parse(&self.raw)?;
        Some(parsed.header_raw(name)?.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

fn read_attachment(part: &mail_parser::MessagePart<'_>) -> StoredAttachment {
    let content_type = part.content_type().map(written_type).unwrap_or_default();
    StoredAttachment {
        name: part.attachment_name().unwrap_or_default().to_owned(),
        content_type,
        content: part.contents().to_vec(),
    }
}

fn written_type(content_type: &mail_parser::ContentType<'_>) -> String {
    let mut written = match content_type.subtype() {
        Some(subtype) => format!("{}/{subtype}", content_type.ctype()),
        None => content_type.ctype().to_owned(),
    };
    for attribute in content_type.attributes().into_iter().flatten() {
        written = format!("{written}; {}={}", attribute.name, attribute.value);
    }
    written
}

fn shown_sender(parsed: &mail_parser::Message<'_>) -> String {
    let sender = parsed.from().and_then(|from| from.first());
    let name = sender.and_then(|it| it.name()).unwrap_or_default();
    let address = sender.and_then(|it| it.address()).unwrap_or_default();
    if name.is_empty() { address.to_owned() } else { format!("{name} <{address}>") }
}

/// An address without its angle brackets.
fn bare(address: &str) -> String {
    address.trim_matches(['<', '>', ' ']).to_owned()
}
