//! How much of a file is read, and which part of its series.

use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Most bytes that a workbook may unpack to.
pub(super) const UNPACKED: u64 = 512 << 20;

/// What a file may ask of us. The defaults keep reading under some 64 MB of memory.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The town's zone: times of other zones are told in it.
    pub zone: TimeZone,
    /// Of a series only occurrences from this day on are listed.
    pub from: Date,
    /// Of a series only occurrences up to this day are listed.
    pub until: Date,
    /// Largest file, in bytes.
    pub max_bytes: u64,
    /// Most that a workbook may unpack to, in bytes, by what it declares and by what really comes.
    pub max_unpacked: u64,
    /// Most rows.
    pub max_rows: u64,
    /// Most columns.
    pub max_columns: usize,
    /// Longest row of a text file, and longest text of a sheet, in bytes.
    pub max_row: usize,
    /// Most bytes of texts that a workbook shares among its cells; they are kept in memory.
    pub max_shared: usize,
}

impl Limits {
    /// The usual limits, for a town in this zone that wants occurrences of series from one day to another.
    pub fn new(zone: TimeZone, from: Date, until: Date) -> Self {
        Self {
            zone,
            from,
            until,
            max_bytes: 64 << 20,
            max_unpacked: UNPACKED,
            max_rows: 300_000,
            max_columns: 256,
            max_row: 256 << 10,
            max_shared: 48 << 20,
        }
    }
}
