//! Who guesses has to wait, and nobody else.

use futures::future::join_all;
use identity::{Attempt, Entry, Role, SignInError};
use jiff::ToSpan as _;

use crate::office::{Office, PASSWORD, after, now};

const WRONG: &str = "fünf rote Boote im Hafen";

fn seconds(answer: &Result<Entry, SignInError>) -> Option<u64> {
    match answer {
        Err(SignInError::Wait { seconds }) => Some(*seconds),
        _ => None,
    }
}

#[tokio::test]
async fn after_five_failures_an_account_waits_longer_and_longer_even_with_the_right_password() {
    let office = Office::open().await;
    office.employ("lea@probe.example", Role::Clerk).await;
    for _ in 0..5 {
        assert!(matches!(office.sign_in("lea@probe.example", WRONG, now()).await, Err(SignInError::Wrong)));
    }
    // From wherever, and however it is written.
    let again = office.sign_in_from("192.0.2.99", "LEA@probe.example", PASSWORD, now()).await;
    assert_eq!(seconds(&again), Some(2), "{again:?}");
    assert!(matches!(office.sign_in("lea@probe.example", WRONG, after(2)).await, Err(SignInError::Wrong)));
    assert_eq!(seconds(&office.sign_in("lea@probe.example", PASSWORD, after(3)).await), Some(3));
    assert!(matches!(office.sign_in("lea@probe.example", PASSWORD, after(6)).await, Ok(Entry::In(_))));
    // Now they are forgotten.
    for _ in 0..5 {
        assert!(matches!(office.sign_in("lea@probe.example", WRONG, after(7)).await, Err(SignInError::Wrong)));
    }
}

#[tokio::test]
async fn failures_slow_down_neither_other_accounts_nor_other_towns_and_are_forgotten_after_a_day() {
    let office = Office::open().await;
    office.employ("lea@probe.example", Role::Clerk).await;
    office.employ("tim@probe.example", Role::Clerk).await;
    office.employ_in("other", "lea@probe.example", Role::Clerk).await;
    for _ in 0..5 {
        office.sign_in("lea@probe.example", WRONG, now()).await.unwrap_err();
    }
    assert!(office.sign_in("tim@probe.example", PASSWORD, now()).await.is_ok());
    let attempt = Attempt { email: "lea@probe.example", password: PASSWORD, client: "192.0.2.1" };
    let elsewhere =
        identity::sign_in(office.test.db(), &office.test.tenant("other"), &office.vault, attempt, now()).await;
    assert!(matches!(elsewhere, Ok(Entry::In(_))), "{elsewhere:?}");

    let tomorrow = now() + 25.hours();
    for _ in 0..5 {
        let refused = office.sign_in("lea@probe.example", WRONG, tomorrow).await;
        assert!(matches!(refused, Err(SignInError::Wrong)), "{refused:?}");
    }
}

#[tokio::test]
async fn a_client_that_tries_many_accounts_waits_and_says_nothing_about_itself_in_the_database() {
    let office = Office::open().await;
    office.employ("lea@probe.example", Role::Clerk).await;
    for number in 0..30 {
        let email = format!("guess{number}@probe.example");
        let refused = office.sign_in_from("203.0.113.7", &email, WRONG, now()).await;
        assert!(matches!(refused, Err(SignInError::Wrong)), "{number}: {refused:?}");
    }
    let from_there = office.sign_in_from("203.0.113.7", "lea@probe.example", PASSWORD, now()).await;
    assert_eq!(seconds(&from_there), Some(2), "{from_there:?}");
    assert!(office.sign_in_from("192.0.2.1", "lea@probe.example", PASSWORD, now()).await.is_ok());

    let kept: Vec<String> = sqlx::query_scalar("SELECT encode(key, 'escape') FROM sign_in_failure")
        .fetch_all(office.tx().await.conn())
        .await
        .unwrap();
    assert!(kept.len() > 30 && kept.iter().all(|key| !key.contains("guess") && !key.contains("203.0")), "{kept:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guessing_many_at_the_same_moment_is_no_way_around() {
    let office = Office::open().await;
    office.employ("lea@probe.example", Role::Clerk).await;
    let tries = (0..16).map(|_| office.sign_in("lea@probe.example", WRONG, now()));
    let answers = join_all(tries).await;
    let looked_at = answers.iter().filter(|answer| matches!(answer, Err(SignInError::Wrong))).count();
    let waiting = answers.iter().filter(|answer| seconds(answer).is_some()).count();
    assert_eq!((looked_at, waiting), (5, 11), "{answers:?}");
}

#[tokio::test]
async fn a_town_hall_whose_people_mistype_all_week_does_not_lock_itself_out() {
    let office = Office::open().await;
    office.employ("lea@probe.example", Role::Clerk).await;
    for turn in 0..100 {
        let email = format!("clerk{}@probe.example", turn % 25);
        let refused = office.sign_in(&email, WRONG, now() + (turn * 10).minutes()).await;
        assert!(matches!(refused, Err(SignInError::Wrong)), "{turn}: {refused:?}");
    }
    let entry = office.sign_in("lea@probe.example", PASSWORD, now() + (100 * 10).minutes()).await;
    assert!(entry.is_ok(), "{entry:?}");
}

#[tokio::test]
async fn the_right_password_leaves_everything_as_it_was_before_a_second_factor() {
    let office = Office::open().await;
    office.employ_with_app("lea@probe.example", Role::Clerk).await;
    office.sign_in("lea@probe.example", WRONG, now()).await.unwrap_err();
    let kept = async || -> Vec<(i32, jiff_sqlx::Timestamp)> {
        sqlx::query_as("SELECT failures, last_at FROM sign_in_failure ORDER BY key")
            .fetch_all(office.tx().await.conn())
            .await
            .unwrap()
    };
    let before = kept().await;
    office.sign_in("lea@probe.example", PASSWORD, after(600)).await.unwrap();
    assert_eq!(kept().await, before);
}
