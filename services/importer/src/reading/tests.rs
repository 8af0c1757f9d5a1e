//! Rows as lists, Outlook and sheets have them.

use jiff::civil::{date, time};

use super::*;
use crate::concerns::samples::{WORDS, words_with};
use crate::{Cell, DateOrder, Field, Format};

/// A file whose columns mean this, and are called so.
pub(super) fn shape(fields: &[Field]) -> (Shape, Mapping) {
    let shape = Shape {
        format: Format::Csv,
        encoding: None,
        separator: Some(';'),
        sheet: None,
        sheets: Vec::new(),
        header_line: Some(1),
        date_order: None,
        columns: fields.iter().map(|field| format!("{field:?}")).collect(),
        sample: Vec::new(),
    };
    let fields = fields.iter().copied().map(Some).collect();
    (shape, Mapping { fields, date_order: Some(DateOrder::DayMonthYear) })
}

pub(super) fn cells(texts: &[&str]) -> Vec<Cell> {
    let cell = |text: &&str| if text.is_empty() { Cell::Empty } else { Cell::Text((*text).to_owned()) };
    texts.iter().map(cell).collect()
}

fn read_cells(fields: &[Field], cells: Vec<Cell>) -> Entry {
    let (shape, mapping) = shape(fields);
    entry(&Record::new(2, cells), &shape, &mapping, &WORDS)
}

fn read(columns: &[(Field, &str)]) -> Entry {
    let (fields, texts): (Vec<Field>, Vec<&str>) = columns.iter().copied().unzip();
    read_cells(&fields, cells(&texts))
}

fn keys(entry: &Entry) -> Vec<&str> {
    entry.reasons.iter().map(|reason| reason.key.as_str()).collect()
}

use Field::{
    AllDay, Cancelled, Category, Counter, Date, Email, End, EndDate, EndTime, FirstName, Id, Minutes, Name, Note, Phone,
};
use Field::{Private, Start, Subject, Time};

#[test]
fn a_row_of_a_list_is_understood() {
    let row = read(&[
        (Date, "Do, 3.12.2026"),
        (Time, "8.30–8.45 Uhr"),
        (Name, "Müller"),
        (FirstName, "Lea"),
        (Phone, "0170 1234567"),
        (Email, "lea@example.org"),
        (Subject, "PA + RP"),
        (Note, "bringt Foto mit"),
        (Counter, "Schalter 2"),
    ]);
    assert_eq!(row.start, Some(date(2026, 12, 3).at(8, 30, 0, 0)));
    assert_eq!(row.end, Some(date(2026, 12, 3).at(8, 45, 0, 0)));
    assert_eq!((row.name.as_str(), row.phone.as_str()), ("Lea Müller", "0170 1234567"));
    assert_eq!((row.email.as_str(), row.counter.as_str()), ("lea@example.org", "Schalter 2"));
    assert_eq!(row.concerns, [("personalausweis".to_owned(), 1), ("reisepass".to_owned(), 1)]);
    assert_eq!((row.subject.as_str(), row.note.as_str()), ("PA + RP", "bringt Foto mit"));
    assert_eq!(keys(&row), Vec::<&str>::new());
    assert!(row.original.contains("Subject: PA + RP"));
}

#[test]
fn a_row_of_outlook_has_everything_in_its_subject() {
    let row = read(&[
        (Subject, "Müller, PA + RP, 0170 1234567"),
        (Date, "3.12.2026"),
        (Time, "8:30:00"),
        (EndDate, "3.12.2026"),
        (EndTime, "9:00:00"),
        (AllDay, "Aus"),
        (Private, "Falsch"),
        (Private, "Normal"),
    ]);
    assert_eq!((row.name.as_str(), row.phone.as_str()), ("Müller", "0170 1234567"));
    assert_eq!(row.end, Some(date(2026, 12, 3).at(9, 0, 0, 0)));
    assert!(!row.is_private && !row.is_cancelled && row.all_day.is_none());
}

#[test]
fn a_list_with_everything_in_the_column_of_the_name_is_understood() {
    let row = read(&[(Start, "3.12.2026 8:30"), (Name, "Müller, 2x PA, 0170 1234567")]);
    assert_eq!((row.name.as_str(), row.phone.as_str()), ("Müller", "0170 1234567"));
    assert_eq!(row.concerns, [("personalausweis".to_owned(), 2)]);
    assert_eq!(read(&[(Start, "3.12.2026 8:30"), (Name, "Müller, Lea")]).name, "Müller, Lea");
}

#[test]
fn two_columns_that_mean_the_same_concern_mean_it_once() {
    let row = read(&[(Start, "3.12.2026 8:30"), (Subject, "Müller, PA, eilt"), (Subject, "personalausweis")]);
    assert_eq!(row.concerns, [("personalausweis".to_owned(), 1)]);
    assert_eq!((row.name.as_str(), row.subject.as_str(), row.note.as_str()), ("Müller", "PA", "eilt"));
    let row = read(&[(Start, "3.12.2026 8:30"), (Name, "Müller"), (Subject, "eilt"), (Subject, "reisepass")]);
    assert_eq!(row.concerns, [("reisepass".to_owned(), 1)]);
}

#[test]
fn midnight_is_a_time_in_a_calendar_and_none_in_a_sheet() {
    let christmas = |day: i8| Cell::DateTime(date(2026, 12, day).at(0, 0, 0, 0));
    let (mut shape, mapping) = shape(&[Start, End]);
    let record = Record::new(2, vec![christmas(25), christmas(27)]);
    assert!(keys(&entry(&record, &shape, &mapping, &WORDS)).contains(&"no_time"));
    shape.format = Format::Ics;
    let all_day = entry(&record, &shape, &mapping, &WORDS).all_day;
    assert_eq!(all_day, Some((date(2026, 12, 25), date(2026, 12, 26))));
}

#[test]
fn whole_days_are_told_from_appointments() {
    let outlook =
        [(Subject, "Feiertag"), (Date, "25.12.2026"), (Time, "0:00:00"), (EndTime, "0:00:00"), (AllDay, "Ein")];
    let row = read(&[&outlook[..], &[(EndDate, "27.12.2026")]].concat());
    assert_eq!(row.all_day, Some((date(2026, 12, 25), date(2026, 12, 26))));
    assert_eq!(row.start, None);
    let row = read(&[(Subject, "Urlaub"), (Date, "4.1.2027"), (EndDate, "8.1.2027"), (AllDay, "ja")]);
    assert_eq!(row.all_day, Some((date(2027, 1, 4), date(2027, 1, 8))));
    let row = read(&[(Subject, "Urlaub"), (Start, "4.1.2027 8:00"), (End, "8.1.2027 16:00")]);
    assert_eq!(row.all_day, Some((date(2027, 1, 4), date(2027, 1, 8))));
    assert_eq!(keys(&row), Vec::<&str>::new());
}

#[test]
fn what_is_wrong_with_a_day_or_a_time_is_said() {
    let cases = [
        ("", "8:30", "no_date"),
        ("30.02.2027", "8:30", "no_such_day"),
        ("3.12.", "8:30", "no_year"),
        ("bald", "8:30", "unreadable_date"),
        ("3.12.0226", "8:30", "strange_year"),
        ("3.12.2026", "", "no_time"),
        ("3.12.2026", "25:00", "no_such_time"),
        ("3.12.2026", "vormittags", "unreadable_time"),
        ("28.03.2027", "2:30", "lost_hour"),
        ("=HEUTE()", "8:30", "formula"),
    ];
    for (day, clock, key) in cases {
        let row = read(&[(Date, day), (Time, clock), (Name, "Müller"), (Subject, "PA")]);
        assert_eq!(keys(&row), [key], "{day} {clock}");
        assert_eq!((row.start, row.reasons[0].state), (None, State::Error), "{day} {clock}");
    }
    let row = read(&[(Date, "31.10.2027"), (Time, "2:30"), (Name, "Müller"), (Subject, "PA")]);
    assert_eq!((keys(&row), row.start.is_some()), (vec!["double_hour"], true));
    let row = read(&[(Date, "Mo 3.12.2026"), (Time, "8:30"), (Name, "Müller"), (Subject, "PA")]);
    assert_eq!((keys(&row), row.start.is_some()), (vec!["other_weekday"], true));
}

#[test]
fn a_day_that_could_be_two_is_not_guessed() {
    let (shape, mut mapping) = shape(&[Start, Name]);
    mapping.date_order = None;
    let record = Record::new(2, cells(&["03/04/2027 8:30", "Müller"]));
    assert_eq!(keys(&entry(&record, &shape, &mapping, &WORDS)), ["unclear_date"]);
    mapping.date_order = Some(DateOrder::MonthDayYear);
    assert_eq!(entry(&record, &shape, &mapping, &WORDS).start, Some(date(2027, 3, 4).at(8, 30, 0, 0)));
}

#[test]
fn ends_are_read_in_every_way_and_left_out_if_they_cannot_be() {
    let base = [(Date, "3.12.2026"), (Time, "8:30"), (Name, "Müller"), (Subject, "PA")];
    let with = |field: Field, text: &'static str| read(&[&base[..], &[(field, text)]].concat());
    let quarter = Some(date(2026, 12, 3).at(8, 45, 0, 0));
    assert_eq!(with(EndTime, "8.45 Uhr").end, quarter);
    assert_eq!(with(Minutes, "15 Min.").end, quarter);
    assert_eq!(with(End, "3.12.2026 8:45").end, quarter);
    assert_eq!(with(EndTime, "24:00").end, Some(date(2026, 12, 4).at(0, 0, 0, 0)));
    for (field, text, expected) in [
        (EndTime, "8:00", &["end_before_start"][..]),
        (EndTime, "später", &["unreadable_end"]),
        (Minutes, "lang", &["unreadable_end"]),
        (EndTime, "8:30", &[]),
        (End, "", &[]),
    ] {
        let row = with(field, text);
        assert_eq!((row.end, keys(&row)), (None, expected.to_vec()), "{text}");
    }
}

#[test]
fn cells_of_a_sheet_are_understood() {
    let sheet = |cells: Vec<Cell>| read_cells(&[Date, Time, Minutes, Phone, Name, Subject], cells);
    let rest = [Cell::Text("Müller".to_owned()), Cell::Text("PA".to_owned())];
    let rows = [
        [
            Cell::Date(date(2026, 12, 3)),
            Cell::Time(time(8, 30, 0, 0)),
            Cell::Number(15.0),
            Cell::Number(1_701_234_567.0),
        ],
        [
            Cell::Number(46_359.0),
            Cell::Number(0.354_166_666),
            Cell::Time(time(0, 15, 0, 0)),
            Cell::Text("01701234567".to_owned()),
        ],
        [
            Cell::DateTime(date(2026, 12, 3).at(0, 0, 0, 0)),
            Cell::Number(8.3),
            Cell::Number(0.010_416_666),
            Cell::Text("=\"01701234567\"".to_owned()),
        ],
    ];
    for row in rows {
        let read = sheet([row.to_vec(), rest.to_vec()].concat());
        assert_eq!(read.start, Some(date(2026, 12, 3).at(8, 30, 0, 0)), "{row:?}");
        assert_eq!(read.end, Some(date(2026, 12, 3).at(8, 45, 0, 0)), "{row:?}");
        assert_eq!(read.phone, "01701234567", "{row:?}");
        assert!(
            read.reasons.iter().all(|reason| reason.key == "zero_added" && reason.state == State::Ready),
            "{row:?}"
        );
    }
}

#[test]
fn what_excel_does_to_telephone_numbers_is_mended_or_said() {
    let phone = |written: &str| {
        let row = read(&[(Start, "3.12.2026 8:30"), (Name, "Müller"), (Subject, "PA"), (Phone, written)]);
        (row.phone.clone(), keys(&row).join(","), row.note)
    };
    let told = |phone: &str, keys: &str, note: &str| (phone.to_owned(), keys.to_owned(), note.to_owned());
    assert_eq!(phone("1,7E+11"), told("", "lost_digits", "1,7E+11"));
    assert_eq!(phone("1.70123E+11"), told("", "lost_digits", "1.70123E+11"));
    assert_eq!(phone("1701234567"), told("01701234567", "zero_added", ""));
    assert_eq!(phone("491701234567"), told("+491701234567", "", ""));
    assert_eq!(phone("Tel. 02389 71–456"), told("02389 71-456", "", ""));
    assert_eq!(phone("nur abends"), told("", "bad_phone", "nur abends"));
}

#[test]
fn a_bad_address_is_said_and_kept_as_a_remark() {
    let row = read(&[(Start, "3.12.2026 8:30"), (Name, "Müller"), (Subject, "PA"), (Email, "lea(at)example.org")]);
    assert_eq!((row.email.as_str(), row.note.as_str(), keys(&row)), ("", "lea(at)example.org", vec!["bad_email"]));
}

#[test]
fn concerns_that_are_not_clear_are_flagged() {
    let flagged = |subject: &str| keys(&read(&[(Start, "3.12.2026 8:30"), (Name, "M"), (Subject, subject)])).join(",");
    assert_eq!(flagged("Fz"), "ambiguous_concern");
    assert_eq!(flagged("PA + Entsorgungsberatung"), "part_unknown");
    assert_eq!(flagged("Entsorgungsberatung"), "");
    assert_eq!(flagged("PA"), "");
}

#[test]
fn what_the_town_calls_no_concern_is_no_appointment_unless_somebody_comes() {
    let words = words_with(&[("Besprechung", &[])]);
    let flagged = |subject: &str| {
        let (shape, mapping) = shape(&[Start, Subject]);
        let record = Record::new(2, cells(&["3.12.2026 8:30", subject]));
        keys(&entry(&record, &shape, &mapping, &words)).join(",")
    };
    assert_eq!(flagged("Besprechung"), "no_appointment");
    assert_eq!(flagged("Frau Müller, Besprechung"), "");
    assert_eq!(flagged("Besprechung, 0170 1234567"), "no_name");
}

#[test]
fn of_private_rows_only_the_time_is_kept() {
    for (field, text) in [(Private, "Ein"), (Private, "CONFIDENTIAL"), (Private, "Privat"), (Private, "true")] {
        let row = read(&[(Start, "3.12.2026 8:30"), (Subject, "Zahnarzt, 0170 1234567"), (Note, "weh"), (field, text)]);
        assert!(row.is_private, "{text}");
        assert_eq!([&row.name, &row.phone, &row.subject, &row.note, &row.original].map(String::as_str), [""; 5]);
        assert!(row.start.is_some());
    }
}

#[test]
fn cancelled_rows_are_known_by_column_or_mark() {
    assert!(read(&[(Start, "3.12.2026 8:30"), (Subject, "Abgesagt: Müller, PA")]).is_cancelled);
    assert!(read(&[(Start, "3.12.2026 8:30"), (Subject, "PA"), (Cancelled, "CANCELLED")]).is_cancelled);
    assert!(!read(&[(Start, "3.12.2026 8:30"), (Subject, "PA"), (Cancelled, "CONFIRMED")]).is_cancelled);
    assert_eq!(read(&[(Start, "3.12.2026 8:30"), (Subject, "Abgesagt: Müller, PA")]).name, "Müller");
}

#[test]
fn a_category_says_what_for_where_the_subject_does_not() {
    let of = |subject: &str, category: &str| {
        let row = read(&[(Start, "3.12.2026 8:30"), (Subject, subject), (Category, category)]);
        (row.concerns.into_iter().map(|it| it.0).collect::<Vec<_>>().join("+"), row.name, row.subject)
    };
    let told = |keys: &str, name: &str, subject: &str| (keys.to_owned(), name.to_owned(), subject.to_owned());
    assert_eq!(
        of("Müller, Lea, 0170 1234567", "Personalausweis"),
        told("personalausweis", "Müller, Lea", "Personalausweis")
    );
    assert_eq!(of("Frau Müller", "Wichtig; PA, RP").0, "personalausweis+reisepass");
    assert_eq!(of("Müller, RP", "Personalausweis"), told("reisepass", "Müller", "RP"), "the subject counts");
    assert_eq!(of("Frau Müller", "Gelb"), told("", "Frau Müller", "Gelb"), "the town's table may know it");
    assert_eq!(of("Frau Müller, Entsorgungsberatung", "Gelb").2, "Entsorgungsberatung");
}

#[test]
fn the_one_who_is_invited_is_the_one_who_comes() {
    let of = |subject: &str, attendees: &str| {
        let columns = [
            (Start, "3.12.2026 8:30"),
            (Subject, subject),
            (Field::Organizer, "Yıldız, Aylin"),
            (Field::Attendee, attendees),
        ];
        let row = read(&columns);
        [row.name, row.email, row.note]
    };
    let told = |name: &str, email: &str, note: &str| [name, email, note].map(str::to_owned);
    assert_eq!(of("PA", "Meier, Eva"), told("Eva Meier", "", ""));
    assert_eq!(of("PA", "Aylin Yıldız; Eva Meier <eva@example.org>"), told("Eva Meier", "eva@example.org", ""));
    assert_eq!(of("PA", "'eva@example.org'"), told("", "eva@example.org", ""));
    assert_eq!(of("Meier, PA", "Meier, Eva (eva@example.org)"), told("Meier", "eva@example.org", ""));
    assert_eq!(of("Meier, PA", "Schulz, Hans (hans@example.org)"), told("Meier", "", "Hans Schulz hans@example.org"));
    assert_eq!(
        of("Frau Meier, PA", "Frau Koch <koch@example.org>"),
        told("Frau Meier", "", "Frau Koch koch@example.org"),
        "a title is nobody's name"
    );
    assert_eq!(of("Frau Meier, PA", "Frau Eva Meier <eva@example.org>"), told("Frau Meier", "eva@example.org", ""));
    assert_eq!(of("PA", "Eva Meier; Ali Muster"), told("", "", "Eva Meier; Ali Muster"), "two are no citizen");
    assert_eq!(of("Meier, PA", ""), told("Meier", "", ""));
}

#[test]
fn a_person_called_sum_is_no_row_of_sums() {
    let of = |name: &str, date: &str, time: &str, phone: &str| {
        let row = read(&[(Name, name), (Date, date), (Time, time), (Phone, phone)]);
        row.reasons.iter().any(|reason| reason.key == "total_row")
    };
    assert!(of("Summe", "", "4", ""));
    assert!(of("Gesamt: 12 Termine", "", "", ""));
    assert!(of("Anzahl", "", "12 Termine", "3"));
    for row in [
        ("Sum, Li", "", "", ""),
        ("Total Ayşe", "30.02.2027", "9:00", ""),
        ("Gesamt", "14.12.2026", "25:00", ""),
        ("Sum Li", "", "", "0170 1234567"),
        ("Sum Li", "", "", "01701234567"),
        ("Herr Gesamt", "", "", ""),
    ] {
        assert!(!of(row.0, row.1, row.2, row.3), "{row:?}");
    }
}

#[test]
fn the_same_row_has_the_same_key_and_a_changed_one_another_content() {
    let row = |phone: &str, subject: &str| {
        read(&[(Start, "3.12.2026 8:30"), (Name, "Müller"), (Subject, subject), (Phone, phone)])
    };
    let (first, same, changed) = (row("0170 1234567", "PA"), row("0170 1234567", "PA"), row("0170 7654321", "PA"));
    assert_eq!((&first.source_key, &first.content_hash), (&same.source_key, &same.content_hash));
    assert_eq!(first.source_key, changed.source_key);
    assert_ne!(first.content_hash, changed.content_hash);
    assert_ne!(first.source_key, row("0170 1234567", "RP").source_key);
    assert_eq!(read(&[(Start, "3.12.2026 8:30"), (Id, "4711")]).source_key, "id:4711");
    let long = "x".repeat(1_000);
    assert!(read(&[(Start, "3.12.2026 8:30"), (Id, &long)]).source_key.len() < 100);
}

#[test]
fn occurrences_of_a_series_have_keys_of_their_own() {
    let (shape, mapping) = shape(&[Id, Start]);
    let key = |occurrence: &str| {
        let record = Record { occurrence: occurrence.to_owned(), ..Record::new(2, cells(&["a@b", "3.12.2026 8:30"])) };
        entry(&record, &shape, &mapping, &WORDS).source_key
    };
    assert_eq!((key("").as_str(), key("20261203T083000").as_str()), ("id:a@b", "id:a@b#20261203T083000"));
}

#[test]
fn long_texts_are_shortened_and_it_is_said() {
    let long = "sehr ".repeat(1_000);
    let row = read(&[(Start, "3.12.2026 8:30"), (Name, "Müller"), (Subject, "PA"), (Note, &long)]);
    assert_eq!(keys(&row), ["too_long"]);
    assert!(row.note.chars().count() <= 2_000 && row.original.chars().count() <= 8_000);
}

#[test]
fn texts_are_cleaned() {
    let row = read(&[
        (Start, "3.12.2026 8:30"),
        (Name, "  Mu\u{308}ller\u{202E}\u{0} \t Lea "),
        (Subject, "PA"),
        (Note, "a\n\n b"),
    ]);
    assert_eq!((row.name.as_str(), row.note.as_str()), ("Müller Lea", "a\nb"));
}

#[test]
fn a_row_with_nothing_says_so() {
    let (shape, mapping) = shape(&[Start, Name]);
    let row = entry(&Record::new(9, Vec::new()), &shape, &mapping, &WORDS);
    assert_eq!((row.line, keys(&row)), (9, vec!["no_date", "no_name"]));
}
