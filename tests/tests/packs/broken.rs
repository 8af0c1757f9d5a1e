//! Every way to break a pack that we could think of, and what the operator is told.

use stadttermin::tenant::TownPack;
use tenancy::pack::{PackDir, Problem};

use crate::{files, told, with};

/// What goes wrong, where, and the words that must be in the message.
struct Broken {
    what: &'static str,
    files: PackDir,
    file: &'static str,
    /// A text of that file's first line with the problem; none: the problem is the file itself.
    line_with: Option<&'static str>,
    says: &'static str,
}

fn broken(what: &'static str, change: (&'static str, &str, &'static str), says: &'static str) -> Broken {
    let (file, from, to) = change;
    Broken { what, files: with(file, from, to), file, line_with: Some(to), says }
}

fn without(what: &'static str, file: &'static str, place: (&'static str, Option<&'static str>)) -> Broken {
    let mut files = files("werne");
    files.remove(file).expect("the file");
    Broken { what, files, file: place.0, line_with: place.1, says: "is missing" }
}

fn broken_packs() -> Vec<Broken> {
    let catalog = |from, to| ("catalog.toml", from, to);
    let tenant = |from, to| ("tenant.toml", from, to);
    vec![
        broken("syntax", catalog("max_quantity = 8 ", "max_quantity = "), "this is not TOML"),
        broken("open text", tenant("zone = \"Europe/Berlin\"", "zone = \"Europe/Berlin"), "a text is not closed"),
        broken("unknown key", catalog("popular = 1", "populer = 1"), "unknown key “populer” (did you mean “popular”?)"),
        broken("unknown table", tenant("[payment]", "[paiment]"), "did you mean “payment”?"),
        broken("wrong type", catalog("popular = 1", "popular = \"first\""), "expected a whole number"),
        broken(
            "wrong word",
            catalog("who = \"in_person\"", "who = \"myself\""),
            "expected one of: in_person, family_member",
        ),
        broken(
            "no number that fits",
            catalog("max_quantity = 8", "max_quantity = 800"),
            "expected a whole number from 0 to 255",
        ),
        broken("odd minutes", catalog("duration_minutes = 15", "duration_minutes = 17"), "expected 5, 10, 15"),
        broken(
            "longer than an appointment",
            catalog("duration_minutes = 15", "duration_minutes = 125"),
            "expected at most rules.max_total_minutes, 120",
        ),
        broken(
            "bad reference",
            catalog("category = \"ausweis-und-pass\"", "category = \"ausweis-und-pas\""),
            "did you mean “ausweis-und-pass”?",
        ),
        broken(
            "bad document",
            catalog("{ document = \"bisheriger-ausweis\" }", "{ document = \"nirgends\" }"),
            "there is no document “nirgends”",
        ),
        broken(
            "duplicate key",
            catalog("key = \"reisepass\"", "key = \"personalausweis\"\n# twice"),
            "another concern with the key “personalausweis”",
        ),
        broken(
            "bad amount",
            catalog("euros = \"46.00\"", "euros = \"46,00\""),
            "expected euros and cents such as \"46.00\"",
        ),
        broken(
            "bad date",
            catalog("valid_from = \"2026-02-07\"", "valid_from = \"7.2.2026\""),
            "expected a date such as \"2026-02-07\"",
        ),
        broken(
            "two fees at once",
            catalog("valid_until = \"2026-02-06\"", "valid_until = \"2026-02-08\""),
            "two fees hold on the same day",
        ),
        broken("no German", catalog("name = { de = \"Ausweis und Pass\", ", "name = { "), "the German text is missing"),
        broken("NUL", tenant("short_name = \"Werne\"", "short_name = \"Wer\\u0000ne\""), "NUL character"),
        broken("no Land", tenant("state = \"NW\"", "state = \"NRW\""), "“NRW” is no Land"),
        broken(
            "provider without TLS",
            tenant(
                "zone = ",
                "oidc = { name = \"Konto\", issuer = \"http://login.werne.de\", client_id = \"termin\" }\nzone = ",
            ),
            "expected such as https://login.werne.de/realms/rathaus",
        ),
        broken(
            "everybody's provider",
            tenant(
                "zone = ",
                "oidc = { name = \"Konto\", issuer = \"https://login.microsoftonline.com/common/v2.0\", client_id = \"termin\" }\nzone = ",
            ),
            "lets everybody's accounts in",
        ),
        broken("no zone", tenant("Europe/Berlin", "Europe/Werne"), "the time zone “Europe/Werne” does not exist"),
        broken(
            "no path",
            tenant("base_path = \"/terminvergabe\"", "base_path = \"terminvergabe/\""),
            "expected such as /terminvergabe",
        ),
        broken("too few extensions", tenant("hold_extensions = 10", "hold_extensions = 3"), "expected 10 to 100"),
        broken(
            "contrast",
            ("theme.toml", "primary = \"#124a86\"", "primary = \"#8fb7e0\""),
            "expected at least 4.5:1, for example primary = \"#",
        ),
        broken(
            "no colour",
            ("theme.toml", "primary = \"#124a86\"", "primary = \"blue\""),
            "expected six hexadecimal digits",
        ),
        broken("script in the logo", ("logo.svg", "</svg>", "<script>1</script></svg>"), "<script> is not allowed"),
        broken(
            "concern that no counter can serve",
            ("offices.toml", "concerns = [\"abholung\", ", "concerns = [\"abholun\", "),
            "there is no concern “abholun”",
        ),
        broken(
            "no weekday",
            ("offices.toml", "weekdays = [\"mo\"", "weekdays = [\"mon\""),
            "“mon” is not known here (did you mean “mo”?)",
        ),
        without("missing key file", "tenant.toml", ("tenant.toml", None)),
        without("missing logo", "logo.svg", ("logo.svg", None)),
        without("missing privacy notice", "texts/privacy.de.md", ("texts/privacy.de.md", None)),
        without("missing form", "forms/verlustanzeige.pdf", ("catalog.toml", Some("file = \"verlustanzeige.pdf\""))),
    ]
}

#[test]
fn a_broken_pack_says_file_line_and_what_was_expected() {
    for Broken { what, files, file, line_with, says } in broken_packs() {
        let problems = TownPack::read(&files).expect_err(what);
        let line = line_with.map(|text| {
            let first = text.lines().next().unwrap_or_default();
            let content = files.text(file).expect("a text file");
            content.lines().position(|line| line.contains(first)).expect("the changed line") + 1
        });
        let fits = |problem: &Problem| {
            problem.file == file && (problem.line == line || what == "duplicate key") && problem.message.contains(says)
        };
        assert!(problems.iter().any(fits), "{what}: expected {file}:{line:?}: …{says}…, got {:#?}", told(&problems));
        assert!(problems.len() <= 2, "{what} is told too often: {:#?}", told(&problems));
    }
}

#[test]
fn problems_of_all_files_are_told_in_one_run() {
    let mut files = with("tenant.toml", "state = \"NW\"", "state = \"XX\"");
    files.insert("catalog.toml", files.text("catalog.toml").unwrap().replace("popular = ", "poplar = "));
    files.insert("theme.toml", "primary = \"#124a86\"\n");
    files.insert("texts/faq.de.md", "no questions");
    files.insert("katalog.toml", "");
    let told = told(&TownPack::read(&files).unwrap_err());
    for start in ["catalog.toml:", "katalog.toml: unexpected file", "tenant.toml:", "texts/faq.de.md:1", "theme.toml:1"]
    {
        assert!(told.iter().any(|problem| problem.starts_with(start)), "{start}: {told:#?}");
    }
    let misspelt = told.iter().filter(|problem| problem.contains("poplar")).count();
    assert!(misspelt > 3, "every misspelt key is told: {told:#?}");
}
