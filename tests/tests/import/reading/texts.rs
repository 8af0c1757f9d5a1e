//! Texts with a separator, and our own format.

use crate::samples::{ansi, expect, file, limits, report_within, utf16};

const LIST: &str = "Datum;Uhrzeit;Name;Anliegen\r\n01.03.2027;8.30 Uhr;Müller;PA\r\n13.03.2027;9:00;Şahin;\r\n";
const ANSI_LIST: &str = "Datum;Uhrzeit;Name\r\n01.03.2027;8.30 Uhr;Müller\r\n";

#[test]
fn utf8_without_mark() {
    expect(
        LIST.as_bytes(),
        "Csv utf-8 ';' header 1 DayMonthYear [Datum|Uhrzeit|Name|Anliegen]
         2: 01.03.2027|8.30 Uhr|Müller|PA
         3: 13.03.2027|9:00|Şahin|",
    );
}

#[test]
fn utf8_with_mark() {
    expect(
        format!("\u{feff}{LIST}").as_bytes(),
        "Csv utf-8 ';' header 1 DayMonthYear [Datum|Uhrzeit|Name|Anliegen]
         2: 01.03.2027|8.30 Uhr|Müller|PA
         3: 13.03.2027|9:00|Şahin|",
    );
}

#[test]
fn utf16_of_excel() {
    expect(
        &utf16(&LIST.replace(';', "\t")),
        "Csv utf-16le '\\t' header 1 DayMonthYear [Datum|Uhrzeit|Name|Anliegen]
         2: 01.03.2027|8.30 Uhr|Müller|PA
         3: 13.03.2027|9:00|Şahin|",
    );
}

#[test]
fn windows_1252() {
    expect(
        &ansi(ANSI_LIST),
        "Csv windows-1252 ';' header 1 DayMonthYear [Datum|Uhrzeit|Name]
         2: 01.03.2027|8.30 Uhr|Müller",
    );
}

#[test]
fn separator_is_declared() {
    expect(
        b"sep=|\nTag|Von|Name\n2027-03-01|08:00|A; B; C\n",
        "Csv utf-8 '|' header 2 YearMonthDay [Tag|Von|Name]
         3: 2027-03-01|08:00|A; B; C",
    );
}

#[test]
fn outlook_in_german() {
    expect(
        &ansi(
            "\"Betreff\",\"Beginnt am\",\"Beginnt um\",\"Endet am\",\"Endet um\",\"Ganztägiges Ereignis\"\r\n\
             \"Müller, PA + RP\",\"1.3.2027\",\"08:30:00\",\"1.3.2027\",\"08:45:00\",\"Aus\"\r\n\
             \"Zeile 1\r\nZeile \"\"2\"\"\",\"2.3.2027\",\"09:00:00\",\"2.3.2027\",\"09:15:00\",\"Aus\"\r\n",
        ),
        "Csv windows-1252 ',' header 1 DayMonthYear [Betreff|Beginnt am|Beginnt um|Endet am|Endet um|Ganztägiges Ereignis]
         2: Müller, PA + RP|1.3.2027|08:30:00|1.3.2027|08:45:00|Aus
         3: Zeile 1⏎Zeile \"2\"|2.3.2027|09:00:00|2.3.2027|09:15:00|Aus",
    );
}

#[test]
fn outlook_in_english() {
    expect(
        b"Subject,Start Date,Start Time\r\n\"Smith, ID card\",3/4/2027,8:30:00 AM\r\n",
        "Csv utf-8 ',' header 1 MonthDayYear [Subject|Start Date|Start Time]
         2: Smith, ID card|3/4/2027|8:30:00 AM",
    );
}

#[test]
fn order_that_cannot_be_told() {
    expect(
        b"Tag;Zeit\n03/04/2027;8:30\n",
        "Csv utf-8 ';' header 1 - [Tag|Zeit]
         2: 03/04/2027|8:30",
    );
}

#[test]
fn no_header_and_a_title_above() {
    expect(
        b"Stadt Werne;Listen\n\nMo 01.03.2027;8:00;Meier\n02.03.2027;8:00;Schulz\n",
        "Csv utf-8 ';' header 1 DayMonthYear [Stadt Werne|Listen|C]
         3: Mo 01.03.2027|8:00|Meier
         4: 02.03.2027|8:00|Schulz",
    );
    expect(
        b"01.03.2027;8:00;Meier\n02.03.2027;8:00;Schulz\n",
        "Csv utf-8 ';' header 0 DayMonthYear [A|B|C]
         1: 01.03.2027|8:00|Meier
         2: 02.03.2027|8:00|Schulz",
    );
}

#[test]
fn header_again_on_each_page() {
    expect(
        b"Datum;Name\n01.03.2027;Meier\n;\nDatum;Name\n02.03.2027;Schulz\n",
        "Csv utf-8 ';' header 1 DayMonthYear [Datum|Name]
         2: 01.03.2027|Meier
         5: 02.03.2027|Schulz",
    );
}

#[test]
fn formulas_of_a_text() {
    expect(
        b"Datum;Telefon;Name\n01.03.2027;=\"0170 123\";=HYPERLINK(A1)\n",
        "Csv utf-8 ';' header 1 DayMonthYear [Datum|Telefon|Name]
         2: 01.03.2027|0170 123|f=HYPERLINK(A1)",
    );
}

#[test]
fn somebody_says_another_separator() {
    let mut file = file(b"Datum;Name\n01.03.2027;A,B\n");
    let mut shape = importer::inspect(&mut file, &limits()).unwrap();
    shape.separator = Some(',');
    shape.header_line = None;
    let shape = importer::reinspect(&mut file, &shape, &limits()).unwrap();
    assert_eq!((shape.separator, shape.columns.len(), shape.header_line), (Some(','), 2, None));
    shape.encoding.as_deref().expect("a character set");
    let unknown = importer::Shape { encoding: Some("klingon".to_owned()), ..shape };
    assert_eq!(importer::reinspect(&mut file, &unknown, &limits()).unwrap_err().key(), "unknown_encoding");
}

#[test]
fn our_own_format() {
    let report = report_within(
        b"{\"id\":9007199254740993,\"start\":\"2027-03-01T07:30:00Z\",\"minutes\":15,\"name\":\"Meier\"}\n\
          {\"date\":\"2027-03-02\",\"time\":\"08:30\",\"all_day\":true}\n\
          {\"date\":\n{\"wann\":1}\n{\"name\":[]}\n",
        &limits(),
    );
    let rows: Vec<&str> = report.lines().skip(1).collect();
    assert_eq!(
        rows,
        [
            "1: 9007199254740993|||w2027-03-01 08:30||||n15|Meier||||||||||",
            "2: |d2027-03-02|t08:30||||||||||||||true||",
            "3.8 not_json EOF while parsing a value at line 1 column 8",
            "4.0 unknown_key wann",
            "5.0 bad_value name",
        ]
    );
}
