//! Town packs: the real ones are good, broken ones are told where and why, and applying is safe to repeat.

mod applying;
mod broken;
mod commands;

use std::path::{Path, PathBuf};

use e2e::TestDb;
use stadttermin::tenant::{Access, TownPack, inspect};
use tenancy::pack::{PackDir, Problem};

fn folder(slug: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tenants").join(slug)
}

fn files(slug: &str) -> PackDir {
    PackDir::read(&folder(slug)).expect("the folder of the pack")
}

fn pack(slug: &str) -> TownPack {
    read(&files(slug))
}

fn read(files: &PackDir) -> TownPack {
    TownPack::read(files).unwrap_or_else(|problems| panic!("{}", told(&problems).join("\n")))
}

fn told(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}

fn access(test: &TestDb) -> Access {
    Access { admin: test.admin(), db: test.db().clone() }
}

/// The pack of Werne with one text of one of its files replaced.
fn with(file: &str, from: &str, to: &str) -> PackDir {
    let mut files = files("werne");
    let text = files.text(file).expect("a text file").to_owned();
    assert!(text.contains(from), "{file} does not contain {from}");
    files.insert(file, text.replacen(from, to, 1));
    files
}

#[test]
fn our_packs_are_good_and_full() {
    for slug in ["werne", "porta-westfalica", "example"] {
        let found = inspect(&folder(slug)).expect("the folder");
        let pack = found.unwrap_or_else(|problems| panic!("{slug}: {}", told(&problems).join("\n")));
        assert_eq!(pack.town.tenant.slug.as_str(), slug);
        if slug != "example" {
            assert!(pack.catalog.file.concern.len() >= 30, "{slug} has too few concerns");
            assert!(!pack.unconfirmed().is_empty(), "{slug}: what is not verified must be marked");
        }
    }
}

/// The example shows every key there is. Which those are is asked of the reader, by a key it does not know.
#[test]
fn the_example_names_every_key() {
    let example = files("example");
    for file in ["tenant.toml", "theme.toml", "catalog.toml", "offices.toml"] {
        let text = example.text(file).expect("a file of the example");
        let tables: Vec<&str> = text.lines().filter(|line| line.starts_with('[')).collect();
        for table in std::iter::once("").chain(tables) {
            let strange = if table.is_empty() {
                format!("zzz = 1\n{text}")
            } else {
                text.replacen(table, &format!("{table}\nzzz = 1"), 1)
            };
            let mut pack = example.clone();
            pack.insert(file, strange);
            let problems = TownPack::read(&pack).expect_err("a key that does not exist");
            let (_, keys) = problems[0].message.split_once("expected one of: ").expect("the keys there are");
            for key in keys.split(", ") {
                let shown = |line: &str| {
                    let line = line.trim_start_matches(['#', ' ', '[']);
                    line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(['=', ']']))
                };
                assert!(text.lines().any(shown), "{file} of the example does not show {table} {key}");
            }
        }
    }
}
