//! Invitations and the way back for who has forgotten their password.

use futures::future::join;
use identity::links::{self, InviteError, LinkError, Purpose};
use identity::people::{self, By};
use identity::{Entry, Role, SignInError, State};
use jiff::{Timestamp, ToSpan as _};
use uuid::Uuid;

use crate::office::{Office, PASSWORD, after, code, lea, now, password_hash};

async fn invite(office: &Office) -> (Uuid, String) {
    let mut tx = office.tx().await;
    let lea = lea();
    links::invite(&mut tx, &office.vault, &lea, &By::operator(), now()).await.unwrap();
    let token = office.last_token(&mut tx, lea.id).await;
    tx.commit().await.unwrap();
    (lea.id, token)
}

/// Asks for a new password; how many mails there are now.
async fn request_reset(office: &Office, email: &str, at: Timestamp) -> i64 {
    let mut tx = office.tx().await;
    links::request_reset(&mut tx, &office.vault, email, at).await.unwrap();
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM mail WHERE kind = 'password_reset'")
        .fetch_one(tx.conn())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    count
}

async fn accept(office: &Office, token: &str, purpose: Purpose, at: Timestamp) -> Result<Uuid, LinkError> {
    let mut tx = office.tx().await;
    let account = links::accept(&mut tx, &office.vault, token, purpose, password_hash().await, at).await?;
    tx.commit().await.unwrap();
    Ok(account.staff.id)
}

fn is_not_good<T>(answer: &Result<T, LinkError>) -> bool {
    matches!(answer, Err(LinkError::NotGood))
}

#[tokio::test]
async fn an_invitation_is_a_mail_with_a_job_whose_link_is_good_once() {
    let office = Office::open().await;
    let (id, token) = invite(&office).await;
    assert_eq!(office.account(id).await.state, State::Invited);
    let mails: Vec<(String, String)> =
        sqlx::query_as("SELECT kind, recipient FROM mail").fetch_all(office.tx().await.conn()).await.unwrap();
    assert_eq!(mails, [("invitation".to_owned(), "lea@probe.example".to_owned())]);
    let jobs: i64 = sqlx::query_scalar("SELECT count(*) FROM apalis.jobs WHERE status = 'Pending'")
        .fetch_one(&mut office.test.admin_connection().await)
        .await
        .unwrap();
    assert_eq!(jobs, 1);

    let found = links::find(&mut office.tx().await, &token, Purpose::Invitation, now()).await.unwrap();
    assert_eq!((found.staff.id, found.staff.role), (id, Role::Clerk));
    assert_eq!(accept(&office, &token, Purpose::Invitation, now()).await.unwrap(), id);
    assert!(matches!(office.sign_in("lea@probe.example", PASSWORD, now()).await, Ok(Entry::In(_))));
    assert!(is_not_good(&accept(&office, &token, Purpose::Invitation, now()).await));
    assert!(is_not_good(&links::find(&mut office.tx().await, &token, Purpose::Invitation, now()).await));
    assert_eq!(office.history(id).await, ["invited by stadttermin", "password by Lea Beispiel"]);
}

#[tokio::test]
async fn a_link_is_good_for_its_purpose_its_town_and_its_time_only() {
    let office = Office::open().await;
    let (_, token) = invite(&office).await;
    let (last, late) = (now() + 167.hours(), now() + 168.hours());
    assert!(is_not_good(&accept(&office, &token, Purpose::PasswordReset, now()).await));
    assert!(is_not_good(&links::find(&mut office.test.tx("other").await, &token, Purpose::Invitation, now()).await));
    assert!(is_not_good(&accept(&office, "", Purpose::Invitation, now()).await));
    assert!(is_not_good(&accept(&office, &token, Purpose::Invitation, late).await), "seven days");
    assert!(accept(&office, &token, Purpose::Invitation, last).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_who_use_a_link_at_once_one_does() {
    let office = Office::open().await;
    let (_, token) = invite(&office).await;
    let (one, other) =
        join(accept(&office, &token, Purpose::Invitation, now()), accept(&office, &token, Purpose::Invitation, now()))
            .await;
    assert!(one.is_ok() != other.is_ok() && (is_not_good(&one) || is_not_good(&other)), "{one:?} {other:?}");
}

#[tokio::test]
async fn inviting_again_replaces_the_link_and_who_has_an_account_is_not_invited() {
    let office = Office::open().await;
    let (id, first) = invite(&office).await;
    let mut tx = office.tx().await;
    let mut same = lea();
    same.email = "LEA@probe.example".to_owned();
    let refused = links::invite(&mut tx, &office.vault, &same, &By::operator(), now()).await;
    assert!(matches!(refused, Err(InviteError::AlreadyThere)), "{refused:?}");
    links::invite_again(&mut tx, &office.vault, id, &By::operator(), after(1)).await.unwrap();
    let second = office.last_token(&mut tx, id).await;
    tx.commit().await.unwrap();
    assert!(is_not_good(&accept(&office, &first, Purpose::Invitation, after(2)).await));
    assert!(accept(&office, &second, Purpose::Invitation, after(2)).await.is_ok());
    let again = links::invite_again(&mut office.tx().await, &office.vault, id, &By::operator(), after(3)).await;
    assert!(matches!(again, Err(InviteError::NotInvited)), "{again:?}");
}

#[tokio::test]
async fn a_new_password_is_sent_only_to_accounts_in_use() {
    let office = Office::open().await;
    let gone = office.employ("gone@probe.example", Role::Clerk).await;
    let mut tx = office.tx().await;
    people::disable(&mut tx, gone.id, &By::operator(), now()).await.unwrap();
    tx.commit().await.unwrap();
    invite(&office).await;
    let provided = office.employ("provided@probe.example", Role::Clerk).await;
    let mut tx = office.tx().await;
    sqlx::query("UPDATE staff SET password_hash = NULL, oidc_subject = 'theirs' WHERE id = $1")
        .bind(provided.id)
        .execute(tx.conn())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    for nobody in ["provided@probe.example", "gone@probe.example", "lea@probe.example", "who@probe.example", ""] {
        assert_eq!(request_reset(&office, nobody, now()).await, 0, "{nobody}");
    }
}

#[tokio::test]
async fn a_reset_is_good_for_an_hour_and_keeps_the_second_factor() {
    let office = Office::open().await;
    let lea = office.employ_with_app("lea@probe.example", Role::Clerk).await;
    assert_eq!(request_reset(&office, " LEA@probe.example", now()).await, 1);
    let first = office.last_token(&mut office.tx().await, lea.id).await;
    assert_eq!(request_reset(&office, "lea@probe.example", after(60)).await, 2);
    let second = office.last_token(&mut office.tx().await, lea.id).await;
    assert_ne!(first, second);
    assert!(is_not_good(&accept(&office, &second, Purpose::PasswordReset, after(3660)).await), "an hour");
    accept(&office, &second, Purpose::PasswordReset, after(3659)).await.unwrap();
    assert!(is_not_good(&accept(&office, &first, Purpose::PasswordReset, after(3659)).await), "one is enough");
    let entry = office.sign_in("lea@probe.example", PASSWORD, after(3660)).await.unwrap();
    assert_eq!(entry, Entry::NeedsCode(lea.id));
    assert!(office.type_code(lea.id, &code(crate::office::SECRET, after(3660)), after(3660)).await.is_ok());
}

#[tokio::test]
async fn a_mail_that_comes_too_late_has_no_link_any_more() {
    let office = Office::open().await;
    let (id, token) = invite(&office).await;
    let link: Uuid =
        sqlx::query_scalar("SELECT staff_link_id FROM mail").fetch_one(office.tx().await.conn()).await.unwrap();
    let (purpose, account) = links::of_mail(&mut office.tx().await, link, now()).await.unwrap().unwrap();
    assert_eq!((purpose, account.staff.id), (Purpose::Invitation, id));
    accept(&office, &token, Purpose::Invitation, now()).await.unwrap();
    assert!(links::of_mail(&mut office.tx().await, link, now()).await.unwrap().is_none());
}

#[tokio::test]
async fn who_asks_in_somebody_elses_name_neither_floods_the_mailbox_nor_takes_the_link_away() {
    let office = Office::open().await;
    let lea = office.employ("lea@probe.example", Role::Clerk).await;
    assert_eq!(request_reset(&office, "lea@probe.example", now()).await, 1);
    let hers = office.last_token(&mut office.tx().await, lea.id).await;
    for second in 1..20 {
        request_reset(&office, "lea@probe.example", after(second)).await;
    }
    assert_eq!(request_reset(&office, "lea@probe.example", after(20)).await, 3, "at most three at a time");
    accept(&office, &hers, Purpose::PasswordReset, after(60)).await.unwrap();
    assert_eq!(request_reset(&office, "lea@probe.example", after(61)).await, 4, "none is open any more");
}

#[tokio::test]
async fn a_link_lets_its_owner_in_whoever_has_been_guessing() {
    let office = Office::open().await;
    let lea = office.employ("lea@probe.example", Role::Clerk).await;
    for _ in 0..5 {
        office.sign_in_from("203.0.113.7", "lea@probe.example", "guessed", now()).await.unwrap_err();
    }
    let kept_out = office.sign_in("lea@probe.example", PASSWORD, after(1)).await;
    assert!(matches!(kept_out, Err(SignInError::Wait { .. })), "{kept_out:?}");
    request_reset(&office, "lea@probe.example", after(1)).await;
    let token = office.last_token(&mut office.tx().await, lea.id).await;
    accept(&office, &token, Purpose::PasswordReset, after(1)).await.unwrap();
    assert!(office.sign_in("lea@probe.example", PASSWORD, after(1)).await.is_ok());
}

#[tokio::test]
async fn the_same_invitation_sent_twice_is_one() {
    let office = Office::open().await;
    let (mut tx, lea) = (office.tx().await, lea());
    for _ in 0..2 {
        links::invite(&mut tx, &office.vault, &lea, &By::operator(), now()).await.unwrap();
    }
    let mails: i64 = sqlx::query_scalar("SELECT count(*) FROM mail").fetch_one(tx.conn()).await.unwrap();
    assert_eq!(mails, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_link_used_while_its_account_is_switched_off_does_not_bring_it_back() {
    for _ in 0..4 {
        let office = Office::open().await;
        let (id, token) = invite(&office).await;
        let switch_off = async {
            let mut tx = office.tx().await;
            people::disable(&mut tx, id, &By::operator(), now()).await.unwrap();
            tx.commit().await.unwrap();
        };
        let (used, ()) = join(accept(&office, &token, Purpose::Invitation, now()), switch_off).await;
        assert!(used.is_ok() || is_not_good(&used), "{used:?}");
        assert_eq!(office.account(id).await.state, State::Disabled);
    }
}
