//! Step 1: what would you like to do?

use std::collections::HashSet;

use axum::http::StatusCode;
use catalog::{Category, Concern, search};
use jiff::civil::Date;
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use crate::citizen::chosen::{Chosen, mode_name};
use crate::citizen::concern_view::ConcernView;
use crate::citizen::planning::{self, Refused};
use crate::citizen::problem::Problem;
use crate::citizen::summary::{CallToAction, Summary};
use crate::extract::Site;
use crate::{Page, WebError};

/// `GET /`: the concerns, those of the address ticked.
pub async fn show(site: Site) -> Result<Page, WebError> {
    let chosen = Chosen::read(&site.query, &site.town.town.rules);
    if chosen.selection.is_empty() {
        return Ok(page(&site, &chosen, Vec::new()));
    }
    match planning::plan(&site, &chosen, today(&site)) {
        Ok(_) => Ok(page(&site, &chosen, Vec::new())),
        // What is too long is said at once; only a concern that does not exist makes this a bad address.
        Err(refused) => {
            let status = if refused.is_unknown { StatusCode::NOT_FOUND } else { StatusCode::OK };
            Ok(page(&site, &chosen, refused.problems).status(status))
        }
    }
}

/// The page for a choice that cannot be booked: nothing is lost, and what is wrong is said.
pub fn refused(site: &Site, chosen: &Chosen, refused: Refused) -> Page {
    let status = if refused.is_unknown { StatusCode::NOT_FOUND } else { StatusCode::UNPROCESSABLE_ENTITY };
    page(site, chosen, refused.problems).status(status)
}

/// The page, with what is wrong with the choice.
pub fn page(site: &Site, chosen: &Chosen, problems: Vec<Problem>) -> Page {
    let town = &site.town;
    let query = site.query.get("q").unwrap_or_default().trim();
    let lists = Lists::new(site, chosen, query);
    let rules = &town.town.rules;
    let modes: Vec<Value> = if rules.combined && rules.separate {
        [booking::Mode::Combined, booking::Mode::Separate]
            .map(|mode| context! { value => mode_name(mode), chosen => mode == chosen.mode })
            .to_vec()
    } else {
        Vec::new()
    };
    let summary = Summary { can_add_up: true, ..Summary::of_choice(site, chosen, today(site)) };
    Page::new(
        "citizen/concerns.html",
        context! {
            step => 1,
            query,
            problems => Serde(problems),
            summary => Serde(summary),
            modes,
            separate_only => rules.separate && !rules.combined,
            cta => Serde(CallToAction { label: "citizen.summary.to_time", ..CallToAction::default() }),
            ..Serde(lists)
        },
    )
}

/// Today in the town.
pub fn today(site: &Site) -> Date {
    site.now.to_zoned(site.zone().clone()).date()
}

/// Every concern stands in exactly one of these: a box that is there twice could be ticked and not ticked.
#[derive(Serialize)]
struct Lists<'a> {
    found: Vec<ConcernView<'a>>,
    popular: Vec<ConcernView<'a>>,
    groups: Vec<Group<'a>>,
}

#[derive(Serialize)]
struct Group<'a> {
    name: &'a str,
    /// All of the topic, those above included.
    count: usize,
    open: bool,
    concerns: Vec<ConcernView<'a>>,
    /// Shown further up already.
    above: Vec<ConcernView<'a>>,
}

impl<'a> Lists<'a> {
    fn new(site: &'a Site, chosen: &Chosen, query: &str) -> Self {
        let catalog = &site.town.catalog;
        let day = today(site);
        let view = |concern: &'a Concern| ConcernView::new(concern, chosen.quantity(&concern.key), &site.lang, day);
        let found: Vec<&Concern> =
            search(catalog, query, &site.lang).iter().filter_map(|hit| catalog.by_id(hit.concern)).collect();
        let popular = if query.is_empty() { catalog.popular() } else { Vec::new() };
        let on_top: HashSet<&str> = found.iter().chain(&popular).map(|it| it.key.as_str()).collect();
        let group = |category: &'a Category| {
            let of_topic = catalog.concerns.iter().filter(|it| it.category == category.key);
            let (above, rest): (Vec<&Concern>, Vec<&Concern>) =
                of_topic.partition(|it| on_top.contains(it.key.as_str()));
            Group {
                name: category.name.get(&site.lang),
                count: above.len() + rest.len(),
                open: rest.iter().any(|it| chosen.quantity(&it.key) > 0),
                concerns: rest.into_iter().map(view).collect(),
                above: above.into_iter().map(view).collect(),
            }
        };
        let groups = catalog.categories.iter().map(group).filter(|it| it.count > 0).collect();
        Self { found: found.into_iter().map(view).collect(), popular: popular.into_iter().map(view).collect(), groups }
    }
}
