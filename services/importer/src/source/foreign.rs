//! Files that are not what their name says, told by their first bytes.

use std::fmt;

use super::ReadError;
use crate::Format;

/// Something that is no list of appointments, or one that we do not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// A PDF.
    Pdf,
    /// Excel before 2007, Word, an Outlook message: save as .xlsx first.
    OldOffice,
    /// An Outlook data file: export a CSV first.
    Outlook,
    /// A text document or a presentation.
    Document,
    /// Some other archive.
    Archive,
    /// A picture.
    Picture,
    /// A page of the web, or XML.
    Markup,
    /// A program, or anything else that is no text.
    Binary,
}

impl Foreign {
    /// The end of the text's key.
    pub fn key(self) -> &'static str {
        match self {
            Self::Pdf => "foreign_pdf",
            Self::OldOffice => "foreign_old_office",
            Self::Outlook => "foreign_outlook",
            Self::Document => "foreign_document",
            Self::Archive => "foreign_archive",
            Self::Picture => "foreign_picture",
            Self::Markup => "foreign_markup",
            Self::Binary => "foreign_binary",
        }
    }
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pdf => "a PDF",
            Self::OldOffice => "a file of an old Office program (save it as .xlsx)",
            Self::Outlook => "an Outlook data file (export the calendar as CSV)",
            Self::Document => "a text document or a presentation",
            Self::Archive => "an archive",
            Self::Picture => "a picture",
            Self::Markup => "a page of the web",
            Self::Binary => "no text",
        })
    }
}

/// First bytes that name a kind of file.
const MAGIC: [(&[u8], Foreign); 12] = [
    (b"%PDF", Foreign::Pdf),
    (b"!BDN", Foreign::Outlook),
    (b"\x89PNG", Foreign::Picture),
    (b"GIF8", Foreign::Picture),
    (b"\xff\xd8\xff", Foreign::Picture),
    (b"\x1f\x8b", Foreign::Archive),
    (b"7z\xbc\xaf", Foreign::Archive),
    (b"Rar!", Foreign::Archive),
    (b"{\\rtf", Foreign::Document),
    (b"MZ", Foreign::Binary),
    (b"\x7fELF", Foreign::Binary),
    (b"SQLite format 3", Foreign::Binary),
];

/// What an OLE file of a workbook with a password holds, in UTF-16.
const LOCKED: &[u8] = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";

/// The format of a text file by its first bytes.
///
/// # Errors
/// It is something else, or empty.
pub(super) fn text_format(start: &[u8]) -> Result<Format, ReadError> {
    if start.starts_with(b"\xd0\xcf\x11\xe0") {
        let locked = start.windows(LOCKED.len()).any(|bytes| bytes == LOCKED);
        return Err(if locked { ReadError::Locked } else { ReadError::Foreign(Foreign::OldOffice) });
    }
    if let Some((_, foreign)) = MAGIC.iter().find(|(magic, _)| start.starts_with(magic)) {
        return Err(ReadError::Foreign(*foreign));
    }
    let text = super::text::sketch(start);
    let text = text.trim_start();
    if text.is_empty() {
        return Err(ReadError::Empty);
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\x0b' | '\x0c' | '\u{80}'..='\u{9f}'))
    {
        return Err(ReadError::Foreign(Foreign::Binary));
    }
    if text.starts_with('<') {
        return Err(ReadError::Foreign(Foreign::Markup));
    }
    if text.get(..15).is_some_and(|begin| begin.eq_ignore_ascii_case("BEGIN:VCALENDAR")) {
        return Ok(Format::Ics);
    }
    Ok(if text.starts_with('{') { Format::JsonLines } else { Format::Csv })
}
