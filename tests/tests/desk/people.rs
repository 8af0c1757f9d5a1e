//! The accounts of colleagues, as those see them who manage them.

use identity::Role;
use reqwest::StatusCode;
use uuid::Uuid;

use crate::door::Door;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn roles_change_and_accounts_are_switched_off_and_on() {
    let door = Door::open().await;
    let lea = door.hire("lea@probe.example", Role::Clerk).await;
    let chef = door.server.sign_in(&door.test, "probe", Role::Admin).await;
    let visitor = door.visitor();
    visitor.sign_in("lea@probe.example", "").await;

    chef.post(&format!("/verwaltung/personal/{lea}/rolle"), &[("rolle", "lead")]).await.says("Die Rolle ist geändert");
    visitor.get("/verwaltung/konto").await.says("Teamleitung");
    chef.post(&format!("/verwaltung/personal/{lea}/sperren"), &[]).await.says("gesperrt");
    assert!(visitor.get("/verwaltung/konto").await.url.path().ends_with("/verwaltung/anmelden"), "at once");
    let page = visitor.sign_in("lea@probe.example", "").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    chef.post(&format!("/verwaltung/personal/{lea}/freigeben"), &[]).await.says("wieder frei");
    assert_eq!(visitor.sign_in("lea@probe.example", "/verwaltung/konto").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_is_left_who_manages_the_accounts() {
    let door = Door::open().await;
    let chef = door.server.sign_in(&door.test, "probe", Role::Admin).await;
    let own = format!("/verwaltung/personal/{}", chef.id);
    chef.post(&format!("{own}/sperren"), &[]).await.says("Das geht nicht");
    chef.post(&format!("{own}/rolle"), &[("rolle", "clerk")]).await.says("Das geht nicht");
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
    chef.post(&again[again.find("/verwaltung").unwrap()..], &[]).await.says("unterwegs");
    let second = door.link(2).await;
    assert_ne!(first, second);
    assert_eq!(door.visitor().get(&first).await.status, StatusCode::GONE, "only the latest is good");
    assert_eq!(door.visitor().get(&second).await.status, StatusCode::OK);

    let lea = door.hire("lea@probe.example", Role::Clerk).await;
    door.give_app("lea@probe.example").await;
    let reset = format!("/verwaltung/personal/{lea}/zweiter-faktor");
    chef.post(&reset, &[]).await.says("zurückgesetzt");
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
    assert_eq!(chef.post(&nobody, &[]).await.status, StatusCode::NOT_FOUND);
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
