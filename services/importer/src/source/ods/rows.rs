//! A sheet of content.xml row by row.

use std::collections::HashMap;

use jiff::civil::{Date, DateTime, Time};
use quick_xml::events::{BytesStart, Event};

use crate::source::headings::is_day;
use crate::source::xml::{Xml, append, attribute, bad_row};
use crate::source::{BadRow, Limits, ReadError};
use crate::{Cell, Record};

/// The rows of one sheet.
pub(in crate::source) struct SheetRows {
    xml: Xml,
    /// The sheet; none: the first.
    sheet: Option<String>,
    max_columns: usize,
    max_text: usize,
    is_inside: bool,
    row: u64,
    /// A row that is repeated, and how often still.
    again: Option<(Record, u64)>,
    /// Days that go down over several rows: for a column the last of them, and the day. A name that goes over two rows
    /// is one person, not two appointments.
    down: HashMap<usize, (u64, Cell)>,
    is_over: bool,
}

impl SheetRows {
    pub(super) fn new(xml: Xml, sheet: Option<String>, limits: &Limits) -> Self {
        let (max_columns, max_text) = (limits.max_columns, limits.max_row);
        Self {
            xml,
            sheet,
            max_columns,
            max_text,
            is_inside: false,
            row: 0,
            again: None,
            down: HashMap::new(),
            is_over: false,
        }
    }

    fn row(&mut self) -> Result<Option<Result<Record, BadRow>>, ReadError> {
        if let Some((record, left)) = &mut self.again {
            self.row += 1;
            record.line = self.row;
            let record = record.clone();
            *left -= 1;
            if *left == 0 {
                self.again = None;
            }
            return Ok(Some(Ok(record)));
        }
        loop {
            let (repeated, is_hidden) = match self.xml.next()? {
                Event::Eof => return Ok(None),
                Event::Start(start) if start.name().as_ref() == "table:table" => {
                    let name = attribute(&start, "table:name");
                    self.is_inside = self.sheet.is_none() || self.sheet == name;
                    continue;
                }
                Event::End(end) if end.name().as_ref() == "table:table" && self.is_inside => return Ok(None),
                Event::Start(start) if start.name().as_ref() == "table:table-row" && self.is_inside => {
                    let is_hidden = attribute(&start, "table:visibility").is_some_and(|it| it != "visible");
                    (number(&start, "table:number-rows-repeated"), is_hidden)
                }
                _ => continue,
            };
            self.row = self.row.saturating_add(1);
            let (line, row) = (self.row, self.cells()?);
            match row {
                Ok(cells) if cells.is_empty() => self.row = self.row.saturating_add(repeated - 1),
                Ok(cells) => {
                    let record = Record { is_hidden, ..Record::new(line, cells) };
                    self.again = (repeated > 1).then(|| (record.clone(), repeated - 1));
                    return Ok(Some(Ok(record)));
                }
                Err(bad) => {
                    self.row = self.row.saturating_add(repeated - 1);
                    return Ok(Some(Err(bad)));
                }
            }
        }
    }

    /// The cells of the row that has begun, up to the last that holds something.
    fn cells(&mut self) -> Result<Result<Vec<Cell>, BadRow>, ReadError> {
        let (mut cells, mut column, mut beyond) = (Vec::new(), 0_usize, None);
        let mut from_above = Vec::new();
        loop {
            let (repeated, rows, is_covered, head) = match self.xml.next()? {
                Event::End(end) if end.name().as_ref() == "table:table-row" => break,
                Event::Eof => return Err(ReadError::Damaged("the sheet ends too early".to_owned())),
                Event::Start(start)
                    if matches!(start.name().as_ref(), "table:table-cell" | "table:covered-table-cell") =>
                {
                    let is_covered = start.name().as_ref() == "table:covered-table-cell";
                    let rows = number(&start, "table:number-rows-spanned");
                    (number(&start, "table:number-columns-repeated"), rows, is_covered, Head::of(&start))
                }
                _ => continue,
            };
            let text = self.text()?;
            let mut cell = head.cell(text);
            if rows > 1 && is_day(&cell) && self.down.len() < self.max_columns {
                self.down.insert(column, (self.row.saturating_add(rows - 1), cell.clone()));
            } else if is_covered
                && let Some((last, day)) = self.down.get(&column)
                && self.row <= *last
            {
                from_above.push((column, day.clone()));
                cell = Cell::Empty;
            }
            let repeated = usize::try_from(repeated).unwrap_or(usize::MAX);
            let end = column.saturating_add(repeated);
            if cell != Cell::Empty {
                if end > self.max_columns {
                    beyond.get_or_insert(column.max(self.max_columns) + 1);
                } else {
                    cells.resize(column, Cell::Empty);
                    cells.resize(end, cell);
                }
            }
            column = end;
        }
        // A day above an empty row makes no appointment of it.
        let has_any = cells.iter().any(|cell| *cell != Cell::Empty);
        for (column, day) in from_above.into_iter().filter(|_| has_any) {
            if cells.len() <= column {
                cells.resize(column + 1, Cell::Empty);
            }
            cells[column] = day;
        }
        Ok(match beyond {
            Some(column) => Err(BadRow::new(self.row, "too_many_cells", "").at(column)),
            None => Ok(cells),
        })
    }

    /// The paragraphs of the cell that has begun, without comments.
    fn text(&mut self) -> Result<String, ReadError> {
        let (mut text, mut depth, mut comment) = (String::new(), 0_usize, None);
        loop {
            match self.xml.next()? {
                Event::Eof => return Err(ReadError::Damaged("the sheet ends too early".to_owned())),
                Event::Start(start) => {
                    depth += 1;
                    if comment.is_some() {
                        continue;
                    }
                    match start.name().as_ref() {
                        "office:annotation" => comment = Some(depth),
                        "text:p" if !text.is_empty() => text.push('\n'),
                        "text:s" => text.push(' '),
                        "text:tab" => text.push('\t'),
                        "text:line-break" => text.push('\n'),
                        _ => {}
                    }
                }
                Event::End(_) if depth == 0 => return Ok(text),
                Event::End(_) => {
                    if comment == Some(depth) {
                        comment = None;
                    }
                    depth -= 1;
                }
                event if comment.is_none() && depth > 0 => append(&mut text, &event, self.max_text)?,
                _ => {}
            }
        }
    }
}

impl Iterator for SheetRows {
    type Item = Result<Record, BadRow>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        match self.row() {
            Ok(Some(row)) => Some(row),
            Ok(None) => {
                self.is_over = true;
                None
            }
            Err(error) => {
                self.is_over = true;
                Some(Err(bad_row(&error, self.row + 1)))
            }
        }
    }
}

/// What the beginning of a cell says about it.
struct Head {
    kind: String,
    value: Option<String>,
    formula: Option<String>,
    is_error: bool,
}

impl Head {
    fn of(start: &BytesStart<'_>) -> Self {
        let kind = attribute(start, "office:value-type").unwrap_or_default();
        let value = match kind.as_str() {
            "date" => attribute(start, "office:date-value"),
            "time" => attribute(start, "office:time-value"),
            "boolean" => attribute(start, "office:boolean-value"),
            "string" => attribute(start, "office:string-value"),
            _ => attribute(start, "office:value"),
        };
        let is_error = attribute(start, "calcext:value-type").is_some_and(|kind| kind == "error");
        Self { kind, value, formula: attribute(start, "table:formula"), is_error }
    }

    fn cell(self, text: String) -> Cell {
        let shown = text.trim();
        let plain = || if shown.is_empty() { Cell::Empty } else { Cell::Text(shown.to_owned()) };
        if self.is_error {
            return Cell::Formula(shown.to_owned());
        }
        let Some(value) = self.value else {
            return match self.formula {
                Some(formula) if shown.is_empty() => Cell::Formula(formula),
                _ => plain(),
            };
        };
        match self.kind.as_str() {
            "date" => day(&value).unwrap_or_else(plain),
            "time" => time(&value).unwrap_or_else(plain),
            "float" | "percentage" | "currency" => value.parse().map_or_else(|_| plain(), Cell::Number),
            "boolean" => Cell::Text(value),
            _ if shown.is_empty() && !value.trim().is_empty() => Cell::Text(value),
            _ => plain(),
        }
    }
}

/// `2027-03-01`, or `2027-03-01T08:30:00`.
fn day(value: &str) -> Option<Cell> {
    if value.len() <= 10 {
        return value.parse::<Date>().ok().map(Cell::Date);
    }
    let at = value.parse::<DateTime>().ok()?;
    Some(if at.time() == Time::midnight() { Cell::Date(at.date()) } else { Cell::DateTime(at) })
}

/// `PT08H30M00S`; a whole day is 24:00.
fn time(value: &str) -> Option<Cell> {
    let (hours, rest) = value.strip_prefix("PT")?.split_once('H')?;
    let (minutes, rest) = rest.split_once('M').unwrap_or(("0", rest));
    let seconds = rest.trim_end_matches('S').split(['.', ',']).next().filter(|text| !text.is_empty()).unwrap_or("0");
    let (hours, minutes, seconds) = (hours.parse::<i8>().ok()?, minutes.parse().ok()?, seconds.parse().ok()?);
    if (hours, minutes, seconds) == (24, 0, 0) {
        return Some(Cell::Text("24:00".to_owned()));
    }
    Time::new(hours, minutes, seconds, 0).ok().map(Cell::Time)
}

/// How often something is repeated.
fn number(start: &BytesStart<'_>, name: &str) -> u64 {
    attribute(start, name).and_then(|number| number.parse().ok()).unwrap_or(1).max(1)
}
