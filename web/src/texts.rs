//! A town's longer texts, and its forms to download.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use minijinja::{Value, context};

use crate::extract::{Segment, Site};
use crate::{AppState, Page, WebError};

pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/haeufige-fragen", get(frequent_questions))
        .route("/datenschutz", get(async |site: Site| text_page(&site, "privacy")))
        .route("/impressum", get(async |site: Site| text_page(&site, "imprint")))
        .route("/barrierefreiheit", get(async |site: Site| text_page(&site, "accessibility")))
        .route("/formulare/{file}", get(form))
}

fn text_page(site: &Site, slug: &str) -> Result<Page, WebError> {
    let (written_in, markdown) = site.town.text(slug, &site.lang).ok_or(WebError::NotFound)?;
    let title = site.t(&format!("common.texts.{slug}"), &[]);
    let html = Value::from_safe_string(templating::to_html(markdown));
    Ok(Page::new("text.html", context! { slug, title, written_in, html }))
}

async fn frequent_questions(site: Site) -> Result<Page, WebError> {
    let (written_in, markdown) = site.town.text("faq", &site.lang).ok_or(WebError::NotFound)?;
    let (before, questions) = questions(markdown);
    let html = |markdown: &str| Value::from_safe_string(templating::to_html(markdown));
    let questions: Vec<Value> =
        questions.into_iter().map(|(question, answer)| context! { question, answer => html(&answer) }).collect();
    Ok(Page::new("faq.html", context! { written_in, before => html(&before), questions }))
}

/// What stands before the first `## question`, and each question with its answer.
fn questions(markdown: &str) -> (String, Vec<(String, String)>) {
    let mut before = String::new();
    let mut questions: Vec<(String, String)> = Vec::new();
    for line in markdown.lines() {
        if let Some(question) = line.strip_prefix("## ") {
            questions.push((question.trim().to_owned(), String::new()));
            continue;
        }
        let text = questions.last_mut().map_or(&mut before, |(_, answer)| answer);
        text.push_str(line);
        text.push('\n');
    }
    (before, questions)
}

/// A form as a file. Its name is looked up in the database, so that a path has nowhere to climb to.
async fn form(
    site: Site,
    State(app): State<AppState>,
    Segment(file): Segment<String>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let mut tx = site.tx(&app).await?;
    let (content, sha256) = catalog::form_content(&mut tx, &file).await?.ok_or(WebError::NotFound)?;
    tx.rollback().await?;
    let tag: String = sha256.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    if headers.get(header::IF_NONE_MATCH).and_then(|it| it.to_str().ok()).is_some_and(|it| it.contains(&tag)) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let described = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&format!("attachment; filename=\"{file}\""))?),
        (header::ETAG, HeaderValue::from_str(&format!("\"{tag}\""))?),
    ];
    Ok((described, content).into_response())
}

#[cfg(test)]
mod tests {
    use super::questions;

    #[test]
    fn each_second_level_heading_is_a_question() {
        let (before, found) = questions("Vorweg.\n\n## Was kostet es?\n\nNichts.\n### Wirklich?\nJa.\n## Wo?\n");
        assert_eq!(before.trim(), "Vorweg.");
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].0, "Was kostet es?");
        assert_eq!(found[0].1.trim(), "Nichts.\n### Wirklich?\nJa.");
    }
}
