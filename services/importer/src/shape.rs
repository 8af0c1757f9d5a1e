//! What was found out about a file: its format, its columns, how it writes dates.

use serde::{Deserialize, Serialize};

/// What kind of file it is, by its content, never by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Text with a separator; Outlook's export among them.
    Csv,
    /// Excel.
    Xlsx,
    /// LibreOffice.
    Ods,
    /// iCalendar (RFC 5545).
    Ics,
    /// Our own: one JSON object a line, `docs/import-format.md`.
    JsonLines,
}

/// In which order a date is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 3.12.2026
    DayMonthYear,
    /// 12/3/2026
    MonthDayYear,
    /// 2026-12-03
    YearMonthDay,
}

/// What was found out about a file; the admin may correct it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// Its kind.
    pub format: Format,
    /// Character set of a text file, as in the WHATWG's list, such as `windows-1252`.
    pub encoding: Option<String>,
    /// What stands between the cells of a text file.
    pub separator: Option<char>,
    /// The sheet that is read, of a workbook.
    #[serde(default)]
    pub sheet: Option<String>,
    /// All sheets of a workbook that can be seen.
    #[serde(default)]
    pub sheets: Vec<String>,
    /// The line or row that names the columns, counted from 1; none: there is no such row.
    pub header_line: Option<u64>,
    /// How dates in texts are written; none: no column needs to know, or it cannot be told (then the admin chooses).
    pub date_order: Option<DateOrder>,
    /// Names of the columns; those without one are `A`, `B` ….
    pub columns: Vec<String>,
    /// The first rows as texts, for the preview; five at most.
    pub sample: Vec<Vec<String>>,
}
