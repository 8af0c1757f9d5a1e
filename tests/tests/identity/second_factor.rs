//! Codes from an app, and recovery codes.

use futures::future::join;
use identity::people::{self, By};
use identity::{Role, SignInError, second_factor};

use crate::office::{Office, PASSWORD, SECRET, after, code, now};

fn is_wrong<T>(answer: &Result<T, SignInError>) -> bool {
    matches!(answer, Err(SignInError::Wrong))
}

#[tokio::test]
async fn setting_up_needs_a_code_from_the_app_and_gives_ten_recovery_codes() {
    let office = Office::open().await;
    let lea = office.employ("lea@probe.example", Role::Clerk).await;
    let mut tx = office.tx().await;
    let begun = second_factor::begin(&office.vault, &lea).unwrap();
    let setup = second_factor::setup(&office.vault, &lea, &begun, "Stadt: Probe").unwrap();
    let again = second_factor::setup(&office.vault, &lea, &begun, "Stadt: Probe").unwrap();
    assert_eq!(setup.secret, again.secret, "who reloads the page need not scan anew");
    let other = second_factor::begin(&office.vault, &lea).unwrap();
    let other = second_factor::setup(&office.vault, &lea, &other, "Stadt: Probe").unwrap();
    assert_ne!(setup.secret, other.secret);
    assert!(setup.uri.starts_with("otpauth://totp/"), "{}", setup.uri);
    assert!(setup.uri.contains(&setup.secret.replace(' ', "")) && setup.qr.starts_with("<svg"), "{}", setup.qr);

    let refused = second_factor::confirm(&mut tx, &office.vault, &lea, (&begun, "000000"), now()).await;
    assert!(is_wrong(&refused));
    assert!(!identity::find(&mut tx, lea.id).await.unwrap().unwrap().has_second_factor);
    let shown = code(&setup.secret, now());
    let codes = second_factor::confirm(&mut tx, &office.vault, &lea, (&begun, &shown), now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(codes.len(), 10);
    assert!(office.account(lea.id).await.has_second_factor);
    assert_eq!(office.history(lea.id).await.last().unwrap(), "second_factor by Lea Beispiel");

    let kept: Vec<u8> = sqlx::query_scalar("SELECT totp_secret FROM staff WHERE id = $1")
        .bind(lea.id)
        .fetch_one(office.tx().await.conn())
        .await
        .unwrap();
    let plain = totp_rs::Secret::Encoded(setup.secret.replace(' ', "")).to_bytes().unwrap();
    assert!(!kept.windows(plain.len()).any(|part| part == plain), "the secret is not kept in the open");
    assert!(is_wrong(&office.type_code(lea.id, &shown, now()).await), "this code has been used");
}

#[tokio::test]
async fn a_code_is_good_once_and_a_step_early_or_late() {
    let office = Office::open().await;
    let admin = office.employ_with_app("admin@probe.example", Role::Admin).await;
    let type_code = async |of: i64, at: i64| office.type_code(admin.id, &code(SECRET, after(of)), after(at)).await;

    assert!(is_wrong(&type_code(0, 61).await), "two steps late");
    let spaced = format!("{} {}", &code(SECRET, now())[..3], &code(SECRET, now())[3..]);
    assert_eq!(office.type_code(admin.id, &spaced, after(30)).await.unwrap().id, admin.id, "one step late");
    assert!(is_wrong(&type_code(0, 30).await), "the same once more");
    assert!(type_code(60, 30).await.is_ok(), "one step early");
    assert!(is_wrong(&type_code(30, 31).await), "one that came before the last used one");
    assert_eq!(office.account(admin.id).await.signed_in_at, Some(after(30)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_who_type_the_same_code_at_once_one_comes_in() {
    let office = Office::open().await;
    let admin = office.employ_with_app("admin@probe.example", Role::Admin).await;
    let shown = code(SECRET, now());
    let (one, other) = join(office.type_code(admin.id, &shown, now()), office.type_code(admin.id, &shown, now())).await;
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
}

#[tokio::test]
async fn a_recovery_code_is_good_once_and_new_ones_replace_it() {
    let office = Office::open().await;
    let admin = office.employ_with_app("admin@probe.example", Role::Admin).await;
    let new_codes = async || {
        let mut tx = office.tx().await;
        let codes = second_factor::new_recovery_codes(&mut tx, admin.id).await.unwrap();
        tx.commit().await.unwrap();
        codes
    };
    let first = new_codes().await;
    let as_typed = first[0].to_uppercase().replace('-', " ");
    assert!(office.type_code(admin.id, &as_typed, now()).await.is_ok());
    assert!(is_wrong(&office.type_code(admin.id, &first[0], now()).await));
    let left = second_factor::recovery_codes_left(&mut office.tx().await, admin.id).await.unwrap();
    assert_eq!(left, 9);
    let second = new_codes().await;
    assert!(is_wrong(&office.type_code(admin.id, &first[1], now()).await));
    assert!(office.type_code(admin.id, &second[1], now()).await.is_ok());
}

#[tokio::test]
async fn guessing_codes_is_slowed_down_and_typing_the_password_again_is_no_way_around() {
    let office = Office::open().await;
    let admin = office.employ_with_app("admin@probe.example", Role::Admin).await;
    for _ in 0..5 {
        assert!(is_wrong(&office.type_code(admin.id, "000000", now()).await));
    }
    let right = code(SECRET, now());
    let waits = office.type_code(admin.id, &right, after(1)).await;
    assert!(matches!(waits, Err(SignInError::Wait { seconds: 1 })), "{waits:?}");
    // Their owner signs in at leisure; the failures before count on.
    office.sign_in("admin@probe.example", PASSWORD, after(2)).await.unwrap();
    assert!(is_wrong(&office.type_code(admin.id, "000000", after(2)).await));
    assert!(matches!(office.type_code(admin.id, &right, after(3)).await, Err(SignInError::Wait { seconds: 3 })));
    assert!(office.type_code(admin.id, &right, after(6)).await.is_ok());
}

#[tokio::test]
async fn a_second_factor_that_was_lost_is_taken_away_by_somebody_else() {
    let office = Office::open().await;
    let admin = office.employ_with_app("admin@probe.example", Role::Admin).await;
    let mut tx = office.tx().await;
    people::forget_second_factor(&mut tx, admin.id, &By::operator(), now()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!office.account(admin.id).await.has_second_factor);
    assert!(is_wrong(&office.type_code(admin.id, &code(SECRET, now()), now()).await));
    assert_eq!(office.history(admin.id).await.last().unwrap(), "second_factor_forgotten by stadttermin");
}

#[tokio::test]
async fn a_code_is_of_no_use_once_the_account_is_switched_off() {
    let office = Office::open().await;
    let clerk = office.employ_with_app("lea@probe.example", Role::Clerk).await;
    let mut tx = office.tx().await;
    people::disable(&mut tx, clerk.id, &By::operator(), now()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(is_wrong(&office.type_code(clerk.id, &code(SECRET, now()), now()).await));
}

#[tokio::test]
async fn a_secret_from_elsewhere_has_to_be_long_enough() {
    let office = Office::open().await;
    let lea = office.employ("lea@probe.example", Role::Clerk).await;
    let mut tx = office.tx().await;
    for bad in ["", "GEZD GNBV", "not base32!"] {
        assert!(second_factor::adopt(&mut tx, &office.vault, lea.id, bad, now()).await.is_err(), "{bad}");
    }
}

#[tokio::test]
async fn another_one_takes_the_place_of_the_first_only_when_its_app_has_shown_a_code() {
    let office = Office::open().await;
    let admin = office.employ_with_app("admin@probe.example", Role::Admin).await;
    let tim = office.employ("tim@probe.example", Role::Clerk).await;
    let begun = second_factor::begin(&office.vault, &admin).unwrap();
    assert!(second_factor::setup(&office.vault, &tim, &begun, "Probe").is_err(), "it is somebody else's");
    let secret = second_factor::setup(&office.vault, &admin, &begun, "Probe").unwrap().secret;
    let mut tx = office.tx().await;
    let old = (begun.as_slice(), &*code(SECRET, after(60)));
    assert!(is_wrong(&second_factor::confirm(&mut tx, &office.vault, &admin, old, after(60)).await));
    tx.commit().await.unwrap();
    assert!(office.type_code(admin.id, &code(SECRET, after(60)), after(60)).await.is_ok(), "the first goes on");

    let mut tx = office.tx().await;
    let new = (begun.as_slice(), &*code(&secret, after(120)));
    second_factor::confirm(&mut tx, &office.vault, &admin, new, after(120)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(is_wrong(&office.type_code(admin.id, &code(SECRET, after(150)), after(150)).await), "it is gone");
    assert!(office.type_code(admin.id, &code(&secret, after(150)), after(150)).await.is_ok());
}

#[tokio::test]
async fn nobody_takes_their_own_away_as_if_they_managed_it_and_all_of_it_is_remembered() {
    let office = Office::open().await;
    let admin = office.employ_with_app("admin@probe.example", Role::Admin).await;
    let mut tx = office.tx().await;
    let own = people::forget_second_factor(&mut tx, admin.id, &By::from(&admin), now()).await;
    assert!(matches!(own, Err(people::PeopleError::Own)), "{own:?}");
    second_factor::renew_recovery_codes(&mut tx, &admin, now()).await.unwrap();
    second_factor::remove(&mut tx, &admin, now()).await.unwrap();
    tx.commit().await.unwrap();
    let history = office.history(admin.id).await;
    assert_eq!(history[2..], ["recovery_codes by Lea Beispiel", "second_factor_removed by Lea Beispiel"]);
}
