//! Offices, counters and spots in words.

use booking::absence::{Missing, Spot};
use minijinja::{Value, context};
use schedule::{Counter, Location};

use crate::extract::Site;

/// All offices with their counters, for the choice of who is missing.
pub(super) fn choices(site: &Site) -> Vec<Value> {
    let offices = &site.town.former_offices;
    let open = |it: &&Location| site.town.offices.locations.iter().any(|open| open.id == it.id);
    let office = |location: &Location| {
        let counters = site.town.offices.counters.iter().filter(|it| it.location == location.id);
        let counters: Vec<Value> =
            counters.map(|it| context! { value => format!("schalter:{}", it.id), name => it.name.as_str() }).collect();
        let value = format!("standort:{}", location.key);
        context! { value, name => location.name.get(&site.lang), counters }
    };
    offices.locations.iter().filter(open).map(office).collect()
}

/// Where and when, in words.
pub(super) fn spot(site: &Site, spot: &Spot) -> Value {
    context! {
        at => spot.start.to_string(),
        counter => counter(site, spot.counter).map(|it| it.name.as_str()),
        place => location(site, spot.location).map(|it| it.name.get(&site.lang)),
    }
}

/// Who is missing, in words.
pub(super) fn missing(site: &Site, missing: &Missing) -> Value {
    context! {
        place => location(site, missing.location).map(|it| it.name.get(&site.lang)),
        counter => missing.counter.and_then(|id| counter(site, id)).map(|it| it.name.as_str()),
        first => missing.first.to_string(),
        last => missing.last.to_string(),
        from => missing.hours.map(|(from, _)| from.strftime("%H:%M").to_string()),
        until => missing.hours.map(|(_, until)| until.strftime("%H:%M").to_string()),
    }
}

fn counter(site: &Site, id: i32) -> Option<&Counter> {
    site.town.former_offices.counters.iter().find(|it| it.id == id)
}

fn location(site: &Site, id: i32) -> Option<&Location> {
    site.town.former_offices.locations.iter().find(|it| it.id == id)
}
