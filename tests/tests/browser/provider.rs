//! To the town's identity provider and back, in a real browser: our policy for its pages lets the way through.

use e2e::browser::{self, Device, expect_words};
use e2e::provider::Provider;
use e2e::{Server, TestDb};
use jiff_sqlx::ToSqlx as _;
use playwright_rs::Page;
use serde_json::json;
use uuid::Uuid;

/// Presses what stands on the button, once it is there.
async fn press(page: &Page, text: &str) {
    browser::pressable(page, text).click(None).await.expect("the button");
}

#[test]
fn the_way_to_the_identity_provider_and_back() {
    browser::run(async {
        let test = TestDb::with_town("probe").await;
        let server = Server::start(&test).await;
        let people = json!({ "lea": { "email": "lea@probe.example", "email_verified": true } });
        let provider = Provider::start(&server, &test, people).await;
        provider.serve(&test, json!({})).await;
        let mut tx = test.tx("probe").await;
        sqlx::query(
            "INSERT INTO staff (id, email, name, role, state, created_at)
             VALUES ($1, 'lea@probe.example', 'Lea Beispiel', 'clerk', 'invited', $2)",
        )
        .bind(Uuid::new_v4())
        .bind(server.now().to_sqlx())
        .execute(tx.conn())
        .await
        .unwrap();
        tx.commit().await.unwrap();

        let page = browser::open(Device::PHONE).await;
        browser::visit(&page, &server.url(&test, "probe", "/verwaltung/suche?q=Weber")).await;
        expect_words(&page, "Mit Rathaus-Konto anmelden").await;
        browser::expect_accessible(&page, "the sign-in with a provider").await;
        browser::expect_no_sideways_scroll(&page, "the sign-in with a provider").await;
        browser::screenshot(&page, "sign-in-provider-390").await;
        press(&page, "Mit Rathaus-Konto anmelden").await;
        page.locator("input[name=login]").first().fill("lea", None).await.expect("the provider's own page");
        page.locator("input[name=password]").first().fill("any", None).await.expect("its password");
        press(&page, "Sign-in").await;
        press(&page, "Continue").await;
        expect_words(&page, "Lea Beispiel").await;
        assert!(page.url().contains("/verwaltung/suche?q=Weber"), "{}", page.url());
    });
}
