//! Pages rendered a moment ago. On the morning on which a town releases new times, hundreds ask for the same page within
//! a second; it is rendered for the first of them, and anew as soon as something is booked or a second is over.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use jiff::{SignedDuration, Timestamp};

use crate::extract::Site;
use crate::page::Own;
use crate::town::TownState;

/// How long a page is good: as long as what is free may be old (`town.rs`). Holds that lapse meanwhile show a second late.
const GOOD_FOR: SignedDuration = SignedDuration::from_secs(1);

/// How many pages are kept; then all are forgotten.
const MOST_PAGES: usize = 256;

/// Longer addresses are nobody's in a hurry.
const LONGEST_QUERY: usize = 300;

/// The pages.
#[derive(Default)]
pub(crate) struct RecentPages(Mutex<HashMap<Address, Arc<Recent>>>);

/// What the reader of a page sees, as far as it does not lie in the town.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Address {
    origin: String,
    base: String,
    path: String,
    query: String,
    lang: String,
}

struct Recent {
    made: Timestamp,
    town: Weak<TownState>,
    edition: u64,
    /// The page, cut where the text stood that each reader gets anew.
    pieces: Vec<String>,
    another: fn() -> String,
}

impl RecentPages {
    /// The page of this address, as the next reader gets it.
    pub fn get(&self, site: &Site, edition: u64) -> Option<String> {
        if site.raw_query.len() > LONGEST_QUERY {
            return None;
        }
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&Address::of(site)).cloned()?;
        let is_same_town = std::ptr::eq(found.town.as_ptr(), Arc::as_ptr(&site.town));
        let age = site.now.duration_since(found.made);
        let is_young = !age.is_negative() && age < GOOD_FOR;
        (found.edition == edition && is_same_town && is_young).then(|| found.pieces.join(&(found.another)()))
    }

    /// Keeps a page that was rendered from what was known at `edition`; each reader gets another `own` in it.
    pub fn keep(&self, site: &Site, edition: u64, html: &str, own: &Own) {
        if site.raw_query.len() > LONGEST_QUERY {
            return;
        }
        let pieces = html.split(&own.text).map(str::to_owned).collect();
        let (town, another) = (Arc::downgrade(&site.town), own.another);
        let recent = Recent { made: site.now, town, edition, pieces, another };
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pages.len() >= MOST_PAGES {
            pages.clear();
        }
        pages.insert(Address::of(site), Arc::new(recent));
    }
}

impl Address {
    fn of(site: &Site) -> Self {
        Self {
            origin: site.origin.clone(),
            base: site.base.clone(),
            path: site.path.clone(),
            query: site.raw_query.clone(),
            lang: site.lang.clone(),
        }
    }
}
