//! The accounts of colleagues, as those see them who manage them.

use e2e::{Answer, StaffClient};
use identity::Role;
use reqwest::StatusCode;
use uuid::Uuid;

use crate::door::Door;

/// The version of a colleague's account, as the list's forms carry it.
fn seen(page: &Answer, id: Uuid) -> String {
    let stand = page.all(&format!("form[action*='/personal/{id}/'] input[name=stand]"));
    stand.first().and_then(|it| it.attr("value")).expect("a form of this account").to_owned()
}

/// Sends a form of the list for this account, as the list stands now.
async fn change(chef: &StaffClient, id: Uuid, what: &str, fields: &[(&str, &str)]) -> Answer {
    let stand = seen(&chef.get("/verwaltung/personal").await, id);
    let fields: Vec<_> = fields.iter().copied().chain([("stand", stand.as_str())]).collect();
    chef.post(&format!("/verwaltung/personal/{id}/{what}"), &fields).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn roles_change_and_accounts_are_switched_off_and_on() {
    let door = Door::open().await;
    let lea = door.hire("lea@probe.example", Role::Clerk).await;
    let chef = door.server.sign_in(&door.test, "probe", Role::Admin).await;
    let visitor = door.visitor();
    visitor.sign_in("lea@probe.example", "").await;

    change(&chef, lea, "rolle", &[("rolle", "lead")]).await.says("Die Rolle ist geändert");
    visitor.get("/verwaltung/konto").await.says("Teamleitung");
    change(&chef, lea, "sperren", &[]).await.says("gesperrt");
    assert!(visitor.get("/verwaltung/konto").await.url.path().ends_with("/verwaltung/anmelden"), "at once");
    let page = visitor.sign_in("lea@probe.example", "").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    change(&chef, lea, "freigeben", &[]).await.says("wieder frei");
    assert_eq!(visitor.sign_in("lea@probe.example", "/verwaltung/konto").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_is_left_who_manages_the_accounts() {
    let door = Door::open().await;
    let chef = door.server.sign_in(&door.test, "probe", Role::Admin).await;
    for (what, fields) in [("sperren", &[][..]), ("rolle", &[("rolle", "clerk")])] {
        let page = change(&chef, chef.id, what, fields).await;
        assert_eq!(page.status, StatusCode::CONFLICT);
        page.says("Das geht nicht");
    }
    assert_eq!(chef.get("/verwaltung/personal").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_is_sent_again_and_the_second_factor_reset() {
    let door = Door::open().await;
    let chef = door.server.sign_in(&door.test, "probe", Role::Admin).await;
    let fields = [("name", "Tim Muster"), ("email", "tim@probe.example"), ("rolle", "clerk")];
    let page = chef.post("/verwaltung/personal", &fields).await;
    let first = door.link(1).await;
    let again = page.all("form[action$='/einladung']")[0].attr("action").unwrap();
    let again = &again[again.find("/verwaltung").unwrap()..];
    let stand = seen(&page, again.split('/').rev().nth(1).unwrap().parse().unwrap());
    chef.post(again, &[("stand", &stand)]).await.says("unterwegs");
    let page = chef.post(again, &[("stand", &stand)]).await;
    assert_eq!(page.status, StatusCode::CONFLICT, "pressed twice, it is one mail");
    let second = door.link(2).await;
    assert_ne!(first, second);
    assert_eq!(door.visitor().get(&first).await.status, StatusCode::GONE, "only the latest is good");
    assert_eq!(door.visitor().get(&second).await.status, StatusCode::OK);

    let lea = door.hire("lea@probe.example", Role::Clerk).await;
    door.give_app("lea@probe.example").await;
    change(&chef, lea, "zweiter-faktor", &[]).await.says("zurückgesetzt");
    assert_eq!(door.visitor().sign_in("lea@probe.example", "/verwaltung/konto").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_an_invitation_is_said_and_kept() {
    let door = Door::open().await;
    let chef = door.server.sign_in(&door.test, "probe", Role::Admin).await;
    let page = chef.post("/verwaltung/personal", &[("name", " "), ("email", "tim"), ("rolle", "king")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!((page.all("[aria-invalid]").len(), page.value("email")), (3, "tim".to_owned()));
    let nobody = format!("/verwaltung/personal/{}/sperren", Uuid::new_v4());
    assert_eq!(chef.post(&nobody, &[("stand", "0")]).await.status, StatusCode::NOT_FOUND);
    let unseen = format!("/verwaltung/personal/{}/sperren", chef.id);
    assert_eq!(chef.post(&unseen, &[]).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_admins_manage_accounts() {
    let door = Door::open().await;
    for role in [Role::Reader, Role::Phone, Role::Clerk, Role::Lead] {
        let staff = door.server.sign_in(&door.test, "probe", role).await;
        assert_eq!(staff.get("/verwaltung/personal").await.status, StatusCode::FORBIDDEN, "{role:?}");
        let disable = format!("/verwaltung/personal/{}/sperren", staff.id);
        assert_eq!(staff.post(&disable, &[]).await.status, StatusCode::FORBIDDEN, "{role:?}");
        assert!(!staff.get("/verwaltung/konto").await.source.contains("/verwaltung/personal"), "{role:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_of_two_admins_is_told_who_did_what() {
    let door = Door::open().await;
    let lea = door.hire("lea@probe.example", Role::Clerk).await;
    let (one, other) = (
        door.server.sign_in(&door.test, "probe", Role::Admin).await,
        door.server.sign_in(&door.test, "probe", Role::Admin).await,
    );
    let stand = seen(&other.get("/verwaltung/personal").await, lea);
    change(&one, lea, "rolle", &[("rolle", "lead")]).await.says("Die Rolle ist geändert");
    for (what, role) in [("rolle", "phone"), ("sperren", ""), ("zweiter-faktor", "")] {
        let path = format!("/verwaltung/personal/{lea}/{what}");
        let page = other.post(&path, &[("rolle", role), ("stand", &stand)]).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{what}");
        page.says("Nichts geändert").says(&one.name).says("Rolle geändert");
        assert_eq!(seen(&page, lea), (stand.parse::<i32>().unwrap() + 1).to_string(), "the page is as it is now");
    }
    let path = format!("/verwaltung/personal/{lea}/rolle");
    let page = one.post(&path, &[("rolle", "lead"), ("stand", &stand)]).await;
    page.says("Sie selbst haben dieses Konto inzwischen bearbeitet");
    let role: String = sqlx::query_scalar("SELECT role FROM staff WHERE id = $1")
        .bind(lea)
        .fetch_one(door.test.tx("probe").await.conn())
        .await
        .unwrap();
    assert_eq!(role, "lead");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_whose_answer_was_lost_is_sent_once() {
    let door = Door::open().await;
    let chef = door.server.sign_in(&door.test, "probe", Role::Admin).await;
    let attempt = chef.get("/verwaltung/personal").await.value("versuch");
    let fields = [("name", "Tim"), ("email", "tim@probe.example"), ("rolle", "phone"), ("versuch", &attempt)];
    for _ in 0..2 {
        chef.post("/verwaltung/personal", &fields).await.says("Die Einladung ist unterwegs");
    }
    let mails: i64 =
        sqlx::query_scalar("SELECT count(*) FROM mail").fetch_one(door.test.tx("probe").await.conn()).await.unwrap();
    assert_eq!(mails, 1);
    let other = [("name", "Tim"), ("email", "tim@probe.example"), ("rolle", "phone")];
    chef.post("/verwaltung/personal", &other).await.says("schon ein Konto");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn admins_do_not_take_their_own_second_factor_away_here() {
    let door = Door::open().await;
    let chef = door.server.sign_in(&door.test, "probe", Role::Admin).await;
    let page = change(&chef, chef.id, "zweiter-faktor", &[]).await;
    assert!(page.url.path().ends_with("/verwaltung/konto"), "{}", page.url);
    assert_eq!(
        chef.get("/verwaltung/personal").await.status,
        StatusCode::OK,
        "still signed in, still with both factors"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_history_says_who_did_what_to_whose_account_and_who_signed_in() {
    let door = Door::open().await;
    let lea = door.hire("lea@probe.example", Role::Clerk).await;
    let chef = door.server.sign_in(&door.test, "probe", Role::Admin).await;
    door.visitor().sign_in("lea@probe.example", "").await;
    change(&chef, lea, "rolle", &[("rolle", "lead")]).await;
    chef.get("/verwaltung/personal").await.says("Protokoll");
    let all = chef.get("/verwaltung/protokoll").await;
    all.says("Rolle geändert")
        .says("Schalterdienst → Teamleitung")
        .says(&format!("durch {}", chef.name))
        .says("angemeldet");
    let of = async |person: Uuid| chef.get(&format!("/verwaltung/protokoll?wer={person}")).await;
    let lines = of(lea).await.all("tbody tr").len();
    assert!(of(chef.id).await.text().contains("Rolle geändert"), "what somebody has done is theirs, too");
    assert_eq!(of(Uuid::nil()).await.all("tbody tr").len(), 0);
    of(Uuid::nil()).await.says("Hier steht noch nichts");

    let mut tx = door.test.tx("probe").await;
    let more = "INSERT INTO staff_event (at, staff_id, actor_name, kind)
                SELECT now(), $1, 'stadttermin', 'second_factor_forgotten' FROM generate_series(1, 60)";
    sqlx::query(more).bind(lea).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    let newest = of(lea).await;
    assert_eq!(newest.all("tbody tr").len(), 50);
    newest.says("durch den Betrieb (Kommandozeile)");
    let older = newest.all("#aeltere")[0].attr("href").unwrap();
    let older = chef.get(&older[older.find("/verwaltung").unwrap()..]).await;
    assert_eq!(older.all("tbody tr").len(), 10 + lines, "the rest, of the same person");
    assert!(older.all("#aeltere").is_empty() && older.all("#neueste").len() == 1);
    let elsewhere = door.server.sign_in(&door.test, "other", Role::Admin).await;
    let foreign = elsewhere.get(&format!("/verwaltung/protokoll?wer={lea}")).await;
    assert_eq!(foreign.all("tbody tr").len(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_is_no_change_that_an_admin_has_to_look_at() {
    let door = Door::open().await;
    let lea = door.hire("lea@probe.example", Role::Clerk).await;
    let chef = door.server.sign_in(&door.test, "probe", Role::Admin).await;
    let stand = seen(&chef.get("/verwaltung/personal").await, lea);
    door.visitor().sign_in("lea@probe.example", "").await;
    let path = format!("/verwaltung/personal/{lea}/rolle");
    chef.post(&path, &[("rolle", "lead"), ("stand", &stand)]).await.says("Die Rolle ist geändert");
    door.visitor().sign_in("lea@probe.example", "").await;
    let refused = chef.post(&path, &[("rolle", "phone"), ("stand", &stand)]).await;
    refused.says("Sie selbst haben dieses Konto inzwischen bearbeitet (Rolle geändert");
}
