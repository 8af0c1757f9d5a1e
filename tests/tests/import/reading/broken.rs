//! Files that are broken, too large, or not what they say.

use std::fmt::Write;

use crate::samples::archive::{archive, bare_xlsx, ods};
use crate::samples::{expect, limits, report, report_within};

#[test]
fn quote_that_is_never_closed() {
    let mut text = "Datum;Name;Anliegen\n".to_owned();
    for line in 2..=40_003 {
        let name = if line == 40_001 { "\"Müller" } else { "\"Meier\"" };
        writeln!(text, "01.03.2027;{name};PA").unwrap();
    }
    let report = report(text.as_bytes());
    let bad: Vec<&str> = report.lines().filter(|line| line.contains("broken_quote")).collect();
    assert_eq!(bad, ["40001.12 broken_quote "]);
    assert_eq!(report.lines().count(), 1 + 40_002, "all the others are read");
}

#[test]
fn quotes_within_quotes() {
    expect(
        b"Datum;Name\n01.03.2027;\"Kiosk \"Eck\" GmbH\"\n02.03.2027;\"Meier\"\n03.03.2027;Kiosk \"Eck\"\n",
        "Csv utf-8 ';' header 1 DayMonthYear [Datum|Name]
         2.20 broken_quote\u{20}
         3: 02.03.2027|Meier
         4: 03.03.2027|Kiosk \"Eck\"",
    );
}

#[test]
fn separator_too_many() {
    expect(
        b"Datum;Name\n01.03.2027;Meier\n02.03.2027;Schulz;PA\n03.03.2027;Weber\n",
        "Csv utf-8 ';' header 1 DayMonthYear [Datum|Name]
         2: 01.03.2027|Meier
         3.3 too_many_cells PA
         4: 03.03.2027|Weber",
    );
}

#[test]
fn characters_that_are_none() {
    let mut bytes = "Datum;Name\n".to_owned().into_bytes();
    for _ in 0..20 {
        bytes.extend("01.03.2027;Müller\n".as_bytes());
    }
    bytes.extend(b"02.03.2027;M\xfcller\n");
    assert!(report(&bytes).ends_with("\n22.13 bad_character "));
}

#[test]
fn row_too_long_and_rows_too_many() {
    let long = format!("Datum;Name\n01.03.2027;{}\n02.03.2027;Meier\n", "x".repeat(1 << 20));
    expect(
        long.as_bytes(),
        "Csv utf-8 ';' header 1 DayMonthYear [Datum|Name]
         2.0 row_too_long\u{20}
         3: 02.03.2027|Meier",
    );
    let mut few = limits();
    few.max_rows = 1;
    let report = report_within(b"Datum;Name\n01.03.2027;A\n02.03.2027;B\n", &few);
    assert!(report.ends_with("3.0 too_many_rows 1!"), "{report}");
}

#[test]
fn other_files_with_a_borrowed_name() {
    for (bytes, key) in [
        (b"".as_slice(), "empty"),
        (b" \n ", "empty"),
        (b"%PDF-1.7\n1 0 obj", "foreign_pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "foreign_old_office"),
        (b"\xd0\xcf\x11\xe0 E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", "locked"),
        (b"!BDN\0", "foreign_outlook"),
        (b"<html><table>", "foreign_markup"),
        (b"\x89PNG\r\n", "foreign_picture"),
        (b"a\0b\x01c\x02;d", "foreign_binary"),
        (b"Nur ein Satz.\nUnd noch einer.\n", "no_table"),
    ] {
        assert_eq!(report(bytes), format!("refused: {key}"));
    }
    assert_eq!(report(&archive(&[("word/document.xml", b"<w/>")])), "refused: foreign_document");
    assert_eq!(report(&archive(&[("brief.txt", b"hallo")])), "refused: foreign_archive");
    assert_eq!(report(b"PK\x03\x04 and nothing else"), "refused: damaged");
}

#[test]
fn larger_than_allowed() {
    let mut small = limits();
    small.max_bytes = 10;
    assert_eq!(report_within(b"Datum;Name\n", &small), "refused: too_large");
}

#[test]
fn bomb_that_declares_itself() {
    let mut small = limits();
    small.max_unpacked = 1 << 20;
    let sheet = vec![b' '; 2 << 20];
    assert_eq!(report_within(&bare_xlsx(&sheet), &small), "refused: bomb");
}

#[test]
fn bomb_that_lies_about_its_size() {
    let sheet = vec![b' '; 3 << 20];
    let mut bytes = bare_xlsx(&sheet);
    let size = u32::try_from(sheet.len()).unwrap().to_le_bytes();
    let declared: Vec<usize> = (0..bytes.len() - 4).filter(|at| bytes[*at..*at + 4] == size).collect();
    for at in declared {
        bytes[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    assert_eq!(report(&bytes), "refused: bomb");
}

#[test]
fn text_of_one_cell_without_end() {
    let sheet = format!(
        "<worksheet><sheetData><row r=\"1\"><c t=\"inlineStr\"><is><t>{}</t></is></c></row></sheetData></worksheet>",
        "x".repeat(2 << 20)
    );
    assert_eq!(report(&bare_xlsx(sheet.as_bytes())), "refused: damaged");
}

#[test]
fn sheet_that_breaks_off() {
    let sheet = b"<worksheet><sheetData><row r=\"1\"><c t=\"inlineStr\"><is><t>Datum</t></is></c>";
    assert_eq!(report(&bare_xlsx(sheet)), "refused: damaged");
}

#[test]
fn a_million_repeated_rows() {
    let rows = format!(
        "<table:table-row>{0}{0}</table:table-row><table:table-row table:number-rows-repeated=\"1048570\">{1}{0}</table:table-row>",
        crate::samples::archive::words("Name"),
        crate::samples::archive::words("01.03.2027"),
    );
    let mut few = limits();
    few.max_rows = 10;
    assert!(report_within(&ods(&rows), &few).ends_with("too_many_rows 10!"));
}

#[test]
fn a_file_of_broken_quotes_is_given_up() {
    let row = "01.03.2027;9:00;\"Müller\r\n";
    let told = report(format!("Datum;Uhrzeit;Name\r\n{}", row.repeat(3_001)).as_bytes());
    // Read ahead up to 200 lines for each: not for every line of a long file.
    assert_eq!(told.matches("broken_quote").count(), 1_001, "{:.300}", told);
}
