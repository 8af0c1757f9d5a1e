//! What is done with colleagues' accounts.

use futures::future::join;
use identity::links::{self, LinkError, Purpose};
use identity::people::{self, By, PeopleError};
use identity::{Entry, Role, State};
use uuid::Uuid;

use crate::office::{Office, PASSWORD, colleague, now};

async fn disable(office: &Office, id: Uuid) -> Result<(), PeopleError> {
    let mut tx = office.tx().await;
    people::disable(&mut tx, id, &By::operator(), now()).await?;
    tx.commit().await.unwrap();
    Ok(())
}

async fn change_role(office: &Office, id: Uuid, role: Role) -> Result<(), PeopleError> {
    let mut tx = office.tx().await;
    people::change_role(&mut tx, id, role, &By::operator(), now()).await?;
    tx.commit().await.unwrap();
    Ok(())
}

#[tokio::test]
async fn the_last_admin_stays() {
    let office = Office::open().await;
    let admin = office.employ("admin@probe.example", Role::Admin).await;
    let mut tx = office.tx().await;
    let invited = colleague("new@probe.example", Role::Admin);
    links::invite(&mut tx, &office.vault, &invited, &By::operator(), now()).await.unwrap();
    let invited = invited.id;
    tx.commit().await.unwrap();

    assert!(matches!(disable(&office, admin.id).await, Err(PeopleError::LastAdmin)), "the other has not come yet");
    assert!(matches!(change_role(&office, admin.id, Role::Lead).await, Err(PeopleError::LastAdmin)));
    change_role(&office, admin.id, Role::Admin).await.unwrap();
    disable(&office, invited).await.unwrap();
    assert_eq!(office.account(admin.id).await.state, State::Active);

    office.employ("second@probe.example", Role::Admin).await;
    change_role(&office, admin.id, Role::Lead).await.unwrap();
    assert_eq!(office.account(admin.id).await.staff.role, Role::Lead);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_admins_who_switch_each_other_off_do_not_both_succeed() {
    for _ in 0..4 {
        let office = Office::open().await;
        let one = office.employ("one@probe.example", Role::Admin).await;
        let other = office.employ("other@probe.example", Role::Admin).await;
        let (first, second) = join(disable(&office, one.id), disable(&office, other.id)).await;
        let last = |answer: &Result<(), PeopleError>| matches!(answer, Err(PeopleError::LastAdmin));
        assert!(first.is_ok() != second.is_ok() && (last(&first) || last(&second)), "{first:?} {second:?}");
    }
}

#[tokio::test]
async fn an_account_that_is_switched_off_has_no_way_in_until_it_is_switched_on() {
    let office = Office::open().await;
    let lea = office.employ("lea@probe.example", Role::Clerk).await;
    let mut tx = office.tx().await;
    links::request_reset(&mut tx, &office.vault, "lea@probe.example", now()).await.unwrap();
    let token = office.last_token(&mut tx, lea.id).await;
    tx.commit().await.unwrap();
    disable(&office, lea.id).await.unwrap();
    disable(&office, lea.id).await.unwrap();
    assert!(office.sign_in("lea@probe.example", PASSWORD, now()).await.is_err());
    let link = links::find(&mut office.tx().await, &token, Purpose::PasswordReset, now()).await;
    assert!(matches!(link, Err(LinkError::NotGood)), "{link:?}");

    let mut tx = office.tx().await;
    people::enable(&mut tx, lea.id, &By::operator(), now()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(matches!(office.sign_in("lea@probe.example", PASSWORD, now()).await, Ok(Entry::In(_))));
    let history = office.history(lea.id).await;
    assert_eq!(history[2..], ["disabled by stadttermin", "enabled by stadttermin"], "once each");
}

#[tokio::test]
async fn who_never_had_a_password_is_invited_again_after_being_switched_on() {
    let office = Office::open().await;
    let mut tx = office.tx().await;
    let new = colleague("new@probe.example", Role::Clerk);
    links::invite(&mut tx, &office.vault, &new, &By::operator(), now()).await.unwrap();
    let id = new.id;
    people::disable(&mut tx, id, &By::operator(), now()).await.unwrap();
    people::enable(&mut tx, id, &By::operator(), now()).await.unwrap();
    assert_eq!(identity::find(&mut tx, id).await.unwrap().unwrap().state, State::Invited);
    links::invite_again(&mut tx, &office.vault, id, &By::operator(), now()).await.unwrap();
}

#[tokio::test]
async fn colleagues_are_listed_by_name_and_know_where_they_sit() {
    let office = Office::open().await;
    let lea = office.employ("lea@probe.example", Role::Clerk).await;
    let mut tx = office.tx().await;
    people::sit_at(&mut tx, lea.id, Some(2)).await.unwrap();
    let listed = people::list(&mut tx).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].staff.counter, listed[0].is_from_provider), (Some(2), false));
    people::sit_at(&mut tx, lea.id, None).await.unwrap();
    assert_eq!(identity::find_by_email(&mut tx, "LEA@probe.example").await.unwrap().unwrap().staff.counter, None);
    let nobody = people::disable(&mut tx, Uuid::from_u128(1), &By::operator(), now()).await;
    assert!(matches!(nobody, Err(PeopleError::NotFound)), "{nobody:?}");
    let strangers = people::list(&mut office.test.tx("other").await).await.unwrap();
    assert!(strangers.is_empty());
}

#[tokio::test]
async fn what_somebody_has_changed_since_is_not_overwritten_and_who_it_was_is_said() {
    let office = Office::open().await;
    let one = office.employ("one@probe.example", Role::Admin).await;
    let lea = office.employ("lea@probe.example", Role::Clerk).await;
    let seen = office.account(lea.id).await.version;
    let mut tx = office.tx().await;
    people::expect_unchanged(&mut tx, lea.id, seen).await.unwrap();
    people::change_role(&mut tx, lea.id, Role::Lead, &By::from(&one), now()).await.unwrap();
    let refused = people::expect_unchanged(&mut tx, lea.id, seen).await;
    let Err(PeopleError::Changed(Some(change))) = refused else { panic!("{refused:?}") };
    assert_eq!((change.by, change.kind.as_str(), change.at), (By::from(&one), "role", now()));
    let nobody = people::expect_unchanged(&mut tx, Uuid::from_u128(1), 0).await;
    assert!(matches!(nobody, Err(PeopleError::NotFound)), "{nobody:?}");
}
