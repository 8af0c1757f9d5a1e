//! Reading broken files: the right lines, the right words, and all faults at once.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{ChangeKind, PackDir, Problem, TomlFile, diff, to_toml};
use crate::i18n::I18n;
use crate::theme::Color;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shop {
    title: String,
    color: Color,
    #[serde(default)]
    ware: Vec<Ware>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ware {
    key: String,
    name: I18n,
    pieces: u8,
    kind: Kind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<Date>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    prices: Vec<Price>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Price {
    euros: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Small,
    Large,
}

const GOOD: &str = r##"title = "Laden"
color = "#124a86"

[[ware]]
key = "brot"
name = { de = "Brot" }
pieces = 3
kind = "small"
prices = [{ euros = "1.00" }, { euros = "2.00" }]

[[ware]]
key = "salz"
name = { de = "Salz", en = "Salt" }
pieces = 4
kind = "large"
since = "2026-02-07"
"##;

fn parse(text: &str) -> Result<TomlFile<Shop>, Vec<Problem>> {
    let mut pack = PackDir::default();
    pack.insert("shop.toml", text);
    TomlFile::parse(&pack, "shop.toml")
}

/// The problems after one replacement in the good file.
fn broken(from: &str, to: &str) -> Vec<String> {
    assert!(GOOD.contains(from), "{from} is not in the good file");
    parse(&GOOD.replacen(from, to, 1)).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn a_good_file_knows_its_lines() {
    let file = parse(GOOD).unwrap();
    assert_eq!(file.value.ware.len(), 2);
    assert_eq!(file.line("ware[1].name"), Some(13));
    assert_eq!(file.line("ware[0].prices[1].euros"), Some(9));
    assert_eq!(file.line("ware[1].missing"), Some(11), "the entry that lacks it");
    assert_eq!(file.problem("ware[1].key", "no").to_string(), "shop.toml:12: no");
}

#[test]
fn one_fault_is_told_with_line_and_expectation() {
    let cases = [
        ("pieces = 3", "piece = 3", "shop.toml:7: unknown key “piece” (did you mean “pieces”?)"),
        ("pieces = 3", "pieces = \"3\"", "shop.toml:7: pieces: expected a whole number, found the text \"3\""),
        (
            "pieces = 3",
            "pieces = 300",
            "shop.toml:7: pieces: expected a whole number from 0 to 255, found the number 300",
        ),
        (
            "kind = \"small\"",
            "kind = \"tiny\"",
            "shop.toml:8: kind: “tiny” is not known here; expected one of: small, large",
        ),
        (
            "name = { de = \"Brot\" }",
            "name = \"Brot\"",
            "shop.toml:6: name: expected a table { … }, found the text \"Brot\"",
        ),
        ("name = { de = \"Brot\" }", "name = { en = \"Bread\" }", "shop.toml:6: name: the German text is missing"),
        ("euros = \"2.00\"", "euro = \"2.00\"", "shop.toml:9: unknown key “euro” (did you mean “euros”?)"),
        (
            "2026-02-07",
            "2026-02-30",
            "shop.toml:16: since: expected a date such as \"2026-02-07\", found the text \"2026-02-30\"",
        ),
        (
            "\"2026-02-07\"",
            "2026-02-07",
            "shop.toml:16: since: expected a date in quotes such as \"2026-02-07\", found 2026-02-07 without quotes",
        ),
        ("#124a86", "blue", "shop.toml:2: color: “blue” is no colour: expected six hexadecimal digits"),
        ("title = \"Laden\"\n", "", "shop.toml:1: the key “title” is missing; expected title = …"),
        ("kind = \"large\"\n", "", "shop.toml:11: the key “kind” is missing"),
    ];
    for (from, to, expected) in cases {
        let told = broken(from, to);
        assert!(told.iter().any(|problem| problem.starts_with(expected)), "{from} → {to}: {told:#?}");
        assert_eq!(told.len(), 1, "{from} → {to}: {told:#?}");
    }
}

#[test]
fn syntax_errors_have_a_line() {
    let told = broken("pieces = 3", "pieces = ");
    assert!(told[0].starts_with("shop.toml:7: this is not TOML"), "{told:#?}");
    let told = broken("key = \"salz\"", "key = \"salz\nkey");
    assert!(told[0].starts_with("shop.toml:12: this is not TOML"), "{told:#?}");
    let told = broken("pieces = 3", "pieces = 3\npieces = 3");
    assert!(told[0].contains("duplicate key"), "{told:#?}");
}

#[test]
fn many_faults_are_told_at_once_and_in_order() {
    let text = GOOD
        .replacen("title", "tilte", 1)
        .replacen("pieces = 3", "pieces = \"acht\"", 1)
        .replacen("key = \"salz\"\n", "", 1)
        .replacen("kind = \"large\"\n", "colour = 1\n", 1);
    let lines: Vec<Option<usize>> = parse(&text).unwrap_err().iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [1, 7, 11, 11, 14].map(Some), "tilte, pieces, key, kind, colour");
}

#[test]
fn a_missing_file_and_one_in_another_encoding() {
    let mut pack = PackDir::default();
    let missing = TomlFile::<Shop>::parse(&pack, "shop.toml").unwrap_err();
    assert_eq!(missing[0].to_string(), "shop.toml: the file is missing");
    pack.insert("shop.toml", b"title = \"Laden\"\n# B\xfccher".to_vec());
    let latin = TomlFile::<Shop>::parse(&pack, "shop.toml").unwrap_err();
    assert!(latin[0].to_string().starts_with("shop.toml:2: this is not UTF-8"), "{latin:?}");
}

#[test]
fn what_is_written_can_be_read_again() {
    let shop = parse(GOOD).unwrap().value;
    let text = to_toml(&shop).unwrap();
    assert_eq!(parse(&text).unwrap().value, shop, "{text}");
    assert!(text.contains("name = { de = \"Salz\", en = \"Salt\" }"), "{text}");
}

#[test]
fn differences_are_told_by_key() {
    let old = parse(GOOD).unwrap().value;
    let mut new = old.clone();
    assert_eq!(diff("shop.toml", Some(&old), &new).unwrap(), []);
    new.title = "Markt".into();
    new.ware[0].pieces = 5;
    new.ware[1].key = "zucker".into();
    let told: Vec<String> = diff("shop.toml", Some(&old), &new).unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "~ shop.toml title: \"Laden\" → \"Markt\"",
            "~ shop.toml ware brot: pieces: 3 → 5",
            "+ shop.toml ware zucker",
            "- shop.toml ware salz"
        ]
    );
    new = old.clone();
    new.ware.reverse();
    assert_eq!(diff("shop.toml", Some(&old), &new).unwrap()[0].kind, ChangeKind::Change);
}
