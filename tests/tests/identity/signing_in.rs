//! Signing in with address and password.

use std::time::{Duration, Instant};

use identity::people::{self, By};
use identity::{Entry, Role, SignInError, links};
use jiff::ToSpan as _;

use crate::office::{Office, PASSWORD, after, colleague, now};

#[tokio::test]
async fn the_right_password_lets_in_whatever_the_capitals() {
    let office = Office::open().await;
    let lea = office.employ("lea@probe.example", Role::Clerk).await;
    let entry = office.sign_in(" Lea@Probe.EXAMPLE ", PASSWORD, after(60)).await.unwrap();
    assert_eq!(entry, Entry::In(lea.clone()));
    assert_eq!(office.account(lea.id).await.signed_in_at, Some(after(60)));
}

#[tokio::test]
async fn an_admin_without_a_second_factor_has_to_set_one_up_and_with_one_is_asked_for_it() {
    let office = Office::open().await;
    let new = office.employ("new@probe.example", Role::Admin).await;
    let entry = office.sign_in("new@probe.example", PASSWORD, now()).await.unwrap();
    assert_eq!(entry, Entry::MustSetUpCode(new));

    let old = office.employ_with_app("old@probe.example", Role::Admin).await;
    let entry = office.sign_in("old@probe.example", PASSWORD, now()).await.unwrap();
    assert_eq!(entry, Entry::NeedsCode(old.id));
    assert_eq!(office.account(old.id).await.signed_in_at, None, "half of it is no sign-in");
}

/// An address of each kind that cannot sign in with what is typed, and what is typed.
async fn outsiders(office: &Office) -> [(&'static str, &'static str, &'static str); 4] {
    office.employ("lea@probe.example", Role::Clerk).await;
    let gone = office.employ("gone@probe.example", Role::Clerk).await;
    let mut tx = office.tx().await;
    people::disable(&mut tx, gone.id, &By::operator(), now()).await.unwrap();
    let invited = colleague("invited@probe.example", Role::Clerk);
    links::invite(&mut tx, &office.vault, &invited, &By::operator(), now()).await.unwrap();
    tx.commit().await.unwrap();
    office.employ_in("other", "tim@other.example", Role::Clerk).await;
    [
        ("wrong password", "lea@probe.example", "fünf rote Boote im Hafen"),
        ("switched off", "gone@probe.example", PASSWORD),
        ("only invited", "invited@probe.example", PASSWORD),
        ("of another town", "tim@other.example", PASSWORD),
    ]
}

#[tokio::test]
async fn whatever_is_wrong_the_answer_is_the_same_and_takes_as_long() {
    let office = Office::open().await;
    let outsiders = outsiders(&office).await;
    let mut quickest = [Duration::MAX; 4];
    // In turns, so that whatever else the machine does slows all of them down alike.
    for day in 0..8 {
        for ((what, email, password), least) in outsiders.iter().zip(&mut quickest) {
            let started = Instant::now();
            let refused = office.sign_in(email, password, now() + (day * 25).hours()).await.unwrap_err();
            *least = (*least).min(started.elapsed());
            assert!(matches!(refused, SignInError::Wrong), "{what}: {refused:?}");
        }
    }
    // An answer without looking at a password comes within milliseconds: a tenth of the others' time, or less.
    let slowest = quickest.iter().max().unwrap();
    assert!(quickest.iter().all(|least| *least > *slowest / 3), "{outsiders:?} {quickest:?}");
}

#[tokio::test]
async fn the_password_is_asked_for_again_before_changes() {
    let office = Office::open().await;
    let lea = office.employ("lea@probe.example", Role::Clerk).await;
    let (db, tenant) = (office.test.db(), office.test.tenant("probe"));
    let confirm = async |typed: &str| {
        identity::confirm_password(db, &tenant, &office.vault, &lea, (typed, "192.0.2.1"), now()).await
    };
    confirm(PASSWORD).await.unwrap();
    assert!(matches!(confirm("fünf rote Boote im Hafen").await, Err(SignInError::Wrong)));
}
