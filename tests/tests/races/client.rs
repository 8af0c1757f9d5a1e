//! A citizen in the storm: does something, and remembers what the answer was.

use std::collections::BTreeMap;

use booking::{CancelError, ConfirmError, ExtendError, HoldError, Mode, MoveError};
use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use schedule::Candidate;
use uuid::Uuid;

use crate::office::{Office, Wish, counter, tuesday};
use crate::storm::{Clock, STARTS};

/// What a client believes of an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belief {
    /// Held until then; afterwards anything may become of it, and it may come back if nobody wants it.
    Held {
        start: Timestamp,
        until: Timestamp,
    },
    Booked {
        start: Timestamp,
    },
    Cancelled,
}

/// One draft or booking of a client, by position.
#[derive(Clone, Debug, Default)]
pub struct Case {
    pub appointments: BTreeMap<u8, (Uuid, Belief)>,
    pub is_booked: bool,
    is_pair: bool,
}

/// A citizen with all that they have begun.
pub struct Client {
    number: u128,
    chance: StdRng,
    /// By attempt.
    pub cases: BTreeMap<u128, Case>,
    /// How often something was done with success, by name.
    pub done: BTreeMap<&'static str, u32>,
}

impl Client {
    pub fn new(number: u128) -> Self {
        let chance = StdRng::seed_from_u64(number as u64);
        Self { number, chance, cases: BTreeMap::new(), done: BTreeMap::new() }
    }

    /// One step, at the time that the clock shows.
    pub async fn act(&mut self, office: &Office, clock: &Clock) {
        let now = clock.tick();
        match self.chance.random_range(0..100) {
            0..28 => self.begin(office, now).await,
            28..38 => self.exchange(office, now).await,
            38..56 => self.confirm(office, clock, now).await,
            56..61 => self.extend(office, now).await,
            61..79 => self.move_one(office, now).await,
            79..98 => self.cancel_one(office, now).await,
            _ => self.tidy(office, now).await,
        }
    }

    async fn begin(&mut self, office: &Office, now: Timestamp) {
        let attempt = self.number * 10_000 + self.cases.len() as u128;
        let is_pair = self.chance.random_bool(0.3);
        self.cases.insert(attempt, Case { is_pair, ..Case::default() });
        self.hold(office, attempt, 1, now).await;
        if is_pair && self.cases[&attempt].appointments.contains_key(&1) {
            self.hold(office, attempt, 2, now).await;
        }
    }

    /// Another time for a place that may have expired already.
    async fn exchange(&mut self, office: &Office, now: Timestamp) {
        if let Some((attempt, position)) = self.pick(|case, _| !case.is_booked) {
            self.hold(office, attempt, position, now).await;
        }
    }

    async fn hold(&mut self, office: &Office, attempt: u128, position: u8, now: Timestamp) {
        let start = self.some_start();
        let is_pair = self.cases[&attempt].is_pair;
        let choices =
            if is_pair { vec![("personalausweis", 1), ("ummeldung", 1)] } else { vec![("personalausweis", 1)] };
        let mode = if is_pair { Mode::Separate } else { Mode::Combined };
        let wish = Wish { attempt, position, choices, mode, start, candidates: self.candidates() };
        let held = office.hold(&wish, now).await;
        let case = self.cases.get_mut(&attempt).expect("one's own case");
        match held {
            Ok(held) => {
                // The other place is held as long, unless it was lost meanwhile, which nobody has said yet.
                case.appointments
                    .insert(position, (held.appointment_id, Belief::Held { start, until: held.hold_until }));
                self.count("hold");
            }
            Err(HoldError::JustTaken | HoldError::OverlapsOwn { .. }) => {}
            Err(error) => panic!("hold: {error}"),
        }
    }

    async fn confirm(&mut self, office: &Office, clock: &Clock, now: Timestamp) {
        let is_second_time = self.chance.random_bool(0.2);
        let Some((attempt, _)) = self.pick(|case, _| case.is_booked == is_second_time) else { return };
        let case = self.cases.get_mut(&attempt).expect("one's own case");
        let wanted = if case.is_pair { 2 } else { 1 };
        match office.confirm(attempt, &format!("citizen-{attempt}@example.org"), now).await {
            Ok(confirmed) => {
                assert_eq!(case.appointments.len(), wanted);
                assert_eq!(confirmed.was_already, case.is_booked);
                for (_, belief) in case.appointments.values_mut() {
                    if let Belief::Held { start, .. } = *belief {
                        *belief = Belief::Booked { start };
                    }
                }
                case.is_booked = true;
                self.count("confirm");
            }
            Err(ConfirmError::Incomplete { .. }) => assert!(case.appointments.len() < wanted),
            Err(ConfirmError::ExpiredAndTaken(lost)) => {
                for lost in &lost {
                    let Some((_, Belief::Held { until, .. })) = case.appointments.get(&lost.position) else { panic!() };
                    // Whoever took it may have begun later than we did, and have been quicker.
                    assert!(*until <= clock.read(), "lost before its time: {lost:?}");
                }
                self.count("confirm too late");
            }
            Err(error) => panic!("confirm: {error}"),
        }
    }

    async fn extend(&mut self, office: &Office, now: Timestamp) {
        let Some((attempt, _)) = self.pick(|case, _| !case.is_booked) else { return };
        let case = self.cases.get_mut(&attempt).expect("one's own case");
        match office.extend(attempt, now).await {
            Ok(end) => {
                for (_, belief) in case.appointments.values_mut() {
                    if let Belief::Held { until, .. } = belief {
                        *until = end;
                    }
                }
                self.count("extend");
            }
            Err(ExtendError::ExpiredAndTaken(_) | ExtendError::TooOften(_) | ExtendError::Gone) => {}
            Err(error) => panic!("extend: {error}"),
        }
    }

    async fn move_one(&mut self, office: &Office, now: Timestamp) {
        let is_gone = self.chance.random_bool(0.1);
        let wanted = |case: &Case, belief| case.is_booked && (belief == Belief::Cancelled) == is_gone;
        let Some((attempt, position)) = self.pick(wanted) else { return };
        let (start, candidates) = (self.some_start(), self.candidates());
        let (id, belief) = self.cases[&attempt].appointments[&position];
        match office.move_to(attempt, id, start, &candidates, now).await {
            Ok(_) => {
                assert_ne!(belief, Belief::Cancelled);
                let case = self.cases.get_mut(&attempt).expect("one's own case");
                case.appointments.insert(position, (id, Belief::Booked { start }));
                self.count("move");
            }
            Err(MoveError::NotFound) => assert_eq!(belief, Belief::Cancelled),
            Err(MoveError::JustTaken | MoveError::OverlapsOwn { .. }) => {}
            Err(error) => panic!("move: {error}"),
        }
    }

    async fn cancel_one(&mut self, office: &Office, now: Timestamp) {
        let is_second_time = self.chance.random_bool(0.1);
        let wanted = |case: &Case, belief| case.is_booked && (belief == Belief::Cancelled) == is_second_time;
        let Some((attempt, position)) = self.pick(wanted) else { return };
        let case = self.cases.get_mut(&attempt).expect("one's own case");
        let (id, belief) = case.appointments[&position];
        match office.cancel(attempt, id, now).await {
            Ok(cancelled) => assert_eq!(cancelled.was_already, belief == Belief::Cancelled),
            Err(CancelError::NotFound | CancelError::TooLate | CancelError::Database(_)) => panic!("not cancelled"),
        }
        case.appointments.insert(position, (id, Belief::Cancelled));
        self.count("cancel");
    }

    /// The clock's job, in the middle of everything.
    async fn tidy(&mut self, office: &Office, now: Timestamp) {
        let mut tx = office.tx().await;
        booking::retention::release_expired(&mut tx, now).await.expect("expired rows are released");
        tx.commit().await.expect("committed");
    }

    /// One of the own appointments.
    fn pick(&mut self, wanted: impl Fn(&Case, Belief) -> bool) -> Option<(u128, u8)> {
        let mut all = Vec::new();
        for (attempt, case) in &self.cases {
            let fitting = case.appointments.iter().filter(|(_, (_, belief))| wanted(case, *belief));
            all.extend(fitting.map(|(position, _)| (*attempt, *position)));
        }
        all.choose(&mut self.chance).copied()
    }

    /// One of [`STARTS`] quarters of an hour from 8 on: few places for many.
    fn some_start(&mut self) -> Timestamp {
        tuesday("08:00") + SignedDuration::from_mins(15 * self.chance.random_range(0..STARTS))
    }

    /// What a page may believe to be free: any counters of the first office, in any order.
    fn candidates(&mut self) -> Vec<Candidate> {
        let amount = self.chance.random_range(1..=3);
        rand::seq::index::sample(&mut self.chance, 3, amount).iter().map(|at| counter(at as i32 + 1)).collect()
    }

    fn count(&mut self, what: &'static str) {
        *self.done.entry(what).or_default() += 1;
    }
}
