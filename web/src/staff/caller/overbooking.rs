//! A time that is not free: at which counters it could be put all the same, and on top of whom.

use booking::Planned;
use booking::desk::{self, Clash};
use jiff::{Timestamp, ToSpan as _};
use minijinja::{Value, context};
use schedule::{Candidate, Counter, LocationId};
use tenancy::TenantTx;
use uuid::Uuid;

use crate::WebError;
use crate::extract::Site;

/// A counter, and what speaks against it.
pub(super) struct Choice {
    pub candidate: Candidate,
    /// The appointments that are there.
    pub over: Vec<Uuid>,
    /// What a press on its button says: counter, time and every conflict that was shown. If one more has come
    /// meanwhile, it is another text, and the warning is shown again.
    pub token: String,
    /// For the template.
    pub view: Value,
}

/// Every counter that serves the concerns, those with the fewest conflicts first.
///
/// # Errors
/// The database's own.
pub(super) async fn options(
    site: &Site,
    tx: &mut TenantTx,
    planned: &Planned,
    location: Option<LocationId>,
    start: Timestamp,
) -> Result<Vec<Choice>, WebError> {
    let end = start.checked_add(i64::from(planned.minutes).minutes()).unwrap_or(start);
    let serves = |it: &&Counter| location.is_none_or(|id| id == it.location) && it.serves(&planned.concern_ids);
    let counters: Vec<&Counter> = site.town.offices.counters.iter().filter(serves).collect();
    let ids: Vec<i32> = counters.iter().map(|it| it.id).collect();
    let clashes = desk::clashes(tx, &ids, (start, end), None, site.now).await?;
    let mut options: Vec<(usize, Choice)> = counters
        .into_iter()
        .map(|counter| {
            let here: Vec<&Clash> = clashes.iter().filter(|it| it.counter == counter.id).collect();
            let is_closed = !is_open(site, counter, start, end);
            (here.len() + usize::from(is_closed), option(site, counter, start, &here, is_closed))
        })
        .collect();
    options.sort_by_key(|(conflicts, _)| *conflicts);
    Ok(options.into_iter().map(|(_, it)| it).collect())
}

fn option(site: &Site, counter: &Counter, start: Timestamp, clashes: &[&Clash], is_closed: bool) -> Choice {
    let over: Vec<Uuid> = clashes.iter().map(|it| it.id).collect();
    let ids: Vec<String> = over.iter().map(|it| it.simple().to_string()).collect();
    let token = format!("{}@{start}{}{}", counter.id, if is_closed { "!" } else { "+" }, ids.join("+"));
    let office = site.town.offices.locations.iter().find(|it| it.id == counter.location);
    let clashes: Vec<Value> = clashes
        .iter()
        .map(|it| {
            context! {
                name => it.name.as_deref(),
                code => it.code.as_deref().map(dashed),
                from => it.start.to_string(),
                until => it.end.to_string(),
            }
        })
        .collect();
    let view = context! {
        token => token.as_str(),
        counter => counter.name.as_str(),
        place => office.map(|it| it.name.get(&site.lang)),
        clashes,
        is_closed,
    };
    Choice { candidate: Candidate { counter: counter.id, location: counter.location }, over, token, view }
}

/// Whether some rule keeps the counter open all the time, and no closure takes anything away.
fn is_open(site: &Site, counter: &Counter, start: Timestamp, end: Timestamp) -> bool {
    let day = start.to_zoned(site.zone().clone()).date();
    let Some(hours) = site.town.index.hours(counter.location, day) else { return false };
    let Some(here) = hours.counters.into_iter().find(|it| it.counter == counter.id) else { return false };
    let mut open = here.open;
    open.sort_unstable();
    let reached =
        open.iter().fold(start, |reached, (from, until)| if *from <= reached { reached.max(*until) } else { reached });
    reached >= end && !here.closed.iter().any(|it| it.from < end && start < it.until)
}

/// A code as it is shown: `7K4M-2QXH`.
pub(super) fn dashed(code: &str) -> String {
    booking::BookingCode::parse(code).map_or_else(|_| code.to_owned(), |it| it.to_string())
}
