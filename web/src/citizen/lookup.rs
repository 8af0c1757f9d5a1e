//! The link to a booking, sent again to whoever knows its number and its e-mail address.

use axum::extract::State;
use axum::http::StatusCode;
use booking::{BookingCode, EmailAddress};
use minijinja::context;
use minijinja::value::Serde;

use crate::citizen::details_form::email_problem;
use crate::citizen::problem::Problem;
use crate::extract::{Form, Site};
use crate::{Action, AppState, Page, WebError};

/// `GET /verwalten`
pub async fn show(site: Site) -> Page {
    page(&site, "", "", Vec::new())
}

/// `POST /verwalten`: the answer is the same whether there is such a booking or not.
pub async fn send(site: Site, State(app): State<AppState>, Form(fields): Form) -> Result<Page, WebError> {
    let typed = |name: &str| fields.get(name).unwrap_or_default();
    let (code, email) = match check(&site, typed("nummer"), typed("mail")) {
        Ok(found) => found,
        Err(problems) => {
            let page = page(&site, typed("nummer"), typed("mail"), problems);
            return Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY));
        }
    };
    site.limit(&app, Action::Lookup)?;
    let mut tx = site.tx(&app).await?;
    if let Some(view) = booking::find_by_code_and_email(&mut tx, &code, &email).await? {
        booking::send_link(&mut tx, &view, site.now).await?;
    }
    tx.commit().await?;
    Ok(Page::new("citizen/lookup_sent.html", context! {}))
}

fn check(site: &Site, code: &str, email: &str) -> Result<(BookingCode, EmailAddress), Vec<Problem>> {
    let key = if code.trim().is_empty() { "code_missing" } else { "code_bad" };
    let code = BookingCode::parse(code).map_err(|_| Problem::new(site, "nummer", key, &[]));
    let email = EmailAddress::parse(email).map_err(|error| email_problem(site, error));
    match (code, email) {
        (Ok(code), Ok(email)) => Ok((code, email)),
        (code, email) => Err([code.err(), email.err()].into_iter().flatten().collect()),
    }
}

fn page(site: &Site, code: &str, email: &str, problems: Vec<Problem>) -> Page {
    let field = |id: &str, typed: &str| {
        let error = problems.iter().find(|it| it.field == id).map(|it| it.message.as_str());
        context! { typed, error }
    };
    let form = context! { code => field("nummer", code), email => field("mail", email) };
    Page::new("citizen/lookup.html", context! { form, here => site.url("/verwalten"), problems => Serde(problems) })
}
