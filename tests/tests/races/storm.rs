//! Holds, confirmations, moves, cancellations and expiries from 32 clients at once, on few places.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use booking::Status;
use jiff::{SignedDuration, Timestamp};
use schedule::TownIndex;

use crate::audit;
use crate::client::{Belief, Client};
use crate::office::{Office, now, tuesday};

const CLIENTS: u32 = 32;
const STEPS: usize = 100;
/// Different times; there are three counters.
pub const STARTS: i64 = 14;

/// Goes on by two seconds with every step of anybody: nearly two hours in the whole storm, so that many holds expire.
#[derive(Default)]
pub struct Clock(AtomicI64);

impl Clock {
    pub fn tick(&self) -> Timestamp {
        now() + SignedDuration::from_secs(2 * self.0.fetch_add(1, Ordering::SeqCst))
    }

    pub fn read(&self) -> Timestamp {
        now() + SignedDuration::from_secs(2 * self.0.load(Ordering::SeqCst))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_storm_every_place_is_accounted_for() {
    let mut office = Office::open_for(CLIENTS + 2).await;
    quarter_hours_only(&mut office).await;
    let (office, clock) = (Arc::new(office), Arc::new(Clock::default()));
    let is_over = Arc::new(AtomicBool::new(false));
    let watcher = tokio::spawn(watch(Arc::clone(&office), Arc::clone(&clock), Arc::clone(&is_over)));
    let storm = (0..CLIENTS).map(|number| {
        let (office, clock) = (Arc::clone(&office), Arc::clone(&clock));
        tokio::spawn(async move {
            let mut client = Client::new(u128::from(number) + 1);
            for _ in 0..STEPS {
                client.act(&office, &clock).await;
            }
            client
        })
    });
    let mut clients = Vec::new();
    for client in storm.collect::<Vec<_>>() {
        clients.push(client.await.unwrap());
    }
    is_over.store(true, Ordering::SeqCst);
    assert!(watcher.await.unwrap() > 3, "nobody looked in between");

    let end = clock.read();
    report(&clients);
    assert_eq!(audit::double_bookings(&office, end).await, 0);
    assert_eq!(audit::citizens_in_two_places(&office, end).await, 0);
    what_clients_believe_is_true(&office, &clients, end).await;
    free_and_taken_make_the_whole(&office, end).await;
    assert_eq!(audit::deadlocks(&office).await, 0);
}

/// All appointments last a quarter of an hour, so that places can be counted.
async fn quarter_hours_only(office: &mut Office) {
    let mut tx = office.tx().await;
    sqlx::query("UPDATE concern SET duration_minutes = 15").execute(tx.conn()).await.unwrap();
    office.catalog = catalog::Catalog::load(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// Looks again and again while the storm lasts; also keeps the index as fresh as a page would.
async fn watch(office: Arc<Office>, clock: Arc<Clock>, is_over: Arc<AtomicBool>) -> u32 {
    let mut looks = 0;
    while !is_over.load(Ordering::SeqCst) {
        let now = clock.read();
        assert_eq!(audit::double_bookings(&office, now).await, 0);
        assert_eq!(audit::citizens_in_two_places(&office, now).await, 0);
        let mut tx = office.tx().await;
        office.index.refresh(&mut tx, now).await.unwrap();
        looks += 1;
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    looks
}

/// A storm in which nothing happened would prove nothing.
fn report(clients: &[Client]) {
    let mut together: BTreeMap<&str, u32> = BTreeMap::new();
    for (what, times) in clients.iter().flat_map(|client| &client.done) {
        *together.entry(*what).or_default() += times;
    }
    println!("{together:?}");
    for what in ["hold", "confirm", "confirm too late", "extend", "move", "cancel"] {
        assert!(together.get(what).is_some_and(|times| *times >= 5), "hardly any {what}: {together:?}");
    }
}

/// What each client was told last is what the database holds, and it holds nothing else.
async fn what_clients_believe_is_true(office: &Office, clients: &[Client], end: Timestamp) {
    let mut believed = BTreeSet::new();
    for (attempt, case) in clients.iter().flat_map(|client| &client.cases) {
        let view = office.find(*attempt).await;
        for (position, (id, belief)) in &case.appointments {
            let view = view.as_ref().expect("a booking with appointments");
            let found = view.appointment(*id).expect("an appointment that was confirmed to exist");
            assert_eq!(found.position, *position);
            match *belief {
                Belief::Held { start, until } if until > end => {
                    assert_eq!((found.status, found.start), (Status::Held, start), "{found:?}");
                }
                Belief::Held { .. } => assert!(matches!(found.status, Status::Held | Status::Expired), "{found:?}"),
                Belief::Booked { start } => {
                    assert_eq!((found.status, found.start), (Status::Booked, start), "{found:?}");
                    believed.insert((found.id, found.counter, found.start));
                }
                Belief::Cancelled => assert_eq!(found.status, Status::Cancelled, "{found:?}"),
            }
        }
    }
    let booked: BTreeSet<_> = audit::booked(office).await.into_iter().collect();
    assert_eq!(booked, believed);
}

/// Free places by the index and active appointments together are all places: nothing leaked, nothing was counted twice.
async fn free_and_taken_make_the_whole(office: &Office, end: Timestamp) {
    let mut tx = office.tx().await;
    office.index.refresh(&mut tx, end).await.unwrap();
    let fresh = TownIndex::load(&mut tx, end, office.rules.horizon_days).await.unwrap();
    let starts: Vec<Timestamp> = (0..STARTS).map(|n| tuesday("08:00") + SignedDuration::from_mins(15 * n)).collect();
    let request = schedule::Request { location: Some(1), ..office.request(&[1], 15, end) };
    let mut free = 0;
    for start in &starts {
        let kept = office.index.candidates(&request, *start);
        assert_eq!(kept, fresh.candidates(&request, *start), "the index that was kept fresh at {start}");
        free += kept.len();
    }
    let active = usize::try_from(audit::active(office, end).await).unwrap();
    assert_eq!(free + active, 3 * starts.len(), "{free} free and {active} taken");
}
