//! Which sheets a workbook has, and where they lie.

use std::collections::HashMap;

use quick_xml::events::Event;

use crate::source::ReadError;
use crate::source::container::Container;
use crate::source::xml::{Xml, attribute};

/// Most sheets that are listed.
const SHEETS: usize = 500;

/// The list of the sheets.
pub(super) struct Workbook {
    sheets: Vec<Sheet>,
    /// Days are counted from 1 January 1904, as old Macs did.
    pub counts_from_1904: bool,
}

struct Sheet {
    name: String,
    path: String,
    is_hidden: bool,
}

impl Workbook {
    pub fn open(container: &mut Container) -> Result<Self, ReadError> {
        let paths = relations(container)?;
        let part = container.part("xl/workbook.xml")?.ok_or_else(|| ReadError::Damaged("xl/workbook.xml".into()))?;
        let mut xml = Xml::new(part);
        let mut this = Self { sheets: Vec::new(), counts_from_1904: false };
        loop {
            match xml.next()? {
                Event::Eof => return Ok(this),
                Event::Start(start) if start.local_name().as_ref() == "workbookPr" => {
                    this.counts_from_1904 =
                        attribute(&start, "date1904").is_some_and(|value| matches!(value.as_str(), "1" | "true"));
                }
                Event::Start(start) if start.local_name().as_ref() == "sheet" && this.sheets.len() < SHEETS => {
                    let path = attribute(&start, "r:id").and_then(|id| paths.get(&id).cloned());
                    if let (Some(name), Some(path)) = (attribute(&start, "name"), path) {
                        let is_hidden = attribute(&start, "state").is_some_and(|state| state != "visible");
                        this.sheets.push(Sheet { name, path, is_hidden });
                    }
                }
                _ => {}
            }
        }
    }

    /// Names of the sheets that can be seen.
    pub fn visible(&self) -> Vec<String> {
        self.sheets.iter().filter(|sheet| !sheet.is_hidden).map(|sheet| sheet.name.clone()).collect()
    }

    /// Where a sheet lies; without a name the first that can be seen.
    pub fn path(&self, name: Option<&str>) -> Option<String> {
        let found = self.sheets.iter().find(|sheet| match name {
            Some(name) => sheet.name == name,
            None => !sheet.is_hidden,
        });
        found.map(|sheet| sheet.path.clone())
    }
}

/// Paths of the workbook's parts by their ids.
fn relations(container: &mut Container) -> Result<HashMap<String, String>, ReadError> {
    let mut paths = HashMap::new();
    let Some(part) = container.part("xl/_rels/workbook.xml.rels")? else { return Ok(paths) };
    let mut xml = Xml::new(part);
    loop {
        match xml.next()? {
            Event::Eof => return Ok(paths),
            Event::Start(start) if start.local_name().as_ref() == "Relationship" && paths.len() < 10 * SHEETS => {
                if let (Some(id), Some(target)) = (attribute(&start, "Id"), attribute(&start, "Target")) {
                    let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
                    paths.insert(id, path);
                }
            }
            _ => {}
        }
    }
}
