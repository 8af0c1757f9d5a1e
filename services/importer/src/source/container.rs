//! Workbooks are archives: what they may unpack to is limited, by what they declare and by what really comes.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom};

use flate2::read::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use super::{Foreign, Limits, ReadError};
use crate::Format;

/// Most bytes of one event of XML; the longest text of a cell in Excel has 32,767 characters.
const MAX_EVENT: u64 = 512 << 10;

/// Where a part of an archive lies.
pub(super) struct Container {
    archive: ZipArchive<File>,
    file: File,
}

/// A part on its way out.
pub(super) type Part = BufReader<Metered>;

impl Container {
    /// Opens an archive and refuses one that declares too much.
    pub fn open(file: &File, limits: &Limits) -> Result<Self, ReadError> {
        let archive = ZipArchive::new(file.try_clone()?).map_err(|error| ReadError::Damaged(error.to_string()))?;
        let mut this = Self { archive, file: file.try_clone()? };
        let mut declared = 0_u64;
        for index in 0..this.archive.len() {
            let part = this.archive.by_index_raw(index).map_err(|error| ReadError::Damaged(error.to_string()))?;
            if part.encrypted() {
                return Err(ReadError::Locked);
            }
            declared = declared.saturating_add(part.size());
        }
        if declared > limits.max_unpacked {
            return Err(ReadError::Bomb { limit: limits.max_unpacked });
        }
        Ok(this)
    }

    /// Whether there is a part of this name.
    pub fn has(&self, name: &str) -> bool {
        self.archive.index_for_name(name).is_some()
    }

    /// A part to read from. Only one at a time: they share the place in the file.
    pub fn part(&mut self, name: &str) -> Result<Option<Part>, ReadError> {
        let Some(index) = self.archive.index_for_name(name) else { return Ok(None) };
        let damaged = |error: zip::result::ZipError| ReadError::Damaged(error.to_string());
        let part = self.archive.by_index_raw(index).map_err(damaged)?;
        let start = part.data_start().ok_or_else(|| ReadError::Damaged(name.to_owned()))?;
        let (packed, size, method) = (part.compressed_size(), part.size(), part.compression());
        drop(part);
        let mut file = self.file.try_clone()?;
        file.seek(SeekFrom::Start(start))?;
        let packed = BufReader::with_capacity(64 << 10, file.take(packed));
        let inner: Box<dyn Read + Send> = match method {
            CompressionMethod::Stored => Box::new(packed),
            CompressionMethod::Deflated => Box::new(DeflateDecoder::new(packed)),
            other => return Err(ReadError::Damaged(format!("{name}: {other:?}"))),
        };
        Ok(Some(BufReader::with_capacity(64 << 10, Metered { inner, left: size, event: MAX_EVENT })))
    }
}

/// Counts what comes out.
pub(super) struct Metered {
    inner: Box<dyn Read + Send>,
    left: u64,
    event: u64,
}

impl Metered {
    /// A new event begins.
    pub fn begin_event(&mut self) {
        self.event = MAX_EVENT;
    }
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        // More than it has declared, or an event that fills the memory: told apart by the kind of error.
        let left = self.left.checked_sub(count as u64).ok_or(ErrorKind::FileTooLarge)?;
        let event = self.event.checked_sub(count as u64).ok_or(ErrorKind::InvalidData)?;
        (self.left, self.event) = (left, event);
        Ok(count)
    }
}

/// What an archive is.
///
/// # Errors
/// It is no workbook.
pub(super) fn format(file: &File, limits: &Limits) -> Result<Format, ReadError> {
    let mut container = Container::open(file, limits)?;
    if container.has("xl/workbook.xml") {
        return Ok(Format::Xlsx);
    }
    let mut kind = String::new();
    if let Some(part) = container.part("mimetype")? {
        part.take(100).read_to_string(&mut kind)?;
    }
    match kind.trim() {
        "application/vnd.oasis.opendocument.spreadsheet" => Ok(Format::Ods),
        kind if kind.starts_with("application/vnd.oasis") => Err(ReadError::Foreign(Foreign::Document)),
        _ if container.has("word/document.xml") || container.has("ppt/presentation.xml") => {
            Err(ReadError::Foreign(Foreign::Document))
        }
        _ => Err(ReadError::Foreign(Foreign::Archive)),
    }
}
