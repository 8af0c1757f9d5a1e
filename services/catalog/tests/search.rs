//! The search over the real catalogue of Werne: what people type, and what they mean.

use std::path::Path;

use catalog::pack::{CatalogFile, CatalogPart};
use catalog::{Catalog, search};
use tenancy::pack::{PackDir, TomlFile};

fn werne() -> Catalog {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tenants/werne");
    let mut pack = PackDir::default();
    pack.insert("catalog.toml", std::fs::read(folder.join("catalog.toml")).expect("the catalogue of Werne"));
    let file = TomlFile::<CatalogFile>::parse(&pack, "catalog.toml").expect("a good catalogue").value;
    CatalogPart { file, forms: Default::default() }.catalog()
}

/// The keys found, best first.
fn found<'c>(catalog: &'c Catalog, query: &str, language: &str) -> Vec<&'c str> {
    search(catalog, query, language).iter().filter_map(|hit| Some(catalog.by_id(hit.concern)?.key.as_str())).collect()
}

#[test]
fn what_people_type_finds_first_what_they_mean() {
    let catalog = werne();
    let cases = [
        // As it is called, and as people call it.
        ("ausweis", "personalausweis"),
        ("Personalausweis", "personalausweis"),
        ("perso", "personalausweis"),
        ("Reisepass", "reisepass"),
        ("pass", "reisepass"),
        ("Führungszeugnis", "fuehrungszeugnis"),
        ("polizeiliches führungszeugnis", "fuehrungszeugnis"),
        ("Umzug", "anmeldung"),
        ("Hundesteuer", "hund"),
        ("heiraten", "eheschliessung"),
        ("Fundbüro", "fundsache"),
        ("Kinderausweis", "personalausweis-unter-24"),
        // Typing errors.
        ("personlausweis", "personalausweis"),
        ("personalauswies", "personalausweis"),
        ("auswies", "personalausweis"),
        ("reisepas", "reisepass"),
        ("rejsepass", "reisepass"),
        ("fuhrungszeugniss", "fuehrungszeugnis"),
        ("führungzeugnis", "fuehrungszeugnis"),
        ("umzihen", "anmeldung"),
        ("beglaubigng", "beglaubigung"),
        ("meldebescheinigun", "meldebescheinigung"),
        ("fürerschein", "fuehrerschein"),
        ("angelschien", "fischereischein"),
        ("rentenantarg", "rentenberatung"),
        // Umlauts and ß in every way.
        ("fuehrungszeugnis", "fuehrungszeugnis"),
        ("FÜHRERSCHEIN", "fuehrerschein"),
        ("sperrmull", "sperrmuellkarte"),
        ("sperrmuell", "sperrmuellkarte"),
        ("eheschliesung", "eheschliessung"),
        // Half words, compounds, two words for one and one for two.
        ("meldebesch", "meldebescheinigung"),
        ("reise pass", "reisepass"),
        ("personal ausweis", "personalausweis"),
        ("passverlust", "verlust"),
        ("ausweisverlust", "verlust"),
        ("personalausweisantrag", "personalausweis"),
        // Sentences.
        ("Ich möchte einen neuen Reisepass", "reisepass"),
        ("ausweis verloren", "verlust"),
        ("wohnung anmelden", "anmeldung"),
        ("hund anmelden", "hund"),
        ("pass für kind", "reisepass-unter-24"),
        ("ins ausland abmelden", "abmeldung"),
    ];
    for (query, expected) in cases {
        let found = found(&catalog, query, "de");
        assert_eq!(found.first(), Some(&expected), "“{query}” found {found:?}");
    }
}

#[test]
fn english_finds_it_too() {
    let catalog = werne();
    let cases = [
        ("id card", "personalausweis"),
        ("identity crad", "personalausweis"),
        ("passport", "reisepass"),
        ("pasport", "reisepass"),
        ("lost my passport", "verlust"),
        ("child passport", "reisepass-unter-24"),
        ("register address", "anmeldung"),
        ("moving within town", "ummeldung"),
        ("certificate of conduct", "fuehrungszeugnis"),
        ("driver's license", "fuehrerschein"),
        ("dog tax", "hund"),
        ("I want to get married", "eheschliessung"),
        ("parking permit", "bewohnerparkausweis"),
    ];
    for language in ["en", "de"] {
        for (query, expected) in cases {
            let found = found(&catalog, query, language);
            assert_eq!(found.first(), Some(&expected), "“{query}” in {language} found {found:?}");
        }
    }
}

#[test]
fn what_the_town_does_not_offer_finds_nothing() {
    let catalog = werne();
    for query in [
        "",
        " ",
        "?!",
        "xyzzy",
        "asdf",
        "qwertz",
        "pizza",
        "blumenkohl",
        "bürgermeister",
        "wetter",
        "fußball",
        "schwimmbad",
        "steuererklärung",
        "krankenhaus",
        "kirchenaustritt",
        "kfz",
        "\0",
        "💥",
        "%_'\"; DROP TABLE",
    ] {
        let found = found(&catalog, query, "de");
        assert!(found.is_empty(), "“{query}” found {found:?}");
    }
}

#[test]
fn a_find_is_short_enough_to_be_read() {
    let catalog = werne();
    for (query, most) in [("reisepass", 5), ("führungszeugnis", 3), ("rente", 3), ("hund", 2), ("sperrmüll", 2)] {
        let found = found(&catalog, query, "de");
        assert!((1..=most).contains(&found.len()), "“{query}” found {found:?}");
    }
}

#[test]
fn a_query_of_a_megabyte_is_cut_and_answered() {
    let catalog = werne();
    let long = "reisepass ".repeat(100_000);
    assert_eq!(found(&catalog, &long, "de").first(), Some(&"reisepass"));
}
