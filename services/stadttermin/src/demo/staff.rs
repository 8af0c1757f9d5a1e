//! The demo's colleagues: one of each role, the same in each town, whose passwords everybody may know.

use identity::{Password, Role, Vault, find_by_email, second_factor};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use tenancy::TenantTx;
use uuid::Uuid;

/// What all of them sign in with.
pub const PASSWORD: &str = "rathausuhr-geht-sieben-vor";
/// What an authenticator app needs for the admin's second factor, in base32.
pub const SECRET: &str = "RATH AUSU HRGE HTSI EBEN VORR ATHA USUH";
/// How many recovery codes the greeting shows for those who have no such app at hand.
const SHOWN_CODES: usize = 3;

/// Role, address and name.
pub const COLLEAGUES: [(Role, &str, &str); 5] = [
    (Role::Phone, "telefon@demo.example", "Nadine Rasche"),
    (Role::Clerk, "schalter@demo.example", "Tobias Kemper"),
    (Role::Lead, "leitung@demo.example", "Sabine Lohmann"),
    (Role::Admin, "admin@demo.example", "Jürgen Stratmann"),
    (Role::Reader, "lesen@demo.example", "Hatice Aydın"),
];

/// Gives those an account who have none yet, and commits; some new recovery codes of the admin.
///
/// # Errors
/// The database's own.
pub async fn employ(mut tx: TenantTx, vault: &Vault, now: Timestamp) -> anyhow::Result<Vec<String>> {
    let mut codes = Vec::new();
    for (role, email, name) in COLLEAGUES {
        if find_by_email(&mut tx, email).await?.is_none() {
            let id = hire(&mut tx, (role, email, name), now).await?;
            if role.needs_second_factor() {
                second_factor::adopt(&mut tx, vault, id, SECRET, now).await?;
            }
        }
        // Whoever has set up a second factor of their own since, or taken it away, keeps it so.
        let account =
            find_by_email(&mut tx, email).await?.filter(|it| role.needs_second_factor() && it.has_second_factor);
        if let Some(account) = account {
            codes = second_factor::new_recovery_codes(&mut tx, account.staff.id).await?;
        }
    }
    tx.commit().await?;
    codes.truncate(SHOWN_CODES);
    Ok(codes)
}

/// An account that can be used at once, without an invitation.
async fn hire(tx: &mut TenantTx, (role, email, name): (Role, &str, &str), now: Timestamp) -> anyhow::Result<Uuid> {
    let id = Uuid::new_v4();
    sqlx::query(
        "INSERT INTO staff (id, email, name, role, state, password_hash, created_at)
         VALUES ($1, $2, $3, $4, 'active', $5, $6)",
    )
    .bind(id)
    .bind(email)
    .bind(name)
    .bind(role.as_str())
    .bind(Password::choose(PASSWORD, &[name, email])?.hash().await?)
    .bind(now.to_sqlx())
    .execute(tx.conn())
    .await?;
    Ok(id)
}
