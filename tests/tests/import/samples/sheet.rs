//! Workbooks as Excel saves them.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

/// A list with a title, real dates, a formula with its result, a hidden sheet before it and a second one after it.
pub fn excel() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let notes = workbook.add_worksheet().set_name("Listen").unwrap();
    notes.write(0, 0, "Datum").unwrap();
    notes.set_hidden(true);
    let day = Format::new().set_num_format("dd.mm.yyyy");
    let time = Format::new().set_num_format("hh:mm");
    let sheet = workbook.add_worksheet().set_name("März").unwrap();
    sheet.set_active(true);
    sheet.write(0, 0, "Terminliste Bürgerbüro").unwrap();
    for (column, name) in ["Datum", "Uhrzeit", "Name", "Telefon", "Anliegen"].iter().enumerate() {
        sheet.write(2, u16::try_from(column).unwrap(), *name).unwrap();
    }
    let date = ExcelDateTime::from_ymd(2027, 3, 1).unwrap();
    sheet.write_with_format(3, 0, &date, &day).unwrap();
    sheet.write_with_format(3, 1, ExcelDateTime::from_hms(8, 30, 0).unwrap(), &time).unwrap();
    sheet.write(3, 2, "Müller & Söhne").unwrap();
    sheet.write(3, 3, 1_701_234_567.0).unwrap();
    sheet.write(3, 4, "PA").unwrap();
    sheet.write_with_format(5, 0, &date, &day).unwrap();
    sheet.write_with_format(5, 1, 1.0, &time).unwrap();
    sheet.write_formula(5, 2, Formula::new("=B1").set_result("Schulz")).unwrap();
    workbook.add_worksheet().set_name("April").unwrap();
    workbook.save_to_buffer().unwrap()
}
