//! How clerks abbreviate, in any town. What stands for one thing only is decided; the rest is suggested.

/// Spellings that mean the same.
pub(super) struct Group {
    /// As written, without dots.
    pub spellings: &'static [&'static str],
    /// Names by which a catalogue may have it, likeliest first.
    pub names: &'static [&'static str],
    /// Whether it is taken as meant.
    pub is_decided: bool,
}

const fn means(names: &'static [&'static str], spellings: &'static [&'static str]) -> Group {
    Group { spellings, names, is_decided: true }
}

const fn may_mean(names: &'static [&'static str], spellings: &'static [&'static str]) -> Group {
    Group { spellings, names, is_decided: false }
}

/// From subjects of public offices' calendars and forms; general professional knowledge, no town's own.
pub(super) const GROUPS: &[Group] = &[
    means(&["personalausweis"], &["pa", "perso", "ausweis", "bpa", "npa", "personalausw", "persausw", "id card"]),
    means(&["reisepass"], &["rp", "pass", "reisep", "epass", "passport"]),
    means(&["vorlaeufiger personalausweis"], &["vpa", "vorl pa", "vorl ausweis", "vorläufiger pa"]),
    means(&["vorlaeufiger reisepass"], &["vrp", "vorl rp", "vorl pass", "vorläufiger rp"]),
    may_mean(&["kinderreisepass"], &["krp", "kirp"]),
    may_mean(&["vorläufig"], &["vorl", "vorläufiger", "vorläufigen"]),
    may_mean(&["kind"], &["ki", "kd"]),
    means(&["führungszeugnis"], &["fuz", "fzeugnis", "führungsz", "führungszeug", "pol fz", "polfz", "polz fz"]),
    may_mean(&["führungszeugnis", "kfz zulassung"], &["fz"]),
    may_mean(&["führungszeugnis ehrenamt", "führungszeugnis"], &["efz", "erw fz", "erweitertes fz"]),
    may_mean(&["führerschein", "fischereischein"], &["fs"]),
    means(&["führerschein"], &["fsch", "führersch", "fahrerlaubnis"]),
    may_mean(&["führerschein"], &["fe"]),
    means(
        &["kfz zulassung", "zulassung"],
        &["kfz", "kfz anm", "kfz zul", "zul", "fahrzeug", "pkw", "fahrzeuganmeldung"],
    ),
    means(&["anmeldung", "wohnung anmelden"], &["anm", "anmeld", "anmelden", "wohnsitzanmeldung", "wohnsitzanm"]),
    means(&["ummeldung", "wohnung ummelden"], &["umm", "ummeld", "ummelden", "wohnsitzummeldung"]),
    means(&["abmeldung"], &["abm", "abmeld", "abmelden"]),
    means(&["meldebescheinigung"], &["meldebesch", "meldebescheinig", "meldebest", "meldebestätigung"]),
    may_mean(&["meldebescheinigung"], &["mb"]),
    means(&["beglaubigung"], &["begl", "beglaub", "beglaubigen"]),
    means(&["unterschrift"], &["unterschr", "unterschriftsbegl", "ubegl"]),
    means(&["lebensbescheinigung"], &["lebensbesch"]),
    means(&["haushaltsbescheinigung"], &["haushaltsbesch"]),
    means(&["gewerbe anmelden"], &["gewerbeanm", "gew anm", "gewerbe anm", "gewanm", "gewerbeanmeldung"]),
    means(&["gewerbe ummelden"], &["gewerbeumm", "gew umm", "gewerbe umm", "gewumm", "gewerbeummeldung"]),
    means(&["gewerbe abmelden"], &["gewerbeabm", "gew abm", "gewerbe abm", "gewabm", "gewerbeabmeldung"]),
    may_mean(&["gewerbe anmelden"], &["ga"]),
    may_mean(&["gewerbe"], &["gew"]),
    means(&["abholung"], &["abh", "abhol", "abholen", "ausgabe"]),
    means(&["adressaenderung"], &["adr änd", "adressänd", "adr änderung", "adresse ändern"]),
    may_mean(&["adressaenderung"], &["adr"]),
    means(&["bewohnerparkausweis"], &["bewohnerpark", "bew park", "anwohnerpark", "bpark"]),
    means(&["fischereischein"], &["fischersch", "fischereisch"]),
    means(&["auskunftssperre"], &["auskunftssp"]),
    means(&["melderegisterauskunft"], &["mra", "mr auskunft", "melderegisterausk"]),
    means(&["wohnberechtigungsschein"], &["wbs"]),
    means(&["gewerbezentralregister"], &["gzr"]),
    means(&["eheschliessung"], &["eheschl", "anm eheschl", "anmeldung eheschliessung"]),
    may_mean(&["online ausweis pin"], &["pin"]),
];

/// Keywords of catalogues that help to find something, but decide nothing when somebody's name or a remark has them; folded.
pub(super) const TOO_COMMON: &[&str] = &[
    "auto",
    "ausland",
    "baby",
    "blind",
    "children",
    "company",
    "dringend",
    "ehe",
    "eilig",
    "erlaubnis",
    "express",
    "fahrrad",
    "familie",
    "family",
    "firma",
    "flat",
    "found",
    "gefahr",
    "gefunden",
    "geschwister",
    "handy",
    "haushalt",
    "heirat",
    "jugendliche",
    "keys",
    "kid",
    "kids",
    "kind",
    "kinder",
    "kopie",
    "kostenlos",
    "lehre",
    "minor",
    "miete",
    "moving",
    "notfall",
    "protection",
    "ready",
    "reise",
    "register",
    "schutz",
    "schliessen",
    "schlussel",
    "sofort",
    "teenager",
    "trainer",
    "umzug",
    "urgent",
    "urlaub",
    "verein",
    "verlangern",
    "wallet",
    "weg",
    "werbung",
    "wohnung",
    "zeugnis",
    "zwillinge",
];
