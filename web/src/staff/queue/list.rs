//! The list: who is at my counter, who waits, who is aside, who is expected.

use axum::extract::State;
use booking::queue::{self, Expected, Ticket, TicketState};
use identity::Staff;
use minijinja::value::Serde;
use minijinja::{Value, context};
use schedule::{Counter, LocationId};
use tenancy::TenantTx;

use super::notice::Notice;
use super::place;
use super::row::{Row, clock, concerns, serves};
use crate::citizen::today;
use crate::extract::Site;
use crate::staff::{self, May, SeeDay};
use crate::{AppState, Page, WebError};

/// What was finished lately may have been pressed in error; older things are found in the day view.
const MOST_ENDED: i64 = 5;

/// `GET /verwaltung/warteschlange`
pub(super) async fn show(site: Site, staff: May<SeeDay>, State(app): State<AppState>) -> Result<Page, WebError> {
    let location = place::location(&site, &staff)?;
    let own = place::counter(&site, &staff);
    let mut tx = site.tx(&app).await?;
    let hall = Hall::read(&site, &mut tx, location.id).await?;
    let notice = Notice::read(&site, &mut tx).await?;
    tx.rollback().await?;
    let values = context! {
        notice,
        location => context! { key => location.key.as_str(), name => location.name.get(&site.lang) },
        offices => place::choices(&site, staff.counter),
        counter => own.map(|it| context! { id => it.id, name => it.name.as_str() }),
        day => Serde(today(&site)),
        ..hall.values(&site, &staff, own)
    };
    Ok(staff::page(&staff, "queue", "staff/queue.html", values))
}

/// Everybody of today at one office.
struct Hall {
    open: Vec<Ticket>,
    ended: Vec<Ticket>,
    expected: Vec<Expected>,
}

impl Hall {
    async fn read(site: &Site, tx: &mut TenantTx, location: LocationId) -> Result<Self, WebError> {
        let day = today(site);
        Ok(Self {
            open: queue::waiting(tx, location, day, site.now).await?,
            ended: queue::ended(tx, location, day, MOST_ENDED).await?,
            expected: queue::expected(tx, location, day).await?,
        })
    }

    fn values(&self, site: &Site, staff: &Staff, own: Option<&Counter>) -> Value {
        let rows = |wanted: &dyn Fn(&Ticket) -> bool| {
            let rows: Vec<Row> = self.open.iter().filter(|it| wanted(it)).map(|it| Row::new(site, it, own)).collect();
            rows
        };
        let is_own = |it: &Ticket| it.state.is_at_counter() && staff.counter.is_some() && it.counter == staff.counter;
        let waits = |it: &Ticket| it.state == TicketState::Waiting;
        let elsewhere = |it: &Ticket| it.state.is_at_counter() && !is_own(it);
        let for_me = self.open.iter().filter(|it| waits(it) && own.is_some_and(|own| serves(own, it))).count();
        context! {
            current => Serde(rows(&is_own)),
            waiting => Serde(rows(&waits)),
            waiting_for_me => for_me,
            parked => Serde(rows(&|it| it.state == TicketState::Parked)),
            elsewhere => Serde(rows(&elsewhere)),
            ended => Serde(self.ended.iter().map(|it| Row::new(site, it, own)).collect::<Vec<_>>()),
            expected => self.expected.iter().map(|it| expected(site, it)).collect::<Vec<_>>(),
        }
    }
}

fn expected(site: &Site, it: &Expected) -> Value {
    let counter = site.town.offices.counters.iter().find(|counter| counter.id == it.counter);
    context! {
        id => it.appointment_id.to_string(),
        start => clock(site, it.start),
        name => it.name.as_str(),
        concerns => concerns(site, &it.items),
        minutes => it.minutes,
        counter => counter.map(|it| it.name.as_str()),
        is_late => it.start < site.now,
        version => it.version,
    }
}
