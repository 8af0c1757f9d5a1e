//! The search over the real catalogue of Werne: what people type, and what they mean.

use std::path::Path;

use catalog::pack::{CatalogFile, CatalogPart};
use catalog::{Catalog, search};
use tenancy::pack::{PackDir, TomlFile};

fn werne() -> Catalog {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tenants/werne");
    let mut pack = PackDir::default();
    pack.insert("catalog.toml", std::fs::read(folder.join("catalog.toml")).unwrap());
    let file = TomlFile::<CatalogFile>::parse(&pack, "catalog.toml").unwrap().value;
    CatalogPart { file, forms: Default::default() }.catalog()
}

/// The keys found, best first.
fn found<'c>(catalog: &'c Catalog, query: &str, language: &str) -> Vec<&'c str> {
    search(catalog, query, language).iter().map(|hit| catalog.by_id(hit.concern).unwrap().key.as_str()).collect()
}

#[test]
fn dump() {
    let catalog = werne();
    let queries = std::env::var("Q").unwrap_or_default();
    for query in queries.split('|') {
        let hits: Vec<String> = search(&catalog, query, "de")
            .iter()
            .take(8)
            .map(|h| format!("{}:{:.2}", catalog.by_id(h.concern).unwrap().key, h.score))
            .collect();
        println!("{query:28} {}", hits.join("  "));
    }
}
