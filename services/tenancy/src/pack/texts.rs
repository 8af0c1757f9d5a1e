//! The longer texts of a pack: `texts/<slug>.<language>.md`.

use std::collections::BTreeMap;

use super::{Change, ChangeKind, PackDir, Problem};
use crate::TenantTx;
use crate::i18n::FIRST_LANGUAGE;

/// The texts a town has. The law asks for the first three (Art. 13 DSGVO, § 5 DDG, § 12b BGG and its Länder's laws).
const SLUGS: [&str; 4] = ["privacy", "imprint", "accessibility", "faq"];

/// Longest text, in bytes.
const MAX_BYTES: usize = 200 * 1024;

type Texts = BTreeMap<(String, String), String>;

/// Reads and checks the texts; `languages` are those the town offers, if that is known.
pub(super) fn read(pack: &PackDir, languages: Option<&[String]>) -> Result<Texts, Vec<Problem>> {
    let mut texts = Texts::new();
    let mut problems = Vec::new();
    for file in pack.names().filter(|name| name.starts_with("texts/")) {
        match read_one(pack, file, languages) {
            Ok((place, text)) => {
                texts.insert(place, text);
            }
            Err(problem) => problems.push(problem),
        }
    }
    for slug in SLUGS {
        let file = format!("texts/{slug}.{FIRST_LANGUAGE}.md");
        if pack.bytes(&file).is_none() {
            problems.push(Problem::of_file(file, "the file is missing; expected the German text"));
        }
    }
    if problems.is_empty() { Ok(texts) } else { Err(problems) }
}

fn read_one(pack: &PackDir, file: &str, languages: Option<&[String]>) -> Result<((String, String), String), Problem> {
    let name = file.trim_start_matches("texts/");
    let mut parts = name.split('.');
    let (Some(slug), Some(language), Some("md"), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Problem::of_file(file, "unexpected file name; expected such as privacy.de.md"));
    };
    if !SLUGS.contains(&slug) {
        let expected = SLUGS.join(", ");
        return Err(Problem::of_file(file, format!("no page shows “{slug}”; expected one of: {expected}")));
    }
    if languages.is_some_and(|offered| !offered.iter().any(|offer| offer == language)) {
        let message =
            format!("the town does not offer the language “{language}”; expected it in tenant.toml, languages");
        return Err(Problem::of_file(file, message));
    }
    let text = pack.text(file)?;
    if text.trim().is_empty() {
        return Err(Problem::of_file(file, "the text is empty"));
    }
    if text.len() > MAX_BYTES || text.contains('\0') {
        return Err(Problem::of_file(file, format!("expected readable text of at most {MAX_BYTES} bytes")));
    }
    if slug == "faq" && !text.lines().any(|line| line.starts_with("## ")) {
        return Err(Problem::at(file, 1, "no question found; expected each question as a heading: ## Question?"));
    }
    Ok(((slug.to_owned(), language.to_owned()), text.to_owned()))
}

/// Which texts come, change or go.
pub(super) fn diff(old: Option<&Texts>, new: &Texts) -> Vec<Change> {
    let nothing = Texts::new();
    let old = old.unwrap_or(&nothing);
    let change = |(slug, language): &(String, String), kind, detail| Change {
        section: "texts".to_owned(),
        key: format!("{slug}.{language}.md"),
        kind,
        detail,
    };
    let lines = |text: &str| format!("{} lines", text.lines().count());
    let mut changes = Vec::new();
    for (place, text) in new {
        match old.get(place) {
            None => changes.push(change(place, ChangeKind::Add, lines(text))),
            Some(before) if before != text => changes.push(change(place, ChangeKind::Change, lines(text))),
            Some(_) => {}
        }
    }
    let gone = old.keys().filter(|place| !new.contains_key(place));
    changes.extend(gone.map(|place| change(place, ChangeKind::Remove, String::new())));
    changes
}

/// Makes the table hold exactly these texts.
pub(super) async fn apply(tx: &mut TenantTx, texts: &Texts) -> sqlx::Result<()> {
    let slugs: Vec<&str> = texts.keys().map(|(slug, _)| slug.as_str()).collect();
    let languages: Vec<&str> = texts.keys().map(|(_, language)| language.as_str()).collect();
    let markdown: Vec<&str> = texts.values().map(String::as_str).collect();
    sqlx::query(
        "WITH wanted AS (SELECT slug, language, markdown FROM unnest($1::text[], $2::text[], $3::text[]) AS w (slug, language, markdown)),
              gone AS (DELETE FROM page_text p WHERE NOT EXISTS
                        (SELECT FROM wanted w WHERE w.slug = p.slug AND w.language = p.language))
         INSERT INTO page_text (slug, language, markdown) SELECT slug, language, markdown FROM wanted
         ON CONFLICT (slug, language) DO UPDATE SET markdown = excluded.markdown",
    )
    .bind(slugs)
    .bind(languages)
    .bind(markdown)
    .execute(tx.conn())
    .await?;
    Ok(())
}
