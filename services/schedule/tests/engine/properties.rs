//! What must hold for every town, day and question.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use proptest::prelude::*;
use schedule::{Busy, Candidate, OwnPlace, Request};

use crate::cases::{Case, case};
use crate::reference;

impl Case {
    fn reference(&self) -> reference::Day<'_> {
        reference::Day { town: &self.town, date: self.day, busy: &self.busy }
    }

    /// Whether anything can be booked at `now` on any day.
    fn has_free(&self, now: Timestamp) -> bool {
        let (request, index) = (Request { now, ..self.request() }, self.index(now));
        let today = now.to_zoned(self.town.zone.clone()).date();
        index.free_days(&request, today, Date::MAX).iter().any(|it| it.free > 0)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn the_index_offers_what_the_rules_say(case in case()) {
        let (request, index) = (case.request(), case.index(case.now));
        let expected = case.reference().free_starts(&request);
        let times = index.day_times(&request, case.day);
        let offered: Vec<_> = times.iter().map(|it| (it.start, it.location)).collect();
        prop_assert_eq!(&offered, &expected);
        for start in &times {
            prop_assert_eq!(start.local, case.town.zone.to_datetime(start.start));
        }

        let mut distinct: Vec<Timestamp> = expected.iter().map(|it| it.0).collect();
        distinct.dedup();
        let days = index.free_days(&request, case.day, case.day);
        prop_assert_eq!(days.iter().map(|it| usize::from(it.free)).sum::<usize>(), distinct.len());
        prop_assert!(days.iter().all(|it| it.why.is_none() == (it.free > 0)));
    }

    #[test]
    fn every_candidate_is_free_and_every_free_counter_a_candidate(case in case(), pick in any::<prop::sample::Index>()) {
        let (request, index, reference) = (case.request(), case.index(case.now), case.reference());
        // A start that is free, if any is: others are the rule anyway.
        let free: Vec<Timestamp> = reference.free_starts(&request).into_iter().map(|it| it.0).collect();
        let starts = if free.is_empty() { reference.moments() } else { free };
        let start = *pick.get(&starts);
        let counters = case.town.offices.counters.iter().filter(|it| reference.is_free(&request, it, start));
        let expected: Vec<_> = counters.map(|it| Candidate { counter: it.id, location: it.location }).collect();
        let mut found = index.candidates(&request, start);
        found.sort_by_key(|it| it.counter);
        prop_assert_eq!(found, expected);
        prop_assert!(index.candidates(&request, start + SignedDuration::from_secs(1)).is_empty(), "off the grid");
    }

    #[test]
    fn a_place_that_is_given_up_does_not_stand_in_the_way(case in case(), pick in any::<prop::sample::Index>(), is_held in any::<bool>()) {
        let without = case.index(case.now);
        let request = case.request();
        let times = without.day_times(&request, case.day);
        prop_assume!(!times.is_empty());
        let from = pick.get(&times).start;
        let place = without.candidates(&request, from)[0];
        let until = from + SignedDuration::from_mins(i64::from(request.duration_minutes));
        let lapses = is_held.then(|| case.now + SignedDuration::from_mins(15));
        let mut taken = case.clone();
        taken.busy.push((place.location, Busy { counter: place.counter, from, until, lapses }));
        let with = taken.index(case.now);
        let own = Request { own: Some(OwnPlace { counter: place.counter, from, until }), ..request };
        prop_assert_eq!(with.day_times(&own, case.day), times);
        prop_assert_eq!(with.free_days(&own, case.day, case.day), without.free_days(&request, case.day, case.day));
        prop_assert_eq!(with.candidates(&own, from), without.candidates(&request, from));
    }

    #[test]
    fn what_is_booked_one_after_the_other_never_overlaps(case in case(), picks in prop::collection::vec(any::<prop::sample::Index>(), 1..12)) {
        let mut case = case;
        for pick in picks {
            let (request, index) = (case.request(), case.index(case.now));
            let times = index.day_times(&request, case.day);
            if times.is_empty() {
                break;
            }
            let start = pick.get(&times).start;
            let best = index.candidates(&request, start)[0];
            let until = start + SignedDuration::from_mins(i64::from(request.duration_minutes));
            let overlaps = case.busy.iter().any(|(_, it)| {
                it.counter == best.counter && it.from < until && start < it.until && it.lapses.is_none_or(|it| it > case.now)
            });
            prop_assert!(!overlaps, "{start} at {best:?}");
            case.busy.push((best.location, Busy { counter: best.counter, from: start, until, lapses: None }));
        }
    }

    #[test]
    fn nothing_is_free_until_the_release_that_is_told(case in case()) {
        let mut case = case;
        case.busy.iter_mut().for_each(|(_, it)| it.lapses = None);
        prop_assume!(!case.has_free(case.now));
        let told = case.index(case.now).nothing_free(&case.request()).released_at;
        if let Some(release) = told {
            prop_assert!(release > case.now);
            prop_assert!(case.has_free(release), "nothing is free at {release}");
            prop_assert!(!case.has_free(release - SignedDuration::from_secs(1)), "something is free before {release}");
        }
        for hours in [1, 5, 17, 30, 49, 77, 120] {
            let later = case.now + SignedDuration::from_hours(hours);
            let is_before = told.is_none_or(|it| later < it);
            prop_assert!(!(is_before && case.has_free(later)), "{later} is free, told was {told:?}");
        }
    }

    #[test]
    fn days_that_only_others_may_look_at_change_no_answer(case in case()) {
        use schedule::SuggestionKind::{AfterWorkOrSaturday, Afternoon, Earliest};
        let (request, near, far) = (case.request(), case.index(case.now), case.index_of(case.now, 40));
        let today = case.now.to_zoned(case.town.zone.clone()).date();
        prop_assert_eq!(far.free_days(&request, today, Date::MAX), near.free_days(&request, today, Date::MAX));
        for day in today.series(1.day()).take(12) {
            prop_assert_eq!(far.day_times(&request, day), near.day_times(&request, day));
        }
        for kind in [Earliest, Afternoon, AfterWorkOrSaturday] {
            prop_assert_eq!(far.suggestions(&request, kind), near.suggestions(&request, kind));
        }
        prop_assert_eq!(far.nearest(&request, case.now), near.nearest(&request, case.now));
        prop_assert_eq!(far.nothing_free(&request).why, near.nothing_free(&request).why);
        let further = Request { horizon_days: 40, ..request };
        for start in far.nearest(&further, case.now) {
            prop_assert_eq!(far.candidates(&request, start.start), near.candidates(&request, start.start));
        }
    }

    #[test]
    fn suggestions_and_alternatives_are_among_the_times_of_their_day(case in case()) {
        use schedule::SuggestionKind::{AfterWorkOrSaturday, Afternoon, Earliest};
        let (request, index) = (case.request(), case.index(case.now));
        let is_offered = |start: &schedule::Start| index.day_times(&request, start.local.date()).contains(start);
        for kind in [Earliest, Afternoon, AfterWorkOrSaturday] {
            let found = index.suggestions(&request, kind);
            prop_assert!(found.iter().all(is_offered));
            prop_assert_eq!(found.is_some() || kind != Earliest, case.has_free(case.now) || kind != Earliest);
        }
        let asked = case.day.to_zoned(case.town.zone.clone()).expect("within the calendar").timestamp();
        let nearest = index.nearest(&request, asked);
        prop_assert!(nearest.iter().all(is_offered));
        prop_assert_eq!(nearest.is_empty(), !case.has_free(case.now));
        prop_assert!(nearest.is_sorted_by_key(|it| it.start.duration_since(asked).abs()));
    }
}
