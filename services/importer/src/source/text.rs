//! Text files as lines, whatever their character set, in bounded memory.

use std::fs::File;
use std::io::{self, Read, Seek};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{BadRow, ReadError};

/// A line without its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Counted from 1.
    pub number: u64,
    /// Its text.
    pub text: String,
}

/// The lines of a text. One that is too long or holds bytes that are no characters is a [`BadRow`].
pub(super) struct Lines {
    file: File,
    decoder: Decoder,
    text: String,
    /// Where in `text` the next line begins.
    begin: usize,
    number: u64,
    max: usize,
    at_end: bool,
    is_over: bool,
    bytes: Vec<u8>,
}

impl Lines {
    /// The lines of a file from its beginning; a byte order mark is no part of them. `max`: the longest line, in bytes.
    pub fn open(mut file: File, encoding: &'static Encoding, max: usize) -> io::Result<Self> {
        file.rewind()?;
        let decoder = encoding.new_decoder_with_bom_removal();
        Ok(Self {
            file,
            decoder,
            text: String::new(),
            begin: 0,
            number: 0,
            max,
            at_end: false,
            is_over: false,
            bytes: vec![0; 64 << 10],
        })
    }

    /// Decodes one more piece of the file.
    fn fill(&mut self) -> io::Result<()> {
        self.text.drain(..self.begin);
        self.begin = 0;
        let count = self.file.read(&mut self.bytes)?;
        self.at_end = count == 0;
        let mut read = 0;
        loop {
            let room = self.decoder.max_utf8_buffer_length(count - read).unwrap_or(4 * count + 16);
            self.text.reserve(room);
            let (result, done, _) =
                self.decoder.decode_to_string(&self.bytes[read..count], &mut self.text, self.at_end);
            read += done;
            if result == CoderResult::InputEmpty {
                return Ok(());
            }
        }
    }

    /// Throws away the rest of a line that is too long.
    fn skip_rest(&mut self) -> io::Result<()> {
        loop {
            if let Some(end) = self.text[self.begin..].find('\n') {
                self.begin += end + 1;
                return Ok(());
            }
            self.begin = self.text.len();
            if self.at_end {
                return Ok(());
            }
            self.fill()?;
        }
    }

    fn line(&mut self) -> io::Result<Option<Result<Line, BadRow>>> {
        let mut searched = 0;
        let (end, after) = loop {
            if let Some(found) = self.text[self.begin + searched..].find('\n') {
                break (self.begin + searched + found, 1);
            }
            searched = self.text.len() - self.begin;
            if self.at_end {
                if searched == 0 {
                    return Ok(None);
                }
                break (self.text.len(), 0);
            }
            if searched > self.max {
                self.number += 1;
                self.skip_rest()?;
                return Ok(Some(Err(BadRow::new(self.number, "row_too_long", ""))));
            }
            self.fill()?;
        };
        self.number += 1;
        let text = self.text[self.begin..end].trim_end_matches('\r').to_owned();
        self.begin = end + after;
        Ok(Some(if text.len() > self.max {
            Err(BadRow::new(self.number, "row_too_long", ""))
        } else if let Some(at) = text.chars().position(|c| c == char::REPLACEMENT_CHARACTER || c == '\0') {
            Err(BadRow::new(self.number, "bad_character", "").at(at + 1))
        } else {
            Ok(Line { number: self.number, text })
        }))
    }
}

impl Iterator for Lines {
    type Item = Result<Line, BadRow>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        match self.line() {
            Ok(line) => {
                self.is_over = line.is_none();
                line
            }
            Err(error) => {
                self.is_over = true;
                Some(Err(BadRow::last(self.number + 1, "damaged", error.to_string())))
            }
        }
    }
}

/// The character set by its name in the WHATWG's list.
///
/// # Errors
/// There is none of this name, or it is one that replaces everything.
pub(super) fn encoding(name: Option<&str>) -> Result<&'static Encoding, ReadError> {
    let name = name.unwrap_or("utf-8");
    Encoding::for_label(name.as_bytes())
        .filter(|encoding| *encoding != encoding_rs::REPLACEMENT)
        .ok_or_else(|| ReadError::UnknownEncoding(name.to_owned()))
}

/// Finds out the character set of the whole file: by its mark, by zeros, by being valid UTF-8; else Windows-1252, which
/// Excel and Outlook write in Germany. A few broken characters in a text that is otherwise UTF-8 do not change it.
pub(super) fn detect(file: &mut File) -> io::Result<&'static Encoding> {
    file.rewind()?;
    let mut start = Vec::new();
    file.by_ref().take(4096).read_to_end(&mut start)?;
    file.rewind()?;
    if let Some(encoding) = by_start(&start) {
        return Ok(encoding);
    }
    let (mut good, mut bad) = (0_u64, 0_u64);
    let (mut buffer, mut kept) = (vec![0; 64 << 10], 0);
    loop {
        let count = file.read(&mut buffer[kept..])?;
        let mut rest = &buffer[..kept + count];
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    good += count_wide(text.as_bytes());
                    rest = &[];
                    break;
                }
                Err(error) => {
                    good += count_wide(&rest[..error.valid_up_to()]);
                    rest = &rest[error.valid_up_to()..];
                    let Some(length) = error.error_len().or((count == 0).then_some(rest.len())) else { break };
                    bad += 1;
                    rest = &rest[length..];
                }
            }
        }
        if count == 0 {
            break;
        }
        let (from, length) = (kept + count - rest.len(), rest.len());
        buffer.copy_within(from..from + length, 0);
        kept = length;
    }
    file.rewind()?;
    Ok(if bad * 10 > good { WINDOWS_1252 } else { UTF_8 })
}

/// Characters of more than one byte.
fn count_wide(valid: &[u8]) -> u64 {
    valid.iter().filter(|byte| **byte >= 0xc0).count() as u64
}

/// By the byte order mark, or by every other byte being zero.
fn by_start(start: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(start) {
        return Some(encoding);
    }
    let zeros = |parity: usize| start.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count() * 2;
    let most = start.len() * 3 / 4;
    (start.len() >= 4 && zeros(1) > most)
        .then_some(UTF_16LE)
        .or((start.len() >= 4 && zeros(0) > most).then_some(UTF_16BE))
}

/// A rough reading of the first bytes, to tell what they are; wrong characters do not matter.
pub(super) fn sketch(start: &[u8]) -> String {
    let encoding = by_start(&start[..start.len().min(4096)]).unwrap_or(WINDOWS_1252);
    if encoding == WINDOWS_1252 {
        return start.iter().map(|byte| char::from(*byte)).collect();
    }
    encoding.decode(start).0.into_owned()
}
