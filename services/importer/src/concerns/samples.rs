//! The real catalogues, for tests.

use std::path::Path;
use std::sync::LazyLock;

use catalog::Catalog;
use catalog::pack::{CatalogFile, CatalogPart};
use tenancy::pack::{PackDir, TomlFile};

use super::{Dictionary, Table};

/// What Werne offers.
pub(crate) static WERNE: LazyLock<Catalog> = LazyLock::new(|| of_town("werne"));

/// What a town offers.
pub(crate) fn of_town(slug: &str) -> Catalog {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tenants").join(slug);
    let mut pack = PackDir::default();
    pack.insert("catalog.toml", std::fs::read(folder.join("catalog.toml")).expect("the town's catalogue"));
    let file = TomlFile::<CatalogFile>::parse(&pack, "catalog.toml").expect("a good catalogue").value;
    CatalogPart { file, forms: Default::default() }.catalog()
}

/// The words of Werne before it has decided anything.
pub(crate) static WORDS: LazyLock<Dictionary> = LazyLock::new(|| Dictionary::new(&WERNE, &Table::default()));

/// The words of Werne with a table.
pub(crate) fn words_with(table: &[(&str, &[&str])]) -> Dictionary {
    let owned = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
    let table = Table(table.iter().map(|(phrase, keys)| ((*phrase).to_owned(), owned(keys))).collect());
    Dictionary::new(&WERNE, &table)
}
