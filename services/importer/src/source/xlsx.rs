//! Excel workbooks (ECMA-376), one sheet as a stream of rows.
//!
//! Formulas are not calculated: the result that Excel has stored with them counts, and one without is told.

mod cells;
mod merged;
mod strings;
mod styles;
mod workbook;

use std::fs::File;

use super::container::Container;
use super::survey::{self, Header};
use super::xml::Xml;
use super::{Limits, ReadError};
use crate::{Format, Shape};
use cells::SheetRows;
use workbook::Workbook;

/// What a workbook looks like; the sheet is the chosen one, or the first with a table.
pub(super) fn inspect(file: &File, sheet: Option<&str>, header: Header, limits: &Limits) -> Result<Shape, ReadError> {
    let workbook = Workbook::open(&mut Container::open(file, limits)?)?;
    let mut none = ReadError::NoTable;
    for name in workbook.visible() {
        if sheet.is_some_and(|sheet| sheet != name) {
            continue;
        }
        let mut rows = open(file, Some(&name), limits)?;
        match survey::of(&mut rows, header, limits) {
            Ok(survey) => {
                let mut shape = survey.shape(Format::Xlsx, None, None);
                shape.sheets = workbook.visible();
                shape.sheet = Some(name);
                return Ok(shape);
            }
            Err(ReadError::Empty | ReadError::NoTable) => {}
            Err(error) => none = error,
        }
    }
    Err(sheet
        .filter(|sheet| !workbook.visible().iter().any(|name| name == sheet))
        .map_or(none, |sheet| ReadError::NoSuchSheet(sheet.to_owned())))
}

/// The rows of the sheet that the shape names.
pub(super) fn rows(file: &File, shape: &Shape, limits: &Limits) -> Result<SheetRows, ReadError> {
    open(file, shape.sheet.as_deref(), limits)
}

fn open(file: &File, sheet: Option<&str>, limits: &Limits) -> Result<SheetRows, ReadError> {
    let mut container = Container::open(file, limits)?;
    let workbook = Workbook::open(&mut container)?;
    let path = workbook.path(sheet).ok_or_else(|| ReadError::NoSuchSheet(sheet.unwrap_or_default().to_owned()))?;
    let styles = styles::Styles::open(&mut container, workbook.counts_from_1904)?;
    let strings = strings::Strings::open(&mut container, limits)?;
    let damaged = || ReadError::Damaged(path.clone());
    let merged = merged::of(container.part(&path)?.ok_or_else(damaged)?)?;
    let part = container.part(&path)?.ok_or_else(damaged)?;
    Ok(SheetRows::new(Xml::new(part), strings, styles, merged, limits))
}
