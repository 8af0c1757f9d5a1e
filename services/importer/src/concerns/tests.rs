//! Words against the real catalogue of Werne.

use super::samples::{WERNE, WORDS, of_town, words_with};
use super::*;
use crate::subject::take_apart;

/// The concerns that a subject is taken to mean.
fn meant(subject: &str, words: &Dictionary) -> Vec<String> {
    take_apart(subject, words).concerns().into_iter().map(|(key, _)| key).collect()
}

#[test]
fn what_clerks_abbreviate_is_understood() {
    let cases: &[(&str, &[&str])] = &[
        ("PA", &["personalausweis"]),
        ("Perso", &["personalausweis"]),
        ("Personalausweise", &["personalausweis"]),
        ("RP", &["reisepass"]),
        ("Reisepässe", &["reisepass"]),
        ("PA + RP", &["personalausweis", "reisepass"]),
        ("PA RP", &["personalausweis", "reisepass"]),
        ("PA/RP", &["personalausweis", "reisepass"]),
        ("Anm.", &["anmeldung"]),
        ("Umm.", &["ummeldung"]),
        ("Abm.", &["abmeldung"]),
        ("Anm. u. PA", &["anmeldung", "personalausweis"]),
        ("Führungszeugnis", &["fuehrungszeugnis"]),
        ("FUEHRUNGSZEUGNIS", &["fuehrungszeugnis"]),
        ("Meldebesch.", &["meldebescheinigung"]),
        ("vorl. PA", &["vorlaeufiger-personalausweis"]),
        ("RP vorl.", &["vorlaeufiger-reisepass"]),
        ("PA Abholung", &["abholung"]),
        ("Ausweis abholen", &["abholung"]),
        ("Abholung Reisepass", &["abholung"]),
        ("Ausweis verloren", &["verlust"]),
        ("PA Kind", &["personalausweis-unter-24"]),
        ("Gewerbe Anm.", &["gewerbe-anmelden"]),
        ("Gewerbe abmelden", &["gewerbe-abmelden"]),
        ("Hund anmelden", &["hund"]),
        ("Führungszeugnis Ehrenamt", &["fuehrungszeugnis-ehrenamt"]),
        ("WBS", &["wohnberechtigungsschein"]),
        ("passport", &["reisepass"]),
        ("reisepass-unter-24", &["reisepass-unter-24"]),
        ("Personalausweis beantragen (ab 24 Jahren)", &["personalausweis"]),
    ];
    for (subject, expected) in cases {
        assert_eq!(meant(subject, &WORDS), *expected, "{subject}");
    }
}

#[test]
fn other_towns_are_understood_as_well() {
    for town in ["werne", "porta-westfalica"] {
        let words = Dictionary::new(&of_town(town), &Table::default());
        for (subject, key) in
            [("PA", "personalausweis"), ("RP", "reisepass"), ("Anm.", "anmeldung"), ("WBS", "wohnberechtigungsschein")]
        {
            assert_eq!(meant(subject, &words), [key], "{subject} in {town}");
        }
    }
}

#[test]
fn abbreviations_name_what_catalogues_have() {
    let not_offered = ["kfz"];
    for group in super::abbreviations::GROUPS.iter().filter(|group| group.is_decided) {
        let spelling = group.spellings[0];
        let meaning = WORDS.phrases.get(&plain(spelling)).expect(spelling);
        assert_eq!(*meaning == Meaning::NotOffered, not_offered.contains(&spelling), "{spelling}");
        if let Meaning::Catalog(candidates) = meaning {
            assert!(candidates.is_decided, "{spelling}: {:?}", candidates.keys);
        }
    }
}

#[test]
fn what_could_be_several_things_is_not_decided() {
    for subject in ["Fz", "FS", "Gewerbe", "Kind", "Umzug", "MB", "KRP", "eFZ"] {
        let parts = take_apart(subject, &WORDS);
        assert_eq!(parts.concerns(), [], "{subject}");
        assert_eq!(
            parts.pieces.iter().map(|piece| piece.certainty).collect::<Vec<_>>(),
            [Certainty::Likely],
            "{subject}"
        );
        assert!(!parts.pieces[0].keys.is_empty(), "{subject}");
    }
}

#[test]
fn what_the_town_does_not_offer_is_never_taken_for_something_else() {
    for subject in ["KFZ", "KFZ-Anmeldung", "Kfz Anm.", "Fahrzeug abmelden"] {
        assert_eq!(meant(subject, &WORDS), Vec::<String>::new(), "{subject}");
    }
}

#[test]
fn the_town_has_the_last_word() {
    let words = words_with(&[
        ("Fz", &["fuehrungszeugnis"]),
        ("kfz anm", &["anmeldung"]),
        ("PA", &["personalausweis-unter-24"]),
        ("Familienpaket", &["personalausweis", "reisepass"]),
        ("Besprechung", &[]),
        ("RP", &["a-key-that-is-gone"]),
    ]);
    assert_eq!(meant("FZ", &words), ["fuehrungszeugnis"]);
    assert_eq!(meant("KFZ-Anm.", &words), ["anmeldung"]);
    assert_eq!(meant("PA", &words), ["personalausweis-unter-24"]);
    assert_eq!(meant("Müller, Familienpaket", &words), ["personalausweis", "reisepass"]);
    assert_eq!(meant("RP", &words), ["reisepass"]);
    let parts = take_apart("Besprechung", &words);
    assert_eq!((parts.pieces.len(), parts.note.as_str()), (0, "Besprechung"));
}

#[test]
fn a_table_is_kept_as_an_object() {
    let table = Table(BTreeMap::from([("PA".to_owned(), vec!["personalausweis".to_owned()])]));
    let kept = serde_json::to_string(&table).expect("a table");
    assert_eq!(kept, r#"{"PA":["personalausweis"]}"#);
    assert_eq!(serde_json::from_str::<Table>(&kept).expect("the same table"), table);
}

#[test]
fn suggestions_are_counted_and_the_frequent_come_first() {
    let subjects = ["PA", "pa", "PA", "PA + RP", "Fz", "Fz", "Personlausweis", "Sperrgut hinterm Haus", "Xyzzy"];
    let suggested = suggest(&subjects, &WERNE);
    let row = |phrase: &str| suggested.iter().find(|row| row.phrase == phrase).expect(phrase);
    assert_eq!((suggested[0].phrase.as_str(), suggested[0].count), ("PA", 4));
    assert_eq!(row("PA").keys[0], "personalausweis");
    assert_eq!(row("PA").certainty, Certainty::Certain);
    assert_eq!((row("Fz").count, row("Fz").certainty), (2, Certainty::Likely));
    assert_eq!(row("Fz").keys[0], "fuehrungszeugnis");
    assert_eq!(row("Personlausweis").keys[0], "personalausweis");
    assert_eq!(row("Personlausweis").certainty, Certainty::Likely);
    assert_eq!((row("Xyzzy").keys.len(), row("Xyzzy").certainty), (0, Certainty::Open));
    assert!(suggested.iter().all(|row| row.keys.len() <= 5));
}

#[test]
fn what_was_suggested_can_be_decided() {
    for suggestion in suggest(&["Personlausweis", "Fz", "Kram & Zeug vom Dachboden", "KFZ-Anm. Anhänger"], &WERNE) {
        let words = words_with(&[(&suggestion.phrase, &["reisepass"])]);
        assert_eq!(meant(&suggestion.phrase, &words), ["reisepass"], "{}", suggestion.phrase);
    }
}
