//! The concerns that are chosen, and those that fit what is being typed.

use catalog::{Booking, Concern, MAX_QUANTITY, search};
use minijinja::{Value, context};

use super::form::Typed;
use crate::extract::Site;

/// So many are offered; the right one is among the first, or another word is needed.
const MOST_HITS: usize = 6;

/// What is chosen, with its quantity.
pub(super) fn chosen(site: &Site, typed: &Typed) -> Vec<Value> {
    let known = typed.selection.iter().filter_map(|it| Some((site.town.catalog.get(&it.concern)?, it.quantity)));
    known.map(|(concern, quantity)| view(site, concern, quantity)).collect()
}

/// What fits the typed word; after one was taken, what else would have fitted.
pub(super) fn hits(site: &Site, typed: &Typed) -> Vec<Value> {
    let word = if typed.word.is_empty() { &typed.looked_for } else { &typed.word };
    let is_chosen = |concern: &Concern| typed.selection.iter().any(|it| it.concern == concern.key);
    search(&site.town.catalog, word, &site.lang)
        .iter()
        .filter_map(|hit| site.town.catalog.by_id(hit.concern))
        .filter(|it| !is_chosen(it))
        .take(MOST_HITS)
        .map(|it| view(site, it, 1))
        .collect()
}

fn view(site: &Site, concern: &Concern, quantity: u8) -> Value {
    context! {
        key => concern.key.as_str(),
        name => concern.name.get(&site.lang),
        minutes => concern.minutes(quantity),
        quantity => quantity.clamp(1, MAX_QUANTITY),
        most => MAX_QUANTITY,
        // One that makes no sense twice is not asked for its quantity.
        is_countable => concern.max_quantity > 1,
        is_internal => matches!(concern.booking, Booking::Phone { .. }),
    }
}
