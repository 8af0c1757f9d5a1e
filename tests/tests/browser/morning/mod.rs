//! “A morning at the Bürgerbüro”: five booked citizens, two without an appointment, one who calls, one who does not come,
//! and a colleague who is ill. One clerk, one keyboard, and axe-core finds nothing.
//!
//! | who | booked for | what becomes of it |
//! |---|---|---|
//! | Jonas Keller | 7:30, counter 1 | checks in himself |
//! | Leyla Demir | 7:50, counter 1 | marked as arrived in the day |
//! | Anna Kowalska | 7:30, counter 2, by telephone | has to be moved and called |
//! | Sven Richter | 7:50, counter 2 | has to be moved, by mail; does not come |
//! | Minh Nguyen | 11:50, counter 2 | taken on by another counter |

mod day;
mod hall;
mod town;

use e2e::Keys;
use e2e::browser::{self, Device};

use town::Town;

/// Everybody in the story, and where they look.
struct Morning {
    town: Town,
    /// The clerk at counter 1, Sabine Lohmann.
    clerk: Keys,
    /// Her other tab, in which the day stays open.
    day: Keys,
    /// The screen in the hall.
    screen: Keys,
}

impl Morning {
    async fn begin() -> Self {
        let town = Town::open().await;
        town.book_by_telephone("Anna Kowalska", "02389 5550", "07:30").await;
        for (name, time) in
            [("Jonas Keller", "07:30"), ("Sven Richter", "07:50"), ("Leyla Demir", "07:50"), ("Minh Nguyen", "11:50")]
        {
            let (_, family) = name.split_once(' ').unwrap();
            town.book(name, &format!("{}@example.org", family.to_lowercase()), time).await;
        }
        let clerk = Keys::sit_down(Device::DESK).await;
        let day = clerk.another_tab().await;
        let screen = Keys::sit_down(Device { width: 1920, height: 1080, ..Device::DESK }).await;
        screen.open(&town.url("/aufruf/buergerbuero")).await;
        Self { town, clerk, day, screen }
    }
}

#[test]
fn a_morning_at_the_buergerbuero() {
    browser::run(async {
        let mut morning = Morning::begin().await;
        morning.signs_in().await;
        morning.looks_at_the_day().await;
        morning.a_colleague_is_ill().await;
        morning.the_ill_colleagues_citizens_are_told().await;
        morning.somebody_calls().await;
        morning.a_citizen_checks_in().await;
        morning.takes_her_seat().await;
        morning.somebody_comes_without_an_appointment().await;
        morning.calls_the_first().await;
        morning.somebody_arrives_and_is_marked_in_the_day().await;
        morning.the_next_one_and_the_one_after().await;
        morning.calls_this_one().await;
        morning.one_does_not_come().await;
        morning.everybody_else_has_their_turn().await;
        morning.the_hall_is_empty().await;
        morning.the_record_says_who_did_what().await;
        // Four hours at the counter, letters of names and concerns aside.
        let pressed = morning.clerk.presses + morning.day.presses;
        assert!(pressed < 450, "{pressed} keys");
        for (who, keys) in [("the clerk", &morning.clerk), ("the day", &morning.day), ("the screen", &morning.screen)] {
            keys.rest(who);
        }
    });
}
