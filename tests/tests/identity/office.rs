//! A town whose colleagues have accounts, and what they do at the door.

use e2e::TestDb;
use identity::links::{self, NewColleague, Purpose};
use identity::people::By;
use identity::{Account, Attempt, Entry, Password, Role, SignInError, Staff, Vault, second_factor};
use jiff::{Timestamp, ToSpan as _};
use tenancy::TenantTx;
use tokio::sync::OnceCell;
use totp_rs::{Algorithm, Secret, TOTP};
use uuid::Uuid;

/// Everybody's password.
pub const PASSWORD: &str = "vier blaue Boote im Hafen";
/// A second factor that somebody has had for long, in base32.
pub const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/// The towns `probe` and `other`.
pub struct Office {
    pub test: TestDb,
    pub vault: Vault,
}

/// Monday, 30 November 2026, 7 in the morning in the town.
pub fn now() -> Timestamp {
    "2026-11-30T06:00:00Z".parse().unwrap()
}

/// So many seconds later.
pub fn after(seconds: i64) -> Timestamp {
    now() + seconds.seconds()
}

/// What an app with this secret shows.
pub fn code(secret: &str, at: Timestamp) -> String {
    let secret = Secret::Encoded(secret.replace(' ', "")).to_bytes().unwrap();
    let app = TOTP::new(Algorithm::SHA1, 6, 1, 30, secret, None, String::new()).unwrap();
    app.generate(at.as_second().try_into().unwrap())
}

/// [`PASSWORD`] as it is kept; made once, since that is meant to take long.
pub async fn password_hash() -> &'static str {
    static HASH: OnceCell<String> = OnceCell::const_new();
    HASH.get_or_init(async || Password::choose(PASSWORD, &[]).unwrap().hash().await.unwrap()).await
}

pub fn lea() -> NewColleague {
    colleague("lea@probe.example", Role::Clerk)
}

pub fn colleague(email: &str, role: Role) -> NewColleague {
    let id = Uuid::new_v4();
    NewColleague { id, email: email.to_owned(), name: "Lea Beispiel".to_owned(), role, language: "de".to_owned() }
}

impl Office {
    pub async fn open() -> Self {
        Self { test: TestDb::with_town("probe").await, vault: Vault::new(b"a secret of the identity tests") }
    }

    pub async fn tx(&self) -> TenantTx {
        self.test.tx("probe").await
    }

    /// Somebody who was invited and has chosen [`PASSWORD`].
    pub async fn employ(&self, email: &str, role: Role) -> Staff {
        self.employ_in("probe", email, role).await
    }

    pub async fn employ_in(&self, town: &str, email: &str, role: Role) -> Staff {
        let mut tx = self.test.tx(town).await;
        let colleague = colleague(email, role);
        let id = colleague.id;
        links::invite(&mut tx, &self.vault, &colleague, &By::operator(), now()).await.unwrap();
        let token = self.last_token(&mut tx, id).await;
        links::accept(&mut tx, &self.vault, &token, Purpose::Invitation, password_hash().await, now()).await.unwrap();
        let account = identity::find(&mut tx, id).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        account.staff
    }

    /// The same, with a second factor of the secret [`SECRET`].
    pub async fn employ_with_app(&self, email: &str, role: Role) -> Staff {
        let staff = self.employ(email, role).await;
        let mut tx = self.tx().await;
        second_factor::adopt(&mut tx, &self.vault, staff.id, SECRET, now()).await.unwrap();
        tx.commit().await.unwrap();
        staff
    }

    /// The token in the latest mail to this account.
    pub async fn last_token(&self, tx: &mut TenantTx, id: Uuid) -> String {
        let link: Uuid = sqlx::query_scalar(
            "SELECT k.id FROM mail m JOIN staff_link k ON k.id = m.staff_link_id
              WHERE k.staff_id = $1 AND k.used_at IS NULL ORDER BY k.created_at DESC LIMIT 1",
        )
        .bind(id)
        .fetch_one(tx.conn())
        .await
        .unwrap();
        self.vault.token(link)
    }

    pub async fn account(&self, id: Uuid) -> Account {
        identity::find(&mut self.tx().await, id).await.unwrap().unwrap()
    }

    pub async fn sign_in(&self, email: &str, password: &str, at: Timestamp) -> Result<Entry, SignInError> {
        self.sign_in_from("192.0.2.1", email, password, at).await
    }

    pub async fn sign_in_from(
        &self,
        client: &str,
        email: &str,
        password: &str,
        at: Timestamp,
    ) -> Result<Entry, SignInError> {
        let attempt = Attempt { email, password, client };
        identity::sign_in(self.test.db(), &self.test.tenant("probe"), &self.vault, attempt, at).await
    }

    /// Types a code, and commits as the pages do.
    pub async fn type_code(&self, id: Uuid, code: &str, at: Timestamp) -> Result<Staff, SignInError> {
        let mut tx = self.tx().await;
        let answer = second_factor::check(&mut tx, &self.vault, id, (code, "192.0.2.1"), at).await;
        tx.commit().await.unwrap();
        answer
    }

    /// What the history of this account says was done.
    pub async fn history(&self, id: Uuid) -> Vec<String> {
        sqlx::query_scalar(
            "SELECT kind || ' by ' || actor_name FROM staff_event
                             WHERE staff_id = $1 AND kind <> 'signed_in' ORDER BY id",
        )
        .bind(id)
        .fetch_all(self.tx().await.conn())
        .await
        .unwrap()
    }
}
