//! A town's longer texts: privacy notice, imprint, accessibility statement, frequent questions.

use crate::TenantTx;

/// One text of a town in one language, as Markdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageText {
    /// Which text: `privacy`, `imprint`, `accessibility` or `faq`.
    pub slug: String,
    /// Its language.
    pub language: String,
    /// Its content. In `faq`, each `##` heading is a question and what follows the answer.
    pub markdown: String,
}

/// All texts of the town, by slug and language.
///
/// # Errors
/// The database's own.
pub async fn page_texts(tx: &mut TenantTx) -> sqlx::Result<Vec<PageText>> {
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("SELECT slug, language, markdown FROM page_text ORDER BY slug COLLATE \"C\", language")
            .fetch_all(tx.conn())
            .await?;
    Ok(rows.into_iter().map(|(slug, language, markdown)| PageText { slug, language, markdown }).collect())
}
