//! What columns are called: in lists of German towns, in Outlook (German and English), in iCalendar, in our own format.

use crate::concerns::plain;
use crate::{Field, Format};

/// What a name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alias {
    /// One thing.
    Field(Field),
    /// The beginning: a day, a time, or both.
    Begin,
    /// The end: a day, a time, both, or how long it takes.
    Finish,
}

/// Names without blanks and signs, folded when compared. Columns of Outlook that are not here are not read.
const NAMES: &[(Alias, &[&str])] = &[
    (
        Alias::Field(Field::Date),
        &[
            "Datum",
            "Tag",
            "Termin",
            "Termindatum",
            "Date",
            "Day",
            "Beginnt am",
            "Start Date",
            "Appointment date",
            "Tag darüber",
        ],
    ),
    (
        Alias::Field(Field::Time),
        &["Uhrzeit", "Zeit", "Time", "Beginnt um", "Start Time", "Terminzeit", "Appointment time"],
    ),
    (
        Alias::Begin,
        &["Beginn", "Von", "Start", "Anfang", "Ab", "Begin", "From", "DTSTART", "Startzeit", "Startzeitpunkt"],
    ),
    (Alias::Field(Field::EndDate), &["Endet am", "End Date", "Enddatum"]),
    (Alias::Field(Field::EndTime), &["Endet um", "End Time", "Endzeit"]),
    (Alias::Finish, &["Ende", "Bis", "End", "To", "Until", "DTEND", "Endzeitpunkt"]),
    (
        Alias::Field(Field::Minutes),
        &["Dauer", "Dauer in Minuten", "Dauer (min)", "Minuten", "Duration", "Minutes", "Length"],
    ),
    (
        Alias::Field(Field::Name),
        &[
            "Name",
            "Nachname",
            "Familienname",
            "Zuname",
            "Kunde",
            "Kundin",
            "Kundenname",
            "Bürger",
            "Bürgerin",
            "Person",
            "Last name",
            "Surname",
            "Family name",
            "Customer",
            "Name Vorname",
            "Vor- und Nachname",
            "Full name",
            "Antragsteller",
        ],
    ),
    (Alias::Field(Field::FirstName), &["Vorname", "Vornamen", "Rufname", "First name", "Given name", "Forename"]),
    (
        Alias::Field(Field::Phone),
        &[
            "Tel",
            "Tel-Nr",
            "Telefon",
            "Telefonnummer",
            "Telefon-Nr",
            "Rufnummer",
            "Handy",
            "Handynummer",
            "Mobil",
            "Mobilnummer",
            "Mobiltelefon",
            "Festnetz",
            "Phone",
            "Phone number",
            "Telephone",
            "Mobile",
            "Mobile phone",
        ],
    ),
    (
        Alias::Field(Field::Email),
        &["Mail", "E-Mail", "eMail", "E-Mail-Adresse", "Mailadresse", "Email address", "E-Mail Kunde"],
    ),
    (
        Alias::Field(Field::Subject),
        &[
            "Betreff",
            "Anliegen",
            "Leistung",
            "Dienstleistung",
            "Grund",
            "Terminart",
            "Terminanlass",
            "Subject",
            "SUMMARY",
            "Title",
            "Titel",
            "Service",
            "Concern",
            "Reason",
            "Vorgang",
            "Thema",
        ],
    ),
    (Alias::Field(Field::Category), &["Kategorie", "Kategorien", "Category", "Categories"]),
    (
        Alias::Field(Field::Attendee),
        &["Erforderliche Teilnehmer", "Teilnehmer", "Required Attendees", "Attendees", "Attendee"],
    ),
    (Alias::Field(Field::Organizer), &["Besprechungsplanung", "Meeting Organizer", "Organisator", "Organizer"]),
    (
        Alias::Field(Field::Note),
        &[
            "Bemerkung",
            "Bemerkungen",
            "Notiz",
            "Notizen",
            "Anmerkung",
            "Anmerkungen",
            "Hinweis",
            "Kommentar",
            "Beschreibung",
            "Description",
            "Note",
            "Notes",
            "Comment",
            "Remarks",
        ],
    ),
    (
        Alias::Field(Field::Counter),
        &[
            "Schalter",
            "Sachbearbeiter",
            "Sachbearbeiterin",
            "Sachbearbeitung",
            "Platz",
            "Arbeitsplatz",
            "Raum",
            "Zimmer",
            "Ort",
            "Location",
            "Counter",
            "Desk",
            "Room",
            "Mitarbeiter",
            "Mitarbeiterin",
            "Kalender",
        ],
    ),
    (
        Alias::Field(Field::Id),
        &["ID", "UID", "Termin-ID", "Terminnummer", "Buchungsnummer", "Vorgangsnummer", "Booking ID", "Event ID"],
    ),
    (Alias::Field(Field::AllDay), &["Ganztägiges Ereignis", "Ganztägig", "All day event", "All day", "allday"]),
    (Alias::Field(Field::Private), &["Privat", "Private", "Vertraulichkeit", "Sensitivity", "CLASS"]),
    (Alias::Field(Field::Cancelled), &["Abgesagt", "Storniert", "Status", "Terminstatus", "Cancelled", "Canceled"]),
];

/// What a column of this name means.
pub(super) fn of(name: &str) -> Option<Alias> {
    let asked = joined(name);
    let found = NAMES.iter().find(|(_, names)| names.iter().any(|known| joined(known) == asked));
    found.map(|(alias, _)| *alias)
}

/// Formats that name their columns themselves, without a row for it.
pub(super) fn has_names_of_its_own(format: Format) -> bool {
    matches!(format, Format::Ics | Format::JsonLines)
}

fn joined(name: &str) -> String {
    plain(name).replace(' ', "")
}
