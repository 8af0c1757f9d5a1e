//! What was found out about a file, as fields that can be corrected.

use importer::{DateOrder, Format, Shape};
use minijinja::{Value, context};

use crate::extract::{Fields, Site};

/// Character sets that are offered, as the WHATWG calls them; others can come from the file itself.
const ENCODINGS: [&str; 4] = ["utf-8", "windows-1252", "utf-16le", "utf-16be"];
/// What stands between cells, with its name in the form.
const SEPARATORS: [(char, &str); 4] = [(';', "semikolon"), (',', "komma"), ('\t', "tabulator"), ('|', "strich")];
/// Orders of a date, with their names in the form.
const ORDERS: [(DateOrder, &str); 3] =
    [(DateOrder::DayMonthYear, "tmj"), (DateOrder::MonthDayYear, "mtj"), (DateOrder::YearMonthDay, "jmt")];
/// Nobody names columns further down than this.
const LAST_HEADER_LINE: u64 = 100;

/// What the form says about the file.
pub(super) struct Corrected {
    /// The file as it shall be read; none: it is read so already.
    pub shape: Option<Shape>,
    /// How dates in texts are written.
    pub date_order: Option<DateOrder>,
}

/// Reads the form of a file that was understood as `found`. What makes no sense stays as it was.
pub(super) fn read(fields: &Fields, found: &Shape) -> Corrected {
    let mut shape = found.clone();
    if found.encoding.is_some()
        && let Some(encoding) = fields.get("kodierung").filter(|it| ENCODINGS.contains(it))
    {
        shape.encoding = Some(encoding.to_owned());
    }
    if found.separator.is_some()
        && let Some((separator, _)) =
            fields.get("trennzeichen").and_then(|word| SEPARATORS.iter().find(|it| it.1 == word))
    {
        shape.separator = Some(*separator);
    }
    if let Some(sheet) = fields.get("blatt").filter(|it| found.sheets.iter().any(|sheet| sheet == it)) {
        shape.sheet = Some(sheet.to_owned());
    }
    let header: Option<u64> = fields.get("kopfzeile").and_then(|it| it.trim().parse().ok());
    if let Some(line) = header.filter(|it| has_header(found) && *it <= LAST_HEADER_LINE) {
        shape.header_line = (line > 0).then_some(line);
    }
    let date_order = order(fields).unwrap_or(found.date_order);
    Corrected { shape: (shape != *found).then_some(Shape { date_order, ..shape }), date_order }
}

/// The order of dates that the form says; none: it does not ask.
fn order(fields: &Fields) -> Option<Option<DateOrder>> {
    let word = fields.get("datum")?;
    Some(ORDERS.iter().find(|it| it.1 == word).map(|it| it.0))
}

/// Whether a file of this kind has a row that names its columns.
fn has_header(shape: &Shape) -> bool {
    matches!(shape.format, Format::Csv | Format::Xlsx | Format::Ods)
}

/// The fields, for the template.
pub(super) fn view(site: &Site, shape: &Shape, date_order: Option<DateOrder>) -> Value {
    let option = |value: &str, label: String, is_chosen: bool| context! { value, label, is_chosen };
    let encodings = shape.encoding.as_deref().map(|own| {
        let own = own.to_ascii_lowercase();
        let known = ENCODINGS.iter().map(|it| (*it).to_owned());
        let further = std::iter::once(own.clone()).filter(|it| !ENCODINGS.contains(&it.as_str()));
        known.chain(further).map(|it| option(&it, it.to_uppercase(), it == own)).collect::<Vec<_>>()
    });
    let separators = shape.separator.map(|own| {
        let label = |word: &str| site.t(&format!("staff.import.separator.{word}"), &[]);
        SEPARATORS.iter().map(|(it, word)| option(word, label(word), *it == own)).collect::<Vec<_>>()
    });
    let label = |word: &str| site.t(&format!("staff.import.order.{word}"), &[]);
    let orders: Vec<Value> =
        ORDERS.iter().map(|(it, word)| option(word, label(word), Some(*it) == date_order)).collect();
    context! {
        format => site.t(&format!("staff.import.format.{}", format_key(shape.format)), &[]),
        encodings,
        separators,
        sheets => (shape.sheets.len() > 1).then(|| {
            let is_read = |name: &String| shape.sheet.as_ref() == Some(name);
            shape.sheets.iter().map(|it| option(it, it.clone(), is_read(it))).collect::<Vec<_>>()
        }),
        header_line => has_header(shape).then(|| shape.header_line.unwrap_or(0)),
        last_header_line => LAST_HEADER_LINE,
        orders,
    }
}

fn format_key(format: Format) -> &'static str {
    match format {
        Format::Csv => "csv",
        Format::Xlsx => "xlsx",
        Format::Ods => "ods",
        Format::Ics => "ics",
        Format::JsonLines => "json_lines",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape() -> Shape {
        Shape {
            format: Format::Csv,
            encoding: Some("windows-1252".to_owned()),
            separator: Some(';'),
            sheet: None,
            sheets: Vec::new(),
            header_line: Some(1),
            date_order: Some(DateOrder::DayMonthYear),
            columns: vec!["Datum".to_owned()],
            sample: Vec::new(),
        }
    }

    fn read_from(form: &str) -> Corrected {
        read(&Fields::parse(form.as_bytes()).unwrap(), &shape())
    }

    #[test]
    fn what_is_as_it_was_found_needs_no_second_reading() {
        let same = read_from("kodierung=windows-1252&trennzeichen=semikolon&kopfzeile=1&datum=tmj");
        assert!(same.shape.is_none());
        assert_eq!(same.date_order, Some(DateOrder::DayMonthYear));
        assert!(read_from("kodierung=klingon&trennzeichen=x&kopfzeile=-3&blatt=x").shape.is_none(), "no nonsense");
    }

    #[test]
    fn each_part_can_be_corrected() {
        let other = |form: &str| read_from(form).shape.expect("a correction");
        assert_eq!(other("kodierung=utf-8").encoding.as_deref(), Some("utf-8"));
        assert_eq!(other("trennzeichen=tabulator").separator, Some('\t'));
        assert_eq!(other("kopfzeile=0").header_line, None);
        assert_eq!(read_from("datum=mtj").date_order, Some(DateOrder::MonthDayYear));
        assert_eq!(read_from("datum=").date_order, None);
    }
}
