//! The house keeps its shape: arrows go one way, each key hangs in one crate, documents name what exists.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

/// Floors of the house; a crate may know only crates of lower floors.
const FLOORS: &[(&str, u8)] = &[
    ("tenancy", 0),
    ("templating", 0),
    ("jobs", 1),
    ("mail", 1),
    ("schedule", 2),
    ("catalog", 2),
    ("booking", 3),
    ("identity", 3),
    ("importer", 4),
    ("web", 5),
    ("stadttermin", 6),
    ("e2e", 7),
];

/// What only one crate may use.
const KEYS: &[(&str, &str)] = &[
    ("axum", "web"),
    ("tower-http", "web"),
    ("apalis", "jobs"),
    ("apalis-core", "jobs"),
    ("apalis-postgres", "jobs"),
    ("apalis-cron", "jobs"),
    ("lettre", "mail"),
    ("icalendar", "mail"),
];

#[test]
fn arrows_go_one_way() {
    let floors: BTreeMap<&str, u8> = FLOORS.iter().copied().collect();
    for package in packages() {
        let floor = floors.get(package.name.as_str()).unwrap_or_else(|| panic!("{} has no floor", package.name));
        for needed in inner_dependencies(&package) {
            if let Some(below) = floors.get(needed.as_str()) {
                assert!(below < floor, "{} (floor {floor}) must not know {needed} (floor {below})", package.name);
            }
        }
    }
}

#[test]
fn each_key_hangs_in_one_crate() {
    for package in packages() {
        for needed in inner_dependencies(&package) {
            if let Some((_, holder)) = KEYS.iter().find(|(key, _)| *key == needed) {
                assert_eq!(package.name.as_str(), *holder, "{needed} belongs to {holder}");
            }
        }
    }
}

/// What `cargo deny` would say about `[bans]`, without a network: over the whole tree, not only our own crates.
#[test]
fn the_bans_of_deny_toml_hold() {
    let rules: toml::Table = toml::from_str(&std::fs::read_to_string(root().join("deny.toml")).unwrap()).unwrap();
    // The lock file knows the whole tree. Asked for it, cargo would first fetch what other systems need.
    let lock: toml::Table = toml::from_str(&std::fs::read_to_string(root().join("Cargo.lock")).unwrap()).unwrap();
    let mut users: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in lock["package"].as_array().unwrap() {
        let needs = package.get("dependencies").and_then(toml::Value::as_array).into_iter().flatten();
        for needed in needs.filter_map(toml::Value::as_str) {
            // A version follows where there are several.
            let name = needed.split(' ').next().unwrap_or(needed);
            users.entry(name).or_default().insert(package["name"].as_str().unwrap());
        }
    }
    assert!(users.len() > 100, "Cargo.lock was not read");
    let bans = rules["bans"]["deny"].as_array().unwrap();
    assert!(bans.len() >= KEYS.len(), "deny.toml was not read");
    for ban in bans {
        let banned = ban["crate"].as_str().unwrap();
        let wrappers = ban.get("wrappers").and_then(toml::Value::as_array);
        let allowed: BTreeSet<&str> = wrappers.into_iter().flatten().filter_map(toml::Value::as_str).collect();
        let others: Vec<_> = users.get(banned).into_iter().flatten().filter(|user| !allowed.contains(*user)).collect();
        assert!(others.is_empty(), "{banned} is used by {others:?}; only {allowed:?} may");
    }
}

/// A schema name may be written by `tenancy` alone, so that no statement can reach past its transaction.
#[test]
fn only_tenancy_names_schemas_and_roles() {
    for file in files("rs") {
        let path = relative(&file);
        let is_allowed = path.starts_with("services/tenancy") || path.starts_with("tests") || path.contains("/tests/");
        let text = std::fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let text: String = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for forbidden in ["search_path", "SET ROLE", "SET LOCAL ROLE"] {
            let server_setting =
                path.ends_with("stadttermin/src/postgres.rs") || path.contains("stadttermin/src/postgres/");
            assert!(is_allowed || server_setting || !text.contains(forbidden), "{path} says {forbidden}");
        }
        assert!(path.starts_with("tests") || !text.contains("SELECT *"), "{path}: name the columns");
    }
}

#[test]
fn every_path_named_in_the_documents_exists() {
    let mut missing = Vec::new();
    // Links in a town's texts are addresses of its pages.
    for file in files("md").into_iter().filter(|file| !relative(file).starts_with("tenants/")) {
        let text = std::fs::read_to_string(&file).unwrap();
        for target in linked(&text) {
            let folder = file.parent().unwrap();
            if !folder.join(&target).exists() {
                missing.push(format!("{}: ]({target})", relative(&file)));
            }
        }
        for path in named(&text) {
            if !root().join(&path).exists() {
                missing.push(format!("{}: `{path}`", relative(&file)));
            }
        }
    }
    assert!(missing.is_empty(), "named but not there:\n{}", missing.join("\n"));
}

#[test]
fn every_text_is_there_in_every_language_and_used() {
    let locales = rust_i18n_support::load_locales(root().join("web/locales").to_str().unwrap(), |_| false);
    let keys = |language: &str| -> BTreeSet<String> { locales[language].keys().cloned().collect() };
    let (german, english) = (keys("de"), keys("en"));
    let only_one: Vec<_> = german.symmetric_difference(&english).collect();
    assert!(only_one.is_empty(), "written in one language only: {only_one:?}");

    let sources: String = files("rs")
        .into_iter()
        .chain(files("html"))
        .chain(files("txt"))
        .filter(|file| relative(file).starts_with("web/") || relative(file).starts_with("services/"))
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect();
    let unused: Vec<_> = german.iter().filter(|key| !is_used(&sources, key)).collect();
    assert!(unused.is_empty(), "nobody shows: {unused:?}");
    let unknown: Vec<_> = asked_for(&sources).into_iter().filter(|key| !is_known(&german, key)).collect();
    assert!(unknown.is_empty(), "nobody wrote: {unknown:?}");
}

/// A key is used if it stands in a template or in code, whole or up to a part that is computed.
fn is_used(sources: &str, key: &str) -> bool {
    let stem = ["zero", "one", "two", "few", "many", "other"]
        .iter()
        .find_map(|plural| key.strip_suffix(&format!(".{plural}")))
        .unwrap_or(key);
    // also `page(app, "errors.no_town")`, which shows `.title` and `.text` of it
    let group = key.rsplit_once('.').map_or(key, |(group, _)| group);
    let is_quoted = |text: &str| sources.contains(&format!("\"{text}\"")) || sources.contains(&format!("'{text}'"));
    if [key, stem, group].into_iter().any(is_quoted) {
        return true;
    }
    // `t("errors." ~ code ~ ".title")` and `format!("errors.{code}.title")`: the longest written beginning
    stem.match_indices(['.', '_']).any(|(at, _)| {
        let beginning = &stem[..=at];
        beginning.contains('.')
            && (sources.contains(&format!("\"{beginning}\" ~"))
                || sources.contains(&format!("'{beginning}' ~"))
                || sources.contains(&format!("\"{beginning}{{")))
    })
}

fn asked_for(sources: &str) -> BTreeSet<String> {
    ["t(\"", "t('", "t_html(\"", "t_html('"]
        .iter()
        .flat_map(|opening| {
            sources.match_indices(opening).filter_map(|(at, _)| {
                let before = sources[..at].chars().next_back();
                let rest = &sources[at + opening.len()..];
                let end = rest.find(['"', '\''])?;
                let follows = rest[end + 1..].trim_start().chars().next();
                let is_call = !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.');
                (is_call && matches!(follows, Some(',' | ')'))).then(|| rest[..end].to_owned())
            })
        })
        .filter(|key| key.contains('.') && !key.contains(['/', ' ', '%']))
        .collect()
}

fn is_known(keys: &BTreeSet<String>, key: &str) -> bool {
    keys.contains(key) || keys.contains(&format!("{key}.other"))
}

fn packages() -> Vec<Package> {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec().unwrap();
    assert!(metadata.packages.len() >= 9, "the workspace was not read");
    metadata.packages
}

fn inner_dependencies(package: &Package) -> impl Iterator<Item = String> + '_ {
    package.dependencies.iter().filter(|it| it.kind == DependencyKind::Normal).map(|it| it.name.clone())
}

fn linked(text: &str) -> Vec<String> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', '#', ' ']).next())
        .filter(|target| !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:"))
        .map(str::to_owned)
        .collect()
}

/// Paths in code quotes that begin with a folder of ours and hold no pattern.
fn named(text: &str) -> Vec<String> {
    let tops = ["services/", "web/", "tenants/", "migrations/", "charts/", "tests/", "docs/", ".ci/"];
    text.split('`')
        .skip(1)
        .step_by(2)
        .filter(|code| tops.iter().any(|top| code.starts_with(top)))
        .filter(|code| !code.contains(['<', '*', ' ', '{', '…', '$']))
        .map(|code| code.split(':').next().unwrap_or(code).to_owned())
        .collect()
}

fn files(extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            let name = entry.file_name();
            if path.is_dir() {
                if !["target", "node_modules", ".git", ".demo"].iter().any(|skip| name == *skip) {
                    open.push(path);
                }
            } else if path.extension().is_some_and(|it| it == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn relative(file: &Path) -> String {
    file.strip_prefix(root()).unwrap().display().to_string()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}
