//! XML of a workbook as events, each of bounded size. Entities of its own are not known: they could grow without end.

use std::io::ErrorKind;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Error, Reader, XmlVersion};

use super::container::Part;
use super::limits::UNPACKED;
use super::{BadRow, ReadError};

/// A part of a workbook, event by event.
pub(super) struct Xml {
    reader: Reader<Part>,
    buffer: Vec<u8>,
}

impl Xml {
    pub fn new(part: Part) -> Self {
        let mut reader = Reader::from_reader(part);
        // `<row/>` comes as a beginning and an end, so that nobody has to know both spellings.
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new() }
    }

    /// The next event; `Eof` at the end.
    pub fn next(&mut self) -> Result<Event<'_>, ReadError> {
        self.buffer.clear();
        self.reader.get_mut().get_mut().begin_event();
        self.reader.read_event_into(&mut self.buffer).map_err(|error| match error {
            Error::Io(error) if error.kind() == ErrorKind::FileTooLarge => ReadError::Bomb { limit: UNPACKED },
            other => ReadError::Damaged(other.to_string()),
        })
    }

    /// All the text up to the end of the element that has just begun, without that of elements of these names.
    pub fn text(&mut self, without: &[&str], max: usize) -> Result<String, ReadError> {
        let (mut text, mut depth, mut hidden) = (String::new(), 0_usize, 0_usize);
        loop {
            match self.next()? {
                Event::Start(start) => {
                    depth += 1;
                    if hidden > 0 || without.contains(&start.local_name().as_ref()) {
                        hidden += 1;
                    }
                }
                Event::End(_) if depth == 0 => return Ok(text),
                Event::End(_) => {
                    depth -= 1;
                    hidden = hidden.saturating_sub(1);
                }
                Event::Eof => return Err(ReadError::Damaged("it ends too early".to_owned())),
                event if hidden == 0 => append(&mut text, &event, max)?,
                _ => {}
            }
        }
    }
}

/// Adds what an event holds of text.
pub(super) fn append(text: &mut String, event: &Event<'_>, max: usize) -> Result<(), ReadError> {
    match event {
        Event::Text(part) => text.push_str(&part.xml10_content()),
        Event::CData(part) => text.push_str(&part.xml10_content()),
        Event::GeneralRef(name) => match name.resolve_char_ref() {
            Ok(Some(c)) => text.push(c),
            _ => text.push_str(quick_xml::escape::resolve_xml_entity(&name.xml10_content()).unwrap_or_default()),
        },
        _ => {}
    }
    if text.len() > max { Err(ReadError::Damaged("the text of a cell is too long".to_owned())) } else { Ok(()) }
}

/// An attribute by its name, prefix included.
pub(super) fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = start.try_get_attribute(name).ok()??;
    attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
}

/// What stops the reading in the middle of a sheet, as a row.
pub(super) fn bad_row(error: &ReadError, line: u64) -> BadRow {
    BadRow::last(line, if matches!(error, ReadError::Bomb { .. }) { "bomb" } else { "damaged" }, error.detail())
}
