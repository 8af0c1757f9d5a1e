//! The same appointments in every format a town may have them in: the report is the same, and so are the bookings.

use importer::State;
use importer::batch::{BatchState, Choices};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use crate::hall::Hall;
use crate::samples::archive::{ods, words};
use crate::samples::calendar::calendar;
use crate::samples::{ansi, utf16};

const LIST: &str = "Datum;Uhrzeit;Name;Telefon;Anliegen\r\n\
                    14.12.2026;09:00;Jürgen Müller;0170 1234567;Personalausweis\r\n\
                    14.12.2026;9.30 Uhr;Ali Muster;;Personalausweis\r\n\
                    14.12.2026;18:00;Eva Spät;;Personalausweis\r\n\
                    30.02.2027;10:00;Nie Da;;Personalausweis\r\n\
                    02.11.2026;10:00;Vor Bei;;Personalausweis\r\n";

/// Day, time, name and telephone of the five.
const ROWS: [[&str; 4]; 5] = [
    ["2026-12-14", "09:00", "Jürgen Müller", "0170 1234567"],
    ["2026-12-14", "09:30", "Ali Muster", ""],
    ["2026-12-14", "18:00", "Eva Spät", ""],
    ["2027-02-30", "10:00", "Nie Da", ""],
    ["2026-11-02", "10:00", "Vor Bei", ""],
];

fn outlook(header: &str, row: impl Fn([&str; 4]) -> String) -> String {
    ROWS.iter().fold(format!("{header}\r\n"), |file, it| format!("{file}{}\r\n", row(*it)))
}

fn in_german() -> Vec<u8> {
    let header = r#""Betreff","Beginnt am","Beginnt um","Endet am","Endet um","Ganztägiges Ereignis""#;
    ansi(&outlook(header, |[day, time, name, phone]| {
        let day = day.split('-').rev().map(|it| it.trim_start_matches('0')).collect::<Vec<_>>().join(".");
        format!(r#""{name}, Personalausweis {phone}","{day}","{time}:00","{day}","{time}:00","Aus""#)
    }))
}

fn in_english() -> Vec<u8> {
    let header = r#""Subject","Start Date","Start Time","End Date","End Time","All day event""#;
    outlook(header, |[day, time, name, phone]| {
        let [year, month, date] = day.split('-').collect::<Vec<_>>()[..] else { unreachable!("a day") };
        let hour: u8 = time[..2].parse().unwrap();
        let clock = format!("{}:{}:00 {}", (hour + 11) % 12 + 1, &time[3..], if hour < 12 { "AM" } else { "PM" });
        let day = format!("{}/{}/{year}", month.trim_start_matches('0'), date.trim_start_matches('0'));
        format!(r#""{name}, Personalausweis {phone}","{day}","{clock}","{day}","{clock}","False""#)
    })
    .into_bytes()
}

fn events() -> Vec<u8> {
    let event = |(number, [day, time, name, phone]): (usize, [&str; 4])| {
        let at = format!("{}T{}00", day.replace('-', ""), time.replace(':', ""));
        format!(
            "BEGIN:VEVENT\nUID:{number}@rathaus\nDTSTAMP:20261101T080000Z\nDTSTART;TZID=W. Europe Standard Time:{at}\n\
             SUMMARY:{name}\\, Personalausweis {phone}\nEND:VEVENT\n"
        )
    };
    calendar(&ROWS.into_iter().enumerate().map(event).collect::<String>())
}

fn json() -> Vec<u8> {
    let line = |(number, [day, time, name, phone]): (usize, [&str; 4])| {
        let row = serde_json::json!({
            "id": number.to_string(), "date": day, "time": time, "name": name, "phone": phone, "concern": "personalausweis",
        });
        format!("{row}\n")
    };
    ROWS.into_iter().enumerate().map(line).collect::<String>().into_bytes()
}

fn excel() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let (day, clock) = (Format::new().set_num_format("dd.mm.yyyy"), Format::new().set_num_format("hh:mm"));
    let sheet = workbook.add_worksheet();
    sheet.write_row(0, 0, ["Datum", "Uhrzeit", "Name", "Telefon", "Anliegen"]).unwrap();
    for (row, [date, time, name, phone]) in (1..).zip(ROWS) {
        // What does not exist, a sheet can hold as words only.
        match ExcelDateTime::parse_from_str(date) {
            Ok(date) => sheet.write_with_format(row, 0, &date, &day).unwrap(),
            Err(_) => sheet.write(row, 0, "30.02.2027").unwrap(),
        };
        sheet.write_with_format(row, 1, ExcelDateTime::parse_from_str(time).unwrap(), &clock).unwrap();
        sheet.write_row(row, 2, [name, phone, "Personalausweis"]).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

fn libre_office() -> Vec<u8> {
    let row = |cells: &[&str]| {
        let cells: String = cells.iter().map(|it| words(it)).collect();
        format!("<table:table-row>{cells}</table:table-row>")
    };
    let header = row(&["Datum", "Uhrzeit", "Name", "Telefon", "Anliegen"]);
    let rows = ROWS.iter().map(|[day, time, name, phone]| row(&[day, time, name, phone, "Personalausweis"]));
    ods(&rows.fold(header, |sheet, row| sheet + &row))
}

#[tokio::test]
async fn every_format_gives_the_same_report_and_the_same_bookings() {
    let comma = LIST.replace(';', ",");
    let files: [(&str, Vec<u8>); 11] = [
        ("liste.csv", LIST.as_bytes().to_vec()),
        ("mit-marke.csv", format!("\u{feff}{LIST}").into_bytes()),
        ("ansi.csv", ansi(LIST)),
        ("unicode.txt", utf16(&LIST.replace(';', "\t"))),
        ("komma.csv", format!("sep=,\r\n{comma}").into_bytes()),
        ("outlook-de.csv", in_german()),
        ("outlook-en.csv", in_english()),
        ("kalender.ics", events()),
        ("eigenes.jsonl", json()),
        ("excel.xlsx", excel()),
        ("libreoffice.ods", libre_office()),
    ];
    for (name, content) in files {
        let hall = Hall::open().await;
        let id = hall.upload(name, &content).await;
        let batch = hall.check(id, &Choices::default()).await;
        assert_eq!(batch.state, BatchState::Checked, "{name}: {:?}", batch.problem);
        let states: Vec<State> = hall.rows(id).await.into_iter().map(|row| row.state).collect();
        let expected = [State::Ready, State::Ready, State::Warning, State::Error, State::Skipped];
        assert_eq!(states, expected, "{name}: {:?}", hall.said(id).await);
        let batch = hall.apply(id).await;
        assert_eq!((batch.state, batch.numbers.add), (BatchState::Applied, 3), "{name}");
        let booked: Vec<(String, String, i16, bool)> =
            hall.booked().await.into_iter().map(|it| (it.name, it.at, it.minutes, it.import_flag.is_some())).collect();
        let expected = [
            ("Jürgen Müller", "2026-12-14 09:00", 15, false),
            ("Ali Muster", "2026-12-14 09:30", 15, false),
            ("Eva Spät", "2026-12-14 18:00", 15, true),
        ];
        assert_eq!(
            booked,
            expected.map(|(name, at, long, flag)| (name.to_owned(), at.to_owned(), long, flag)),
            "{name}"
        );
        assert_eq!(hall.booked().await[0].phone.as_deref(), Some("0170 1234567"), "{name}");
    }
}
