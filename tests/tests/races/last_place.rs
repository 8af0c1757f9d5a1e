//! 64 citizens, one place.

use booking::HoldError;
use futures::future::join_all;
use jiff::SignedDuration;

use crate::audit;
use crate::office::{Office, counters, now, now_plus, tuesday, wish};

const CLIENTS: u32 = 64;
const ROUNDS: u128 = 24;

/// Every round is about another quarter of an hour; in every third one the place is still held by somebody whose time
/// is over, and in every third one the starts differ by five minutes, so that all of them overlap.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_64_citizens_one_gets_the_last_place() {
    let office = Office::open_for(CLIENTS).await;
    for round in 0..ROUNDS {
        let start = tuesday("08:30") + SignedDuration::from_mins(i64::try_from(round).unwrap() * 15);
        let base = (round + 1) * 1000;
        if round % 3 == 1 {
            office.hold(&wish(base + 900, start), now_plus(-15)).await.unwrap();
        }
        let offset = |client: u32| if round % 3 == 2 { i64::from(client % 3) * 5 - 5 } else { 0 };
        let tries = (0..CLIENTS).map(|client| {
            let wish = wish(base + u128::from(client), start + SignedDuration::from_mins(offset(client)));
            let office = &office;
            async move { (wish.attempt, office.hold(&wish, now()).await) }
        });
        let mut winners = Vec::new();
        for (attempt, held) in join_all(tries).await {
            match held {
                Ok(_) => winners.push(attempt),
                Err(HoldError::JustTaken) => {}
                Err(error) => panic!("round {round}: {error}"),
            }
        }
        assert_eq!(winners.len(), 1, "round {round}: {winners:?}");
        office.confirm(winners[0], &format!("citizen-{round}@example.org"), now()).await.unwrap();
        assert_eq!(audit::booked(&office).await.len() as u128, round + 1);
        assert_eq!(audit::double_bookings(&office, now()).await, 0);
        // the others' starts must not stand in the way of the next round
        if round % 3 == 2 {
            let winner = office.view(winners[0]).await.appointments[0].clone();
            office.cancel(winners[0], winner.id, now()).await.unwrap();
            office.book(&wish(base + 999, start), now()).await;
        }
    }
    assert_eq!(audit::deadlocks(&office).await, 0);
}

/// Three places for 64: all three are taken, whatever order the clients try them in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_64_citizens_three_get_the_last_three_places() {
    let office = Office::open_for(CLIENTS).await;
    for round in 0..8 {
        let start = tuesday("08:00") + SignedDuration::from_mins(i64::from(round) * 30);
        let tries = (0..CLIENTS).map(|client| {
            let orders = [[1, 2, 3], [3, 2, 1], [2, 3, 1]];
            let wish = crate::office::Wish {
                candidates: counters(&orders[client as usize % 3]),
                ..wish(u128::from(round * 1000 + client), start)
            };
            let office = &office;
            async move { office.hold(&wish, now()).await.is_ok() }
        });
        let winners = join_all(tries).await.into_iter().filter(|is_held| *is_held).count();
        assert_eq!(winners, 3, "round {round}");
    }
    assert_eq!(audit::double_bookings(&office, now()).await, 0);
    assert_eq!(audit::deadlocks(&office).await, 0);
}

/// Citizens who want each other's places would wait for each other for ever if moves did not take turns.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn citizens_who_want_each_others_places_keep_theirs_and_do_not_wait() {
    let office = Office::open_for(16).await;
    let times = ["09:00", "09:30", "10:00", "10:30"];
    let mut appointments = Vec::new();
    for (attempt, time) in times.into_iter().enumerate() {
        appointments.push(office.book(&wish(attempt as u128, tuesday(time)), now()).await);
    }
    for round in 1..20 {
        let moves = (0..4).map(|citizen| {
            let (office, start) = (&office, tuesday(times[(citizen + round % 3 + 1) % 4]));
            let appointment = appointments[citizen];
            async move { office.move_to(citizen as u128, appointment, start, &counters(&[1]), now()).await }
        });
        for moved in join_all(moves).await {
            assert!(matches!(moved, Err(booking::MoveError::JustTaken)), "{moved:?}");
        }
    }
    assert_eq!(audit::booked(&office).await.len(), 4);
    assert_eq!(audit::deadlocks(&office).await, 0);
}
