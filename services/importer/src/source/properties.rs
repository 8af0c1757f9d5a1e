//! Files of every kind with something broken in them: whatever it is, reading ends, panics nowhere, and keeps its bounds.

use std::fs::File;
use std::io::{Cursor, Write as _};

use jiff::civil::date;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use crate::concerns::samples::WORDS;
use crate::{mapping, reading};

const CSV: &str = "sep=;\r\nTermine im März;;\r\nDatum;Uhrzeit;Name;Telefon;Anliegen\r\n\
    Mo 01.03.2027;8.30–8.45 Uhr;\"Müller; Eva\";=\"0170 1\";PA + RP\r\n\
    02.03.2027;24:00;\"Zeile \"\"1\"\"\r\nZeile 2\";1,7E+11;=A1\r\n\r\n\
    Dienstag, 9. März 2027\r\n30.02.2027;9-10;;;x\r\nSumme;;2;;\r\n";

const ICS: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VTIMEZONE\r\nTZID:Amt\r\nBEGIN:STANDARD\r\n\
    DTSTART:19701025T030000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n\
    END:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:1@amt\r\nDTSTART;TZID=Amt:20270301T083000\r\nDURATION:PT15M\r\n\
    RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,-1TU;WKST=SU;COUNT=9;BYHOUR=8,9\r\nEXDATE:20270308T073000Z,20270315T073000Z\r\n\
    RDATE;VALUE=DATE:20270309\r\nSUMMARY:Müller\\, PA \r\n + RP\\n0170 1\r\nCATEGORIES:Melde,Gelb\r\n\
    ORGANIZER;CN=Amt:mailto:amt@x.de\r\nATTENDEE;CN=\"Eva; M\":mailto:eva@x.de\r\nBEGIN:VALARM\r\nTRIGGER:-PT15M\r\n\
    END:VALARM\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:1@amt\r\nRECURRENCE-ID;TZID=Europe/Berlin:20270315T083000\r\n\
    DTSTART;VALUE=DATE:20270316\r\nDTEND;VALUE=DATE:20270318\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

const JSON: &str = "{\"id\":\"7\",\"start\":\"2027-03-01T07:30:00Z\",\"minutes\":15,\"name\":\"Meier\",\"concern\":\"PA\"}\n\
    {\"date\":\"2027-03-02\",\"time\":\"08:30\",\"all_day\":false,\"phone\":\"0170\\u0000\",\"note\":null}\n";

const SHEET: &str = r#"<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>Uhrzeit</t></is></c><c r="C1" t="str"><v>Name</v></c></row><row r="2" hidden="1"><c r="A2" s="1"><v>46447</v></c><c r="B2" s="2"><v>0.354166</v></c><c r="C2" t="s"><v>1</v></c></row><row r="4"><c r="A4" t="d"><v>2027-03-02T08:30:00</v></c><c r="C4"><f>A1</f><v>3</v></c><c r="XFD4" t="e"><v>#REF!</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells></worksheet>"#;

const STRINGS: &str = "<sst><si><t>Datum</t></si><si><r><t>M&#252;ller</t></r><rPh><t>x</t></rPh></si></sst>";

const STYLES: &str = r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd.mm.yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="20"/></cellXfs></styleSheet>"#;

const WORKBOOK: &str =
    r#"<workbook xmlns:r="r"><sheets><sheet name="Termine" sheetId="1" r:id="a"/></sheets></workbook>"#;

const RELATIONS: &str = r#"<Relationships><Relationship Id="a" Target="worksheets/sheet1.xml"/></Relationships>"#;

const ODS: &str = r#"<o xmlns:office="o" xmlns:table="t" xmlns:text="x"><table:table table:name="T"><table:table-row><table:table-cell office:value-type="string"><text:p>Datum</text:p></table:table-cell><table:table-cell table:number-columns-repeated="2"><text:p>Name<text:s/>x</text:p></table:table-cell></table:table-row><table:table-row table:number-rows-repeated="3"><table:table-cell office:value-type="date" office:date-value="2027-03-01" table:number-rows-spanned="2"><text:p>1.3.</text:p></table:table-cell><table:table-cell office:value-type="time" office:time-value="PT08H30M00S"/><table:covered-table-cell/></table:table-row></table:table></o>"#;

/// What breaks files in the right places.
const SPARKS: [&str; 40] = [
    "\"",
    ";",
    "\n",
    "\r",
    "\0",
    "\u{feff}",
    "ß",
    "\u{1F600}",
    "=",
    "<",
    ">",
    "&#0;",
    "&amp;",
    "<c>",
    "</row>",
    "]]>",
    "BEGIN:VEVENT\r\n",
    "END:VEVENT\r\n",
    "99999999999999999999",
    "-1",
    "0",
    "T",
    "Z",
    "+",
    "%",
    "\\",
    ",",
    ":",
    "\t ",
    "RRULE:FREQ=MINUTELY\r\n",
    "RRULE:FREQ=YEARLY;BYDAY=53MO,-53SU;BYSETPOS=-366\r\n",
    "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\r\n",
    "BYWEEKNO=-53;",
    "DTSTART:99991231T235959Z\r\n",
    "DURATION:P99999W\r\n",
    "table:number-rows-repeated=\"4294967295\"",
    "1e308",
    "{",
    "[[[[",
    "r=\"ZZZZ9999999999\"",
];

/// What is done to a file: where (in thousandths), what.
#[derive(Clone, Debug)]
enum Wound {
    Cut(u16),
    Remove(u16, u16),
    Repeat(u16, u16, u8),
    Put(u16, &'static str),
    Byte(u16, u8),
}

fn wounds() -> impl Strategy<Value = Vec<Wound>> {
    let wound = prop_oneof![
        1 => (0_u16..1000).prop_map(Wound::Cut),
        3 => (0_u16..1000, 1_u16..200).prop_map(|(at, long)| Wound::Remove(at, long)),
        2 => (0_u16..1000, 1_u16..500, 1_u8..8).prop_map(|(at, long, times)| Wound::Repeat(at, long, times)),
        6 => (0_u16..1000, prop::sample::select(SPARKS.to_vec())).prop_map(|(at, spark)| Wound::Put(at, spark)),
        4 => (0_u16..1000, any::<u8>()).prop_map(|(at, byte)| Wound::Byte(at, byte)),
    ];
    prop::collection::vec(wound, 1..5)
}

fn wounded(bytes: &[u8], wounds: &[Wound]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for wound in wounds {
        let place = |thousandths: u16| usize::from(thousandths) * bytes.len() / 1000;
        match *wound {
            Wound::Cut(at) => bytes.truncate(place(at)),
            Wound::Remove(at, long) => {
                let at = place(at);
                bytes.drain(at..(at + usize::from(long)).min(bytes.len()));
            }
            Wound::Repeat(at, long, times) => {
                let at = place(at);
                let part = bytes[at..(at + usize::from(long)).min(bytes.len())].repeat(usize::from(times));
                bytes.splice(at..at, part);
            }
            Wound::Put(at, spark) => {
                let at = place(at);
                bytes.splice(at..at, spark.bytes());
            }
            Wound::Byte(at, byte) => {
                let at = place(at);
                if let Some(place) = bytes.get_mut(at) {
                    *place = byte;
                }
            }
        }
    }
    bytes
}

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn xlsx(sheet: &[u8], strings: &[u8], styles: &[u8]) -> Vec<u8> {
    archive(&[
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", strings),
        ("xl/styles.xml", styles),
    ])
}

fn ods(content: &[u8]) -> Vec<u8> {
    archive(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content)])
}

fn limits() -> Limits {
    let mut limits = Limits::new(TimeZone::get("Europe/Berlin").unwrap(), date(2027, 1, 1), date(2028, 2, 5));
    (limits.max_rows, limits.max_row, limits.max_unpacked) = (500, 8 << 10, 1 << 20);
    limits
}

/// Reads a file to its end, as the dry run does; how many rows came.
fn read(bytes: &[u8]) -> usize {
    let mut file: File = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let limits = limits();
    let Ok(shape) = inspect(&mut file, &limits) else { return 0 };
    let again = reinspect(&mut file, &shape, &limits);
    assert!(again.is_ok(), "what was found out can be said: {:?} {shape:?}", again.err());
    let mapping = mapping::propose(&shape);
    let mut count = 0;
    for row in records(file, &shape, &limits).expect("what was inspected can be read") {
        count += 1;
        let Ok(row) = row else { continue };
        assert_eq!(row.cells.len(), shape.columns.len(), "one cell for each column");
        let entry = reading::entry(&row, &shape, &mapping, &WORDS);
        let is_told = entry.start.is_some() || entry.all_day.is_some() || !entry.reasons.is_empty();
        assert!(is_told, "a row without a time says why: {row:?}");
    }
    assert!(count <= 501, "{count} rows");
    count
}

#[test]
fn the_files_are_good_before_they_are_broken() {
    let files = [CSV.as_bytes().to_vec(), ICS.as_bytes().to_vec(), JSON.as_bytes().to_vec()];
    let sheet = xlsx(SHEET.as_bytes(), STRINGS.as_bytes(), STYLES.as_bytes());
    for file in files.into_iter().chain([sheet, ods(ODS.as_bytes())]) {
        assert!(read(&file) >= 2, "{}", String::from_utf8_lossy(&file));
    }
}

proptest! {
    #[test]
    fn broken_texts_are_read_to_their_end(file in prop::sample::select(vec![CSV, ICS, JSON]), wounds in wounds()) {
        read(&wounded(file.as_bytes(), &wounds));
    }

    #[test]
    fn broken_workbooks_are_read_to_their_end(part in 0_usize..4, wounds in wounds()) {
        let of = |at: usize, text: &str| if at == part { wounded(text.as_bytes(), &wounds) } else { text.into() };
        read(&xlsx(&of(0, SHEET), &of(1, STRINGS), &of(2, STYLES)));
        read(&ods(&of(3, ODS)));
    }

    #[test]
    fn broken_archives_are_read_to_their_end(wounds in wounds()) {
        let sheet = xlsx(SHEET.as_bytes(), STRINGS.as_bytes(), STYLES.as_bytes());
        read(&wounded(&sheet, &wounds));
    }
}
