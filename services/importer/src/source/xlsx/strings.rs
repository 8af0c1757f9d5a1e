//! The texts that the cells of a workbook share: one long text and where each begins.

use quick_xml::events::Event;

use crate::source::container::Container;
use crate::source::xml::Xml;
use crate::source::{Limits, ReadError};

/// Shared texts by their number.
pub(super) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    /// Reads them all; more than [`Limits::max_shared`] is refused.
    pub fn open(container: &mut Container, limits: &Limits) -> Result<Self, ReadError> {
        let mut this = Self { text: String::new(), ends: Vec::new() };
        let Some(part) = container.part("xl/sharedStrings.xml")? else { return Ok(this) };
        let mut xml = Xml::new(part);
        let bomb = || ReadError::Bomb { limit: limits.max_shared as u64 };
        loop {
            let is_text = match xml.next()? {
                Event::Eof => return Ok(this),
                Event::Start(start) => start.local_name().as_ref() == "si",
                _ => false,
            };
            if is_text {
                // Readings of Asian characters (`rPh`) stand beside the text and are no part of it.
                this.text.push_str(&xml.text(&["rPh"], limits.max_row)?);
                this.ends.push(u32::try_from(this.text.len()).map_err(|_| bomb())?);
                if this.text.len() + 4 * this.ends.len() > limits.max_shared {
                    return Err(bomb());
                }
            }
        }
    }

    /// The text of this number.
    pub fn get(&self, number: usize) -> Option<&str> {
        let end = *self.ends.get(number)? as usize;
        let begin = number.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        self.text.get(begin..end)
    }
}
