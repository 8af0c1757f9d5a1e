//! LibreOffice sheets (OpenDocument 1.3), as a stream of rows.
//!
//! Rows and cells say how often they are repeated, up to a million times: what is empty is counted, not made.

mod rows;

use std::fs::File;
use std::io::Read;

use quick_xml::events::Event;

use super::container::Container;
use super::survey::{self, Header};
use super::xml::{Xml, attribute};
use super::{Limits, ReadError};
use crate::{Format, Shape};
use rows::SheetRows;

/// What a sheet looks like; it is the chosen one, or the first with a table.
pub(super) fn inspect(file: &File, sheet: Option<&str>, header: Header, limits: &Limits) -> Result<Shape, ReadError> {
    let sheets = sheets(file, limits)?;
    if let Some(sheet) = sheet.filter(|sheet| !sheets.iter().any(|name| name == sheet)) {
        return Err(ReadError::NoSuchSheet(sheet.to_owned()));
    }
    for name in sheets.iter().filter(|name| sheet.is_none_or(|sheet| sheet == *name)) {
        let mut rows = SheetRows::new(content(file, limits)?, Some(name.clone()), limits);
        match survey::of(&mut rows, header, limits) {
            Ok(survey) => {
                let mut shape = survey.shape(Format::Ods, None, None);
                shape.sheet = Some(name.clone());
                shape.sheets = sheets;
                return Ok(shape);
            }
            Err(ReadError::Empty | ReadError::NoTable) => {}
            Err(error) => return Err(error),
        }
    }
    Err(ReadError::NoTable)
}

/// The rows of the sheet that the shape names.
pub(super) fn rows(file: &File, shape: &Shape, limits: &Limits) -> Result<SheetRows, ReadError> {
    Ok(SheetRows::new(content(file, limits)?, shape.sheet.clone(), limits))
}

/// The part with all sheets. One with a password is not XML any more; the list of parts says so.
fn content(file: &File, limits: &Limits) -> Result<Xml, ReadError> {
    let mut container = Container::open(file, limits)?;
    if let Some(part) = container.part("META-INF/manifest.xml")? {
        let mut manifest = String::new();
        part.take(256 << 10).read_to_string(&mut manifest)?;
        if manifest.contains("encryption-data") {
            return Err(ReadError::Locked);
        }
    }
    container.part("content.xml")?.map(Xml::new).ok_or_else(|| ReadError::Damaged("content.xml".to_owned()))
}

fn sheets(file: &File, limits: &Limits) -> Result<Vec<String>, ReadError> {
    let mut xml = content(file, limits)?;
    let mut names = Vec::new();
    loop {
        match xml.next()? {
            Event::Eof => return Ok(names),
            Event::Start(start) if start.name().as_ref() == "table:table" && names.len() < 500 => {
                names.extend(attribute(&start, "table:name"));
            }
            _ => {}
        }
    }
}
