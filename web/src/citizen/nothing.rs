//! Nothing is free: why, and what a citizen can do now.

use jiff::Timestamp;
use schedule::WhyNothing;
use serde::Serialize;

use crate::citizen::chosen::address;
use crate::citizen::picker::Target;
use crate::citizen::search::Search;

/// What the page says in place of times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Nothing {
    /// Last part of the key of its text.
    why: &'static str,
    /// When the next times can be booked.
    released_at: Option<Timestamp>,
    /// Offices that do have something free.
    other_places: Vec<OtherPlace>,
    /// Where fewer concerns can be chosen, if there are several.
    fewer: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct OtherPlace {
    name: String,
    href: String,
}

impl Nothing {
    /// Asked only when there is no free time in all the days that can be booked.
    pub fn new(search: &Search, target: &Target) -> Self {
        let found = search.site.town.index.nothing_free(&search.request(search.location));
        Self {
            why: match found.why {
                WhyNothing::NotServed => "not_served",
                WhyNothing::NoOpening => "no_opening",
                WhyNothing::NotYetReleased => "not_yet_released",
                WhyNothing::Full => "full",
            },
            released_at: found.released_at,
            other_places: other_places(search, target),
            fewer: target.fewer.clone().filter(|_| search.planned.items.len() > 1),
        }
    }
}

fn other_places(search: &Search, target: &Target) -> Vec<OtherPlace> {
    let (first, last) = search.span();
    let has_free = |location| {
        let days = search.site.town.index.free_days(&search.request(Some(location)), first, last);
        days.iter().any(|it| it.free > 0)
    };
    search
        .able_locations()
        .into_iter()
        .filter(|it| search.location.is_some_and(|chosen| chosen != it.id) && has_free(it.id))
        .map(|it| {
            let mut fields = target.fields.clone();
            fields.push(("standort".to_owned(), it.key.clone()));
            OtherPlace { name: it.name.get(&search.site.lang).to_owned(), href: address(&target.page, &fields) }
        })
        .collect()
}
