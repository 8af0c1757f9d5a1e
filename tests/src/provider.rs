//! A real identity provider on this machine: npm's `oidc-provider`, which the browser tests' packages bring along.

use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::{Server, TestDb};

/// The secret of our client there.
pub const PROVIDER_SECRET: &str = "a secret between the town and its provider";

/// A provider that runs until this is dropped.
pub struct Provider {
    /// Its address.
    pub issuer: String,
    _process: Child,
}

impl Provider {
    /// Starts one that knows these people by name, with the claims they have; it sends them back to the town `probe` of
    /// this server.
    pub async fn start(server: &Server, test: &TestDb, people: Value) -> Self {
        Self::start_with(server, test, people, PROVIDER_SECRET).await
    }

    /// The same with another secret of our client's.
    pub async fn start_with(server: &Server, test: &TestDb, people: Value, secret: &str) -> Self {
        let client = json!({
            "client_id": "stadttermin",
            "client_secret": secret,
            "redirect_uris": [server.url(test, "probe", "/verwaltung/anmelden/anbieter/zurueck")],
            "grant_types": ["authorization_code"],
            "response_types": ["code"],
        });
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
        let mut process = Command::new("node")
            .arg(folder.join("provider.mjs"))
            .arg(json!({ "people": people, "client": client }).to_string())
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("node, as the browser tests need it too");
        let mut lines = BufReader::new(process.stdout.take().expect("its output")).lines();
        let issuer = lines.next_line().await.expect("its output").expect("its address: has `./dev setup` run?");
        Self { issuer, _process: process }
    }

    /// Lets the town `probe` use it, as a pack does; `more` is what its `[oidc]` says besides.
    pub async fn serve(&self, test: &TestDb, more: Value) {
        let mut oidc = json!({ "name": "Rathaus-Konto", "issuer": self.issuer, "client_id": "stadttermin" });
        if let (Some(all), Some(more)) = (oidc.as_object_mut(), more.as_object()) {
            all.extend(more.clone());
        }
        trust(test, "probe", &oidc).await;
    }
}

/// Enters an identity provider at a town.
pub async fn trust(test: &TestDb, town: &str, oidc: &Value) {
    let mut tx = test.tx(town).await;
    sqlx::query("UPDATE town SET profile = jsonb_set(profile, '{oidc}', $1), version = version + 1")
        .bind(oidc)
        .execute(tx.conn())
        .await
        .expect("the town's provider");
    tx.commit().await.expect("the town's provider");
}
