//! Columns of real exports, and of lists without names.

use super::*;
use crate::Format;

fn shape(columns: &[&str], sample: &[&[&str]]) -> Shape {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    Shape {
        format: Format::Csv,
        encoding: None,
        separator: Some(','),
        sheet: None,
        sheets: Vec::new(),
        header_line: Some(1),
        date_order: None,
        columns: owned(columns),
        sample: sample.iter().map(|row| owned(row)).collect(),
    }
}

fn proposed(columns: &[&str], sample: &[&[&str]]) -> Vec<Option<Field>> {
    propose(&shape(columns, sample)).fields
}

#[test]
fn all_columns_of_outlook_in_german() {
    let columns = [
        "Betreff",
        "Beginnt am",
        "Beginnt um",
        "Endet am",
        "Endet um",
        "Ganztägiges Ereignis",
        "Erinnerung Ein/Aus",
        "Erinnerung am",
        "Erinnerung um",
        "Besprechungsplanung",
        "Erforderliche Teilnehmer",
        "Optionale Teilnehmer",
        "Besprechungsressourcen",
        "Abrechnungsinformationen",
        "Beschreibung",
        "Kategorien",
        "Ort",
        "Priorität",
        "Privat",
        "Reisekilometer",
        "Vertraulichkeit",
        "Zeitspanne zeigen als",
    ];
    let fields = proposed(&columns, &[&["Müller, PA", "3.12.2026", "8:30:00", "3.12.2026", "8:45:00", "Aus"]]);
    let expected = [
        (0, Field::Subject),
        (1, Field::Date),
        (2, Field::Time),
        (3, Field::EndDate),
        (4, Field::EndTime),
        (5, Field::AllDay),
        (9, Field::Organizer),
        (10, Field::Attendee),
        (14, Field::Note),
        (15, Field::Category),
        (16, Field::Counter),
        (18, Field::Private),
        (20, Field::Private),
    ];
    let read: Vec<(usize, Field)> = fields.iter().enumerate().filter_map(|(at, field)| Some((at, (*field)?))).collect();
    assert_eq!(read, expected);
}

#[test]
fn all_columns_of_outlook_in_english() {
    let columns = [
        "Subject",
        "Start Date",
        "Start Time",
        "End Date",
        "End Time",
        "All day event",
        "Reminder on/off",
        "Reminder Date",
        "Reminder Time",
        "Meeting Organizer",
        "Required Attendees",
        "Optional Attendees",
        "Meeting Resources",
        "Billing Information",
        "Categories",
        "Description",
        "Location",
        "Mileage",
        "Priority",
        "Private",
        "Sensitivity",
        "Show time as",
    ];
    let mapping =
        propose(&shape(&columns, &[&["Müller, PA", "12/3/2026", "8:30:00 AM"], &["Y", "12/30/2026", "9:00:00 AM"]]));
    let named: Vec<Field> = mapping.fields.iter().flatten().copied().collect();
    use Field::{AllDay, Attendee, Category, Counter, Date, EndDate, EndTime, Note, Organizer, Private, Subject, Time};
    let expected =
        [Subject, Date, Time, EndDate, EndTime, AllDay, Organizer, Attendee, Category, Note, Counter, Private, Private];
    assert_eq!(named, expected);
    assert_eq!(mapping.date_order, Some(DateOrder::MonthDayYear));
}

#[test]
fn what_stands_in_a_column_decides_between_day_and_time() {
    use Field::{Date, End, EndTime, Minutes, Name, Phone, Start, Subject, Time};
    let fields = proposed(&["Tag", "Von", "Bis", "Bürger"], &[&["3.12.26", "8:30", "8:45", "Müller"]]);
    assert_eq!(fields, [Date, Time, EndTime, Name].map(Some));
    let fields = proposed(&["Beginn", "Ende", "Leistung"], &[&["3.12.26 8:30", "3.12.26 8:45", "PA"]]);
    assert_eq!(fields, [Start, End, Subject].map(Some));
    let fields = proposed(&["Termin", "Dauer", "Handy"], &[&["3.12.2026 8:30", "15", "0170 1234567"]]);
    assert_eq!(fields, [Start, Minutes, Phone].map(Some));
    let fields = proposed(&["Datum", "Bis"], &[&["3.12.2026", "15"]]);
    assert_eq!(fields, [Date, Minutes].map(Some));
}

#[test]
fn two_telephones_are_both_read_and_two_names_are_not() {
    use Field::{Date, FirstName, Name, Phone};
    let fields = proposed(&["Datum", "Nachname", "Vorname", "Telefon", "Mobil", "Kunde"], &[]);
    assert_eq!(fields, [Some(Date), Some(Name), Some(FirstName), Some(Phone), Some(Phone), None]);
}

#[test]
fn a_list_without_names_is_judged_by_its_contents() {
    use Field::{Date, Email, Name, Note, Phone, Subject, Time};
    let mut shape = shape(
        &["A", "B", "C", "D", "E", "F", "G"],
        &[&["3.12.2026", "8.30 Uhr", "Müller", "PA", "0170 1234567", "lea@example.org", "bringt Foto mit"]],
    );
    shape.header_line = None;
    let mapping = propose(&shape);
    assert_eq!(mapping.fields, [Date, Time, Name, Subject, Phone, Email, Note].map(Some));
    assert_eq!(mapping.date_order, Some(DateOrder::DayMonthYear));
}

#[test]
fn properties_of_icalendar_and_keys_of_our_own_format_are_known() {
    use Field::{Attendee, Cancelled, Category, Counter, End, Id, Note, Private, Start, Subject};
    let columns =
        ["id", "subject", "start", "end", "note", "counter", "attendees", "categories", "private", "cancelled"];
    let sample: &[&[&str]] = &[&["a@b", "Müller", "2026-12-03", "2026-12-03"]];
    let mut shape = shape(&columns, sample);
    (shape.format, shape.header_line) = (Format::Ics, None);
    assert_eq!(
        propose(&shape).fields,
        [Id, Subject, Start, End, Note, Counter, Attendee, Category, Private, Cancelled].map(Some)
    );
    let mut own = self::shape(&["subject", "concern"], &[]);
    (own.format, own.header_line) = (Format::JsonLines, None);
    assert_eq!(propose(&own).fields, [Subject, Subject].map(Some));
    let keys = [
        "id",
        "start",
        "end",
        "date",
        "time",
        "minutes",
        "name",
        "first_name",
        "phone",
        "email",
        "subject",
        "concern",
        "note",
        "counter",
        "all_day",
        "private",
        "cancelled",
        "end_date",
        "end_time",
        "DTSTART",
        "SUMMARY",
    ];
    assert!(keys.iter().all(|key| aliases::of(key).is_some()));
}

#[test]
fn unknown_columns_are_not_read() {
    assert_eq!(proposed(&["Farbe", "Lieblingstier"], &[&["rot", "Hund"]]), [None, None]);
}
