//! Subjects of real calendars (with other names), taken apart.

use super::*;
use crate::concerns::samples::{WORDS, words_with};

/// Name, concerns, telephone, note.
fn taken(subject: &str) -> (String, String, String, String) {
    let parts = take_apart(subject, &WORDS);
    let concerns: Vec<String> = parts
        .concerns()
        .into_iter()
        .map(|(key, quantity)| if quantity == 1 { key } else { format!("{quantity} {key}") })
        .collect();
    (parts.name, concerns.join(" + "), parts.phone, parts.note)
}

#[test]
fn subjects_are_taken_apart() {
    let cases = [
        ("Müller, PA + RP, 0170 1234567", "Müller", "personalausweis + reisepass", "0170 1234567", ""),
        ("Müller, Hans, PA", "Müller, Hans", "personalausweis", "", ""),
        ("PA Müller", "Müller", "personalausweis", "", ""),
        ("Müller PA", "Müller", "personalausweis", "", ""),
        ("müller, pa", "müller", "personalausweis", "", ""),
        ("Herr Müller - Reisepass", "Herr Müller", "reisepass", "", ""),
        ("Frau Hund, PA", "Frau Hund", "personalausweis", "", ""),
        ("Fam. Yılmaz: Anm. 4 Pers.", "Fam. Yılmaz", "4 anmeldung", "", ""),
        ("Dr. von der Heide / RP / Tel. 02389 71456", "Dr. von der Heide", "reisepass", "02389 71456", ""),
        ("2x PA Schmidt-Öztürk", "Schmidt-Öztürk", "2 personalausweis", "", ""),
        ("Schmidt PA (2x)", "Schmidt", "2 personalausweis", "", ""),
        ("Schmidt, 2 x PA und 3 RP", "Schmidt", "2 personalausweis + 3 reisepass", "", ""),
        ("PA für Hans Müller", "Hans Müller", "personalausweis", "", ""),
        ("Müller, PA, bringt Foto mit", "Müller", "personalausweis", "", "bringt Foto mit"),
        ("Müller, PA, Kind dabei", "Müller", "personalausweis", "", "Kind; dabei"),
        ("Müller; Fz", "Müller", "", "", ""),
        ("Müller, 0170 1234567", "Müller", "", "0170 1234567", ""),
        ("Dienstbesprechung", "", "", "", ""),
        ("O'Neill, Reisepass", "O'Neill", "reisepass", "", ""),
        ("محمد علي, PA", "محمد علي", "personalausweis", "", ""),
    ];
    for (subject, name, concerns, phone, note) in cases {
        let expected = (name.to_owned(), concerns.to_owned(), phone.to_owned(), note.to_owned());
        assert_eq!(taken(subject), expected, "{subject}");
    }
}

#[test]
fn the_most_common_family_names_are_nobodys_concern() {
    let names = "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Bauer Koch Richter \
                 Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Werner Krause \
                 Lehmann Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn \
                 Schubert Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht \
                 Schuster Simon Ludwig Böhm Winter Kraus Martin Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß \
                 Seidel Heinrich Brandt Haas Schreiber Graf Schulte Dietrich Ziegler Kuhn Pohl Engel Horn Busch Bergmann \
                 Thomas Voigt Sauer Arnold Wolff Pfeiffer Yılmaz Kaya Demir Şahin Çelik Öztürk Nowak Kowalski Nguyen \
                 Ahmed Ali Hassan Ibrahim Petrow Iwanowa Popescu Hoxha";
    for name in names.split_whitespace() {
        for subject in [format!("{name}, PA"), format!("PA {name}"), format!("{name} - PA")] {
            let (found, concerns, ..) = taken(&subject);
            assert_eq!((found.as_str(), concerns.as_str()), (name, "personalausweis"), "{subject}");
        }
    }
}

#[test]
fn unknown_words_wait_for_the_town() {
    let open = |subject: &str| {
        let parts = take_apart(subject, &WORDS);
        parts.pieces.iter().filter(|piece| piece.meant.is_empty()).map(|piece| piece.phrase.clone()).collect::<Vec<_>>()
    };
    assert_eq!(open("Dienstbesprechung"), ["Dienstbesprechung"]);
    assert_eq!(open("Müller, PA + Entsorgungsberatung"), ["Entsorgungsberatung"]);
    assert_eq!(open("Müller, Entsorgungsberatung"), ["Entsorgungsberatung"]);
    assert_eq!(open("Müller, KFZ-Anmeldung"), ["KFZ-Anmeldung"]);
    assert_eq!(open("Müller, Fz"), ["Fz"]);
}

#[test]
fn a_row_with_a_column_for_the_name_has_no_name_in_its_subject() {
    let parts = take_apart_without_name("PA Schmidt", &WORDS);
    assert_eq!((parts.name.as_str(), parts.note.as_str()), ("", "Schmidt"));
    assert_eq!(parts.concerns(), [("personalausweis".to_owned(), 1)]);
}

#[test]
fn the_subject_keeps_the_words_of_the_file() {
    assert_eq!(take_apart("Müller, 2x PA + RP, 0170 1234567", &WORDS).subject(), "2x PA + RP");
    let words = words_with(&[("Entsorgungsberatung", &["sperrmuellkarte"])]);
    let parts = take_apart("Müller, Entsorgungsberatung", &words);
    assert_eq!((parts.name.as_str(), parts.subject().as_str()), ("Müller", "Entsorgungsberatung"));
    assert_eq!(parts.concerns(), [("sperrmuellkarte".to_owned(), 1)]);
}

#[test]
fn a_subject_of_a_megabyte_is_a_remark_behind_its_beginning() {
    let parts = take_apart(&format!("Müller, PA, {}", "so lang ".repeat(125_000)), &WORDS);
    assert_eq!((parts.name.as_str(), parts.subject().as_str()), ("Müller", "PA"));
    assert!(parts.note.len() > 900_000);
}

#[test]
fn further_numbers_and_addresses_are_remarks() {
    let parts = take_apart("Müller, PA, 0170 1234567, 02389 71456, lea@example.org, leo@example.org", &WORDS);
    assert_eq!((parts.phone.as_str(), parts.email.as_str()), ("0170 1234567", "lea@example.org"));
    assert_eq!(parts.note, "02389 71456; leo@example.org");
}
