//! Workbooks of Excel and LibreOffice.

use crate::samples::archive::{archive, bare_xlsx, ods, words};
use crate::samples::sheet::excel;
use crate::samples::{expect, file, limits, report};

#[test]
fn excel_with_real_dates_and_formulas() {
    expect(
        &excel(),
        "Xlsx - '-' header 3 - [Datum|Uhrzeit|Name|Telefon|Anliegen]
         4: d2027-03-01|t08:30|Müller & Söhne|n1701234567|PA
         6: d2027-03-01|24:00|Schulz||",
    );
}

#[test]
fn sheets_are_listed_and_chosen() {
    let mut file = file(&excel());
    let shape = importer::inspect(&mut file, &limits()).unwrap();
    assert_eq!((shape.sheet.as_deref(), shape.sheets.clone()), (Some("März"), vec!["März".into(), "April".into()]));
    let other = importer::Shape { sheet: Some("Mai".to_owned()), ..shape };
    assert_eq!(importer::reinspect(&mut file, &other, &limits()).unwrap_err().key(), "no_such_sheet");
}

#[test]
fn excel_of_another_program() {
    let sheet = br#"<x:worksheet xmlns:x="a"><x:sheetData>
        <x:row><x:c t="inlineStr"><x:is><x:t>Datum</x:t></x:is></x:c><x:c t="str"><x:v>Name</x:v></x:c></x:row>
        <x:row r="5"><x:c r="A5" t="d"><x:v>2027-03-01T08:30:00</x:v></x:c><x:c r="B5" t="e"><x:v>#REF!</x:v></x:c></x:row>
        <x:row r="6"><x:c r="A6" t="d"><x:v>2027-03-02</x:v></x:c><x:c r="XFD6"><x:v>1</x:v></x:c></x:row>
        <x:row r="7"><x:c r="A7"><x:f>NOW()</x:f></x:c><x:c r="B7" t="b"><x:v>1</x:v></x:c></x:row>
        </x:sheetData></x:worksheet>"#;
    expect(
        &bare_xlsx(sheet),
        "Xlsx - '-' header 1 - [Datum|Name]
         5: w2027-03-01 08:30|f#REF!
         6.16384 too_many_cells\u{20}
         7: f=NOW()|true",
    );
}

#[test]
fn libreoffice() {
    let rows = format!(
        r#"<table:table-row>{}{}{}{}</table:table-row>
        <table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>
        <table:table-row><table:table-cell office:value-type="date" office:date-value="2027-03-01"><text:p>01.03.27</text:p></table:table-cell>
        <table:table-cell office:value-type="time" office:time-value="PT08H30M00S"><text:p>08:30</text:p></table:table-cell>
        <table:table-cell office:value-type="string"><office:annotation><text:p>geheim</text:p></office:annotation><text:p>Meier<text:s/>&amp; Co</text:p><text:p>Zeile 2</text:p></table:table-cell>
        <table:table-cell office:value-type="float" office:value="2"><text:p>2</text:p></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>"#,
        words("Datum"),
        words("Uhrzeit"),
        words("Name"),
        words("Anzahl"),
    );
    expect(
        &ods(&rows),
        "Ods - '-' header 1 - [Datum|Uhrzeit|Name|Anzahl]
         4: d2027-03-01|t08:30|Meier & Co⏎Zeile 2|n2",
    );
}

#[test]
fn libreoffice_with_a_password() {
    let locked = archive(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:encryption-data/>"),
        ("content.xml", b"\x01\x02\x03"),
    ]);
    assert_eq!(report(&locked), "refused: locked");
}
