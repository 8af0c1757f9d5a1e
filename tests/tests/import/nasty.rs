//! Files as offices really keep them: nothing in them is dropped silently, and what is understood is right.

use importer::batch::Choices;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, Workbook};

use crate::hall::Hall;
use crate::samples::ansi;
use crate::samples::archive::{ods, words};
use crate::samples::calendar::calendar;

/// What the dry run says of each row: line, beginning, name, what for, and why it stands as it does.
async fn told(name: &str, content: &[u8]) -> Vec<String> {
    let hall = Hall::open().await;
    let id = hall.upload(name, content).await;
    hall.check(id, &Choices::default()).await;
    let rows = hall.rows(id).await;
    let told = rows.into_iter().map(|row| {
        let start = row.entry.start.map(|at| at.strftime("%d. %H:%M").to_string()).unwrap_or_default();
        let concerns: Vec<&str> = row.entry.concerns.iter().map(|(key, _)| key.as_str()).collect();
        let why: Vec<&str> = row.reasons.iter().map(|it| it.key.as_str()).collect();
        let told = format!("{}: {start} {} {}", row.line, row.entry.name, concerns.join("+"));
        format!("{} [{}]", told.trim_end(), why.join(" "))
    });
    told.collect()
}

#[tokio::test]
async fn days_as_blocks_with_the_day_above_and_the_header_in_each() {
    let file = "Terminliste Bürgerbüro;;\r\nStand: 27.11.2026;;\r\n\r\n\
        Montag, 14. Dezember 2026;;\r\nUhrzeit;Name;Anliegen\r\n\
        9:00;Lea Beispiel;Personalausweis\r\n9.30–9.45 Uhr;Ali Muster;Reisepass\r\n;;\r\n\
        Di 15.12.2026;;\r\nUhrzeit;Name;Anliegen\r\n10:00;Eva Neu;Ummeldung\r\nSumme: 3 Termine;;\r\n\
        16.12.;;\r\n11:00;Jo Ohnejahr;Ummeldung\r\n";
    assert_eq!(
        told("blöcke.csv", &ansi(&file.replace('–', "-"))).await,
        [
            "6: 14. 09:00 Lea Beispiel personalausweis []",
            "7: 14. 09:30 Ali Muster reisepass []",
            "11: 15. 10:00 Eva Neu ummeldung []",
            "12: [total_row]",
            "14:  Jo Ohnejahr ummeldung [no_year]",
        ]
    );
}

#[tokio::test]
async fn a_sheet_with_merged_cells_a_title_a_hidden_row_and_a_sum() {
    let mut workbook = Workbook::new();
    let day = Format::new().set_num_format("dd.mm.yyyy").set_align(FormatAlign::Top);
    let sheet = workbook.add_worksheet();
    sheet.merge_range(0, 0, 1, 3, "Termine im Dezember", &Format::new()).unwrap();
    sheet.write_row(3, 0, ["Datum", "Uhrzeit", "Name", "Anliegen"]).unwrap();
    sheet.merge_range(4, 0, 6, 0, "", &day).unwrap();
    sheet.write_with_format(4, 0, ExcelDateTime::from_ymd(2026, 12, 14).unwrap(), &day).unwrap();
    for (row, [time, name, concern]) in (4..).zip([
        ["9:00", "Lea Beispiel", "Personalausweis"],
        ["9:30", "Ali Muster", "Reisepass"],
        ["10:00", "Eva Neu", "Ummeldung"],
        ["10:30", "Ohne Tag", "Ummeldung"],
    ]) {
        sheet.write_row(row, 1, [time, name, concern]).unwrap();
    }
    sheet.set_row_hidden(5).unwrap();
    sheet.write(8, 0, "Summe").unwrap();
    sheet.write(8, 1, 4).unwrap();
    sheet.merge_range(9, 2, 10, 2, "Zwei Plätze", &Format::new()).unwrap();
    sheet.write_with_format(9, 0, ExcelDateTime::from_ymd(2026, 12, 15).unwrap(), &day).unwrap();
    sheet.write_row(9, 1, ["9:00"]).unwrap();
    sheet.write(9, 3, "Personalausweis").unwrap();
    sheet.write_with_format(10, 0, ExcelDateTime::from_ymd(2026, 12, 15).unwrap(), &day).unwrap();
    sheet.write_row(10, 1, ["9:15"]).unwrap();
    assert_eq!(
        told("verbunden.xlsx", &workbook.save_to_buffer().unwrap()).await,
        [
            "5: 14. 09:00 Lea Beispiel personalausweis []",
            "6: 14. 09:30 Ali Muster reisepass [hidden_row]",
            "7: 14. 10:00 Eva Neu ummeldung []",
            "8:  Ohne Tag ummeldung [no_date]",
            "9: [total_row]",
            "10: 15. 09:00 Zwei Plätze personalausweis []",
            "11: 15. 09:15 [no_name unknown_concern]",
        ],
        "a name over two rows is not two people"
    );
}

#[tokio::test]
async fn the_same_in_libre_office() {
    let row = |attributes: &str, cells: &str| format!("<table:table-row{attributes}>{cells}</table:table-row>");
    let named = |time: &str, name: &str| [time, name, "Personalausweis"].map(words).concat();
    let day = r#"<table:table-cell table:number-rows-spanned="2" office:value-type="date" office:date-value="2026-12-14"><text:p>14.12.</text:p></table:table-cell>"#;
    let covered = "<table:covered-table-cell/>";
    let sheet = [
        row("", &["Datum", "Uhrzeit", "Name", "Anliegen"].map(words).concat()),
        row("", &format!("{day}{}", named("9:00", "Lea Beispiel"))),
        row(r#" table:visibility="collapse""#, &format!("{covered}{}", named("9:30", "Ali Muster"))),
        row("", &format!("{covered}{}", named("10:00", "Eva Neu"))),
    ];
    assert_eq!(
        told("verbunden.ods", &ods(&sheet.concat())).await,
        [
            "2: 14. 09:00 Lea Beispiel personalausweis []",
            "3: 14. 09:30 Ali Muster personalausweis [hidden_row]",
            "4:  Eva Neu personalausweis [no_date]",
        ]
    );
}

#[tokio::test]
async fn empty_rows_within_a_day_of_libre_office_are_none_and_its_day_ends_where_it_ends() {
    let row = |attributes: &str, cells: &str| format!("<table:table-row{attributes}>{cells}</table:table-row>");
    let named = |time: &str, name: &str| [time, name, "Personalausweis"].map(words).concat();
    let day = r#"<table:table-cell table:number-rows-spanned="5" office:value-type="date" office:date-value="2026-12-14"><text:p>14.12.</text:p></table:table-cell>"#;
    let (covered, empty) = ("<table:covered-table-cell/>", "<table:table-cell/>");
    let sheet = [
        row("", &["Datum", "Uhrzeit", "Name", "Anliegen"].map(words).concat()),
        row("", &format!("{day}{}", named("9:00", "Lea Beispiel"))),
        row(r#" table:number-rows-repeated="3""#, &format!("{covered}{empty}")),
        row("", &format!("{covered}{}", named("10:00", "Ali Muster"))),
        row("", &format!("{covered}{}", named("10:30", "Eva Neu"))),
    ];
    assert_eq!(
        told("verbunden.ods", &ods(&sheet.concat())).await,
        [
            "2: 14. 09:00 Lea Beispiel personalausweis []",
            "6: 14. 10:00 Ali Muster personalausweis []",
            "7:  Eva Neu personalausweis [no_date]",
        ]
    );
}

#[tokio::test]
async fn two_tables_side_by_side_are_not_read_by_half_in_silence() {
    let file = "Schalter 1;;;;;Schalter 2;;;\r\nDatum;Uhrzeit;Name;Anliegen;;Datum;Uhrzeit;Name;Anliegen\r\n\
        14.12.2026;9:00;Lea Beispiel;Personalausweis;;14.12.2026;9:00;Ali Muster;Reisepass\r\n\
        14.12.2026;9:30;Eva Neu;Ummeldung;;;;;\r\n;;;;;14.12.2026;10:00;Jo Spät;Ummeldung\r\n";
    assert_eq!(
        told("nebeneinander.csv", &ansi(file)).await,
        [
            "3: 14. 09:00 Lea Beispiel personalausweis [second_column]",
            "4: 14. 09:30 Eva Neu ummeldung []",
            "5: [no_date no_name second_column]",
        ]
    );
}

#[tokio::test]
async fn a_second_table_below_has_its_columns_in_its_own_order() {
    let file = "Datum;Uhrzeit;Name;Anliegen\r\n14.12.2026;9:00;Lea Beispiel;Personalausweis\r\n;;;\r\n\
        Schalter 2;;;\r\nDatum;Uhrzeit;Anliegen;Name\r\n14.12.2026;9:00;Reisepass;Ali Muster\r\n\
        Datum;Uhrzeit;Name;Anliegen\r\n14.12.2026;9:30;Eva Neu;Ummeldung\r\n";
    assert_eq!(
        told("untereinander.csv", &ansi(file)).await,
        [
            "2: 14. 09:00 Lea Beispiel personalausweis []",
            "4: [unreadable_date no_name]",
            "6: 14. 09:00 Ali Muster reisepass []",
            "8: 14. 09:30 Eva Neu ummeldung []",
        ]
    );
}

#[tokio::test]
async fn a_heading_that_cannot_be_read_gives_its_rows_to_no_other_day() {
    let file = "Termine;;\r\nMo 14.12.2026;;\r\nUhrzeit;Name;Anliegen\r\n9:00;Lea Beispiel;Personalausweis\r\n\
        Di 15.12.2026 (nur vormittags);;\r\n9:00;Ali Muster;Reisepass\r\n\
        Mittwoch;16.12.2026;\r\n9:00;Eva Neu;Ummeldung\r\n";
    let told = told("blöcke.csv", &ansi(file)).await;
    assert_eq!(told[0], "4: 14. 09:00 Lea Beispiel personalausweis []");
    assert_eq!(told[2], "6: 15. 09:00 Ali Muster reisepass [unreadable_time]");
    assert_eq!(told[3], "8: 16. 09:00 Eva Neu ummeldung []");
    assert_eq!(told.len(), 4, "and the heading itself is told: {told:?}");
}

#[tokio::test]
async fn outlook_with_categories_and_attendees() {
    let header = r#""Betreff","Beginnt am","Beginnt um","Besprechungsplanung","Erforderliche Teilnehmer","Kategorien""#;
    let rows = [
        r#""Lea Beispiel, 0170 1234567","14.12.2026","09:00:00","Bürgerbüro","","Personalausweis""#,
        r#""Reisepass","14.12.2026","09:30:00","Bürgerbüro","Bürgerbüro; Muster, Ali","Rote Kategorie""#,
        r#""Ummeldung","14.12.2026","10:00:00","Bürgerbüro","Frau Yıldız; Herr Koch","""#,
    ];
    let file = rows.iter().fold(format!("{header}\r\n"), |file, row| format!("{file}{row}\r\n")).replace('ı', "i");
    assert_eq!(
        told("Kalender.CSV", &ansi(&file)).await,
        [
            "2: 14. 09:00 Lea Beispiel personalausweis []",
            "3: 14. 09:30 Ali Muster reisepass []",
            "4: 14. 10:00  ummeldung [no_name]",
        ]
    );
}

#[tokio::test]
async fn calendars_of_google_apple_and_thunderbird() {
    let events = "X-WR-CALNAME:Bürgerbüro
        X-WR-TIMEZONE:Europe/Berlin
        BEGIN:VEVENT
        DTSTART:20261214T080000Z
        DTEND:20261214T081500Z
        DTSTAMP:20261120T120000Z
        UID:google1@google.com
        ORGANIZER;CN=Amt:mailto:amt@example.org
        ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=Lea
          Beispiel;X-NUM-GUESTS=0:mailto:lea@example.org
        SUMMARY:Personalausweis
        SEQUENCE:0
        TRANSP:OPAQUE
        END:VEVENT
        BEGIN:VTIMEZONE
        TZID:Europe/Berlin
        BEGIN:DAYLIGHT
        TZOFFSETFROM:+0100
        RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
        DTSTART:19810329T020000
        TZNAME:MESZ
        TZOFFSETTO:+0200
        END:DAYLIGHT
        END:VTIMEZONE
        BEGIN:VEVENT
        TRANSP:OPAQUE
        DTEND;TZID=Europe/Berlin:20261214T094500
        X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC
        UID:3F2B-APPLE
        DTSTART;TZID=Europe/Berlin:20261214T093000
        SUMMARY:Ali Muster\\, Reisepass
        BEGIN:VALARM
        X-WR-ALARMUID:1
        TRIGGER:-PT15M
        ACTION:NONE
        END:VALARM
        END:VEVENT
        BEGIN:VEVENT
        CREATED:20261120T120000Z
        UID:thunderbird-1
        SUMMARY:Frau Krause
        CATEGORIES:Ummeldung
        DTSTART;TZID=/mozilla.org/20050126_1/Europe/Berlin:20261214T100000
        X-MOZ-GENERATION:2
        RRULE:FREQ=DAILY;BYHOUR=10,11;COUNT=2
        END:VEVENT";
    assert_eq!(
        told("kalender.ics", &calendar(events)).await,
        [
            "6: 14. 09:00 Lea Beispiel personalausweis []",
            "28: 14. 09:30 Ali Muster reisepass []",
            "41: 14. 10:00 Frau Krause ummeldung []",
            "41: 14. 11:00 Frau Krause ummeldung []",
        ]
    );
}
