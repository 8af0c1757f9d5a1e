//! What was done to accounts, and who signed in: for those who manage them.

use axum::extract::State;
use identity::people::{self, Line};
use identity::{Account, Role};
use minijinja::value::Serde;
use minijinja::{Value, context};
use uuid::Uuid;

use super::super::{ManageStaff, May, page};
use super::list;
use crate::extract::Site;
use crate::{AppState, Page, WebError};

/// Lines of one page.
const MOST_LINES: usize = 50;

/// `GET /verwaltung/protokoll`: the newest lines first; `wer` is whom they are about or by, `vor` a line already seen.
pub(super) async fn show(site: Site, staff: May<ManageStaff>, State(app): State<AppState>) -> Result<Page, WebError> {
    let person: Option<Uuid> = site.query.get("wer").and_then(|it| it.parse().ok());
    let before: Option<i64> = site.query.get("vor").and_then(|it| it.parse().ok());
    let mut tx = site.tx(&app).await?;
    let accounts = people::list(&mut tx).await?;
    // One more tells whether there is another page.
    let mut lines = people::history(&mut tx, person, before, MOST_LINES as i64 + 1).await?;
    tx.rollback().await?;
    let is_more = lines.len() > MOST_LINES;
    lines.truncate(MOST_LINES);
    let values = context! {
        person => person.map(|it| it.to_string()),
        people => accounts.iter().map(choice).collect::<Vec<_>>(),
        lines => lines.iter().map(|it| view(&site, it)).collect::<Vec<_>>(),
        older => lines.last().filter(|_| is_more).map(|it| it.number),
        is_later_page => before.is_some(),
    };
    Ok(page(&staff, "people", "staff/people_history.html", values))
}

fn choice(account: &Account) -> Value {
    context! { id => account.staff.id.to_string(), name => account.staff.name.as_str() }
}

fn view(site: &Site, line: &Line) -> Value {
    let by = &line.change.by;
    context! {
        at => Serde(line.change.at),
        what => list::words(site, &line.change.kind),
        more => more(site, line),
        whose => line.whose.1.as_str(),
        // Whoever has no account sits at the operator's command line.
        by => if by.id.is_some() { by.name.clone() } else { site.t("staff.people.history.operator", &[]) },
        is_own => by.id == Some(line.whose.0),
    }
}

/// The roles before and after, if the line tells of any.
fn more(site: &Site, line: &Line) -> Option<String> {
    let role = |name: &str| {
        let role = Role::parse(line.detail.get(name)?.as_str()?)?;
        Some(site.t(&format!("staff.role.{}", role.as_str()), &[]))
    };
    match (role("from"), role("to")) {
        (Some(from), Some(to)) => Some(format!("{from} → {to}")),
        _ => role("role"),
    }
}
