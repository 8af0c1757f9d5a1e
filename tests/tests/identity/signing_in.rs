//! Signing in with address and password.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use identity::people::{self, By};
use identity::{Entry, Role, SignInError, links};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

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

/// How often a password has been compared on this thread.
#[derive(Clone, Default)]
struct Comparisons(Arc<AtomicUsize>);

impl<S: tracing::Subscriber> Layer<S> for Comparisons {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let is_one = event.metadata().target() == "identity::password";
        self.0.fetch_add(usize::from(is_one), Ordering::Relaxed);
    }
}

/// What takes long is counted, not timed: a busy machine makes anything take long. That each of them is the same work
/// shows `nobodys_password_is_as_much_work_as_a_chosen_one`.
#[tokio::test]
async fn whatever_is_wrong_the_answer_is_the_same_and_takes_as_long() {
    let office = Office::open().await;
    let outsiders = outsiders(&office).await;
    let comparisons = Comparisons::default();
    let _here = tracing_subscriber::registry().with(comparisons.clone()).set_default();
    for (what, email, password) in outsiders.into_iter().chain([("unknown", "nobody@probe.example", PASSWORD)]) {
        let refused = office.sign_in(email, password, now()).await.unwrap_err();
        assert!(matches!(refused, SignInError::Wrong), "{what}: {refused:?}");
        assert_eq!(comparisons.0.swap(0, Ordering::Relaxed), 1, "{what}");
    }
    office.sign_in("lea@probe.example", PASSWORD, after(60)).await.unwrap();
    assert_eq!(comparisons.0.load(Ordering::Relaxed), 1, "the right one");
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
