//! Why a file, or one row of it, cannot be read: for people, with the place.

use std::io;

use super::Foreign;

/// Why a file cannot be read at all. The page says `import.read.<key>` with the detail.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No bytes, or only white space.
    #[error("the file is empty")]
    Empty,
    /// More bytes than allowed.
    #[error("the file has {bytes} bytes; {limit} are allowed")]
    TooLarge {
        /// What it has.
        bytes: u64,
        /// What it may have.
        limit: u64,
    },
    /// Something else, whatever its name says.
    #[error("this is {0}, not a list of appointments")]
    Foreign(Foreign),
    /// It needs a password.
    #[error("the file is locked with a password")]
    Locked,
    /// It unpacks to more than allowed.
    #[error("the file unpacks to more than {limit} bytes")]
    Bomb {
        /// What it may unpack to.
        limit: u64,
    },
    /// Text without columns.
    #[error("there are no columns in this file")]
    NoTable,
    /// A character set that nobody knows.
    #[error("there is no character set {0}")]
    UnknownEncoding(String),
    /// The workbook has no such sheet.
    #[error("there is no sheet {0}")]
    NoSuchSheet(String),
    /// Broken inside.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// A row that stops the reading came before anything else.
    #[error(transparent)]
    Row(#[from] BadRow),
    /// The disk or the connection.
    #[error("the file could not be read")]
    Io(#[from] io::Error),
}

impl ReadError {
    /// The end of the text's key.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge { .. } => "too_large",
            Self::Foreign(foreign) => foreign.key(),
            Self::Locked => "locked",
            Self::Bomb { .. } => "bomb",
            Self::NoTable => "no_table",
            Self::UnknownEncoding(_) => "unknown_encoding",
            Self::NoSuchSheet(_) => "no_such_sheet",
            Self::Damaged(_) => "damaged",
            Self::Row(bad) => bad.key,
            Self::Io(_) => "unreadable",
        }
    }

    /// What it is about; may be empty. Sizes are in megabytes, rounded down.
    pub fn detail(&self) -> String {
        match self {
            Self::TooLarge { limit, .. } | Self::Bomb { limit } => (limit >> 20).to_string(),
            Self::UnknownEncoding(name) | Self::NoSuchSheet(name) => name.clone(),
            Self::Damaged(what) => what.clone(),
            Self::Row(bad) => bad.detail.clone(),
            _ => String::new(),
        }
    }
}

/// A row that cannot be read. The page says `import.reason.<key>` with the detail.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {key} {detail}")]
pub struct BadRow {
    /// Line of a text, row of a sheet, counted from 1.
    pub line: u64,
    /// Character in the line, or column of the sheet, counted from 1; 0: the whole row.
    pub column: u64,
    /// The end of the text's key; all are in [`BadRow::KEYS`].
    pub key: &'static str,
    /// What it is about; may be empty.
    pub detail: String,
    /// Nothing can be read after it: the file as a whole is not to be imported.
    pub ends: bool,
}

impl BadRow {
    /// Every key there is.
    pub const KEYS: [&str; 16] = [
        "broken_quote",
        "too_many_cells",
        "row_too_long",
        "bad_character",
        "bad_line",
        "too_many_rows",
        "bomb",
        "damaged",
        "not_json",
        "unknown_key",
        "bad_value",
        "no_start",
        "unknown_zone",
        "unknown_series",
        "endless_series",
        "unfinished",
    ];

    /// A row that is bad as a whole; the next one can be read.
    pub(super) fn new(line: u64, key: &'static str, detail: impl Into<String>) -> Self {
        Self { line, column: 0, key, detail: detail.into(), ends: false }
    }

    /// The same, at one place of the row.
    pub(super) fn at(mut self, column: usize) -> Self {
        self.column = column as u64;
        self
    }

    /// A row after which there is no reading on.
    pub(super) fn last(line: u64, key: &'static str, detail: impl Into<String>) -> Self {
        Self { ends: true, ..Self::new(line, key, detail) }
    }
}
