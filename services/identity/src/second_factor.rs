//! The second factor: six digits from an authenticator app (RFC 6238), or a recovery code when the phone is lost.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use qrcode::QrCode;
use qrcode::render::svg;
use tenancy::TenantTx;
use totp_rs::{Algorithm, Secret, TOTP};
use uuid::Uuid;

use crate::account::{Account, State, find};
use crate::event::{By, remember};
use crate::sign_in::{SignInError, counted, note_sign_in};
use crate::throttle;
use crate::vault::{hash, random};
use crate::{Staff, Vault};

const DIGITS: usize = 6;
const STEP_SECONDS: u64 = 30;
/// Bytes of a secret: 160 bits (RFC 4226, 4).
const SECRET_BYTES: usize = 20;
/// How many recovery codes there are at a time.
const RECOVERY_CODES: usize = 10;

/// What an authenticator app needs to know.
#[derive(Clone)]
pub struct Setup {
    /// For those who type it, in groups of four.
    pub secret: String,
    /// The same as a link that apps understand.
    pub uri: String,
    /// The same as a picture to scan: an SVG.
    pub qr: String,
}

/// A second factor as it is kept.
#[derive(sqlx::FromRow)]
struct Kept {
    totp_secret: Option<Vec<u8>>,
    totp_last_step: i64,
}

/// Begins to set one up: a new secret, sealed. Its owner's session keeps it until [`confirm`]; the one that is in use goes
/// on being used until then.
///
/// # Errors
/// If it cannot be sealed.
pub fn begin(vault: &Vault, staff: &Staff) -> anyhow::Result<Vec<u8>> {
    vault.seal(staff.id, &random::<SECRET_BYTES>())
}

/// What the owner's app needs to know of a secret that was begun.
///
/// # Errors
/// If it was sealed for another account or by another deployment.
pub fn setup(vault: &Vault, staff: &Staff, begun: &[u8], town: &str) -> anyhow::Result<Setup> {
    let secret = vault.open(staff.id, begun).ok_or_else(|| anyhow::anyhow!("this second factor is not theirs"))?;
    let plain = |text: &str| text.replace(':', " ");
    let totp = TOTP::new(Algorithm::SHA1, DIGITS, 1, STEP_SECONDS, secret, Some(plain(town)), plain(&staff.email))?;
    let uri = totp.get_url();
    let qr = QrCode::new(&uri)?.render::<svg::Color>().min_dimensions(220, 220).quiet_zone(true).build();
    let secret = totp.get_secret_base32();
    let groups: Vec<&str> =
        (0..secret.len()).step_by(4).filter_map(|at| secret.get(at..(at + 4).min(secret.len()))).collect();
    Ok(Setup {
        secret: groups.join(" "),
        uri,
        qr: qr.trim_start_matches(r#"<?xml version="1.0" standalone="yes"?>"#).to_owned(),
    })
}

/// Takes what was begun into use if `code` shows that the app has it, instead of the one before; the recovery codes, for
/// once.
///
/// # Errors
/// [`SignInError::Wrong`] for another code.
pub async fn confirm(
    tx: &mut TenantTx,
    vault: &Vault,
    staff: &Staff,
    (begun, code): (&[u8], &str),
    now: Timestamp,
) -> Result<Vec<String>, SignInError> {
    let kept = Kept { totp_secret: Some(begun.to_vec()), totp_last_step: 0 };
    let Some(step) = fitting_step(vault, staff.id, &kept, code, now) else { return Err(SignInError::Wrong) };
    sqlx::query(
        "UPDATE staff SET totp_secret = $2, totp_since = $3, totp_last_step = $4, version = version + 1 WHERE id = $1",
    )
    .bind(staff.id)
    .bind(begun)
    .bind(now.to_sqlx())
    .bind(step)
    .execute(tx.conn())
    .await?;
    remember(tx, staff.id, "second_factor", serde_json::json!({}), &By::from(staff), now).await?;
    Ok(new_recovery_codes(tx, staff.id).await?)
}

/// Takes a secret into use that its owner's app has already, in base32: for accounts that come from elsewhere, and for
/// the demo. Recovery codes there are none yet.
///
/// # Errors
/// If it is no base32 of 128 bits or more (RFC 4226, 4).
pub async fn adopt(tx: &mut TenantTx, vault: &Vault, id: Uuid, secret: &str, now: Timestamp) -> anyhow::Result<()> {
    let bare = secret.replace(' ', "");
    let secret = Secret::Encoded(bare).to_bytes().map_err(|_| anyhow::anyhow!("the secret is no base32"))?;
    anyhow::ensure!(secret.len() >= 16, "the secret is shorter than 128 bits");
    sqlx::query(
        "UPDATE staff SET totp_secret = $2, totp_since = $3, totp_last_step = 0, version = version + 1 WHERE id = $1",
    )
    .bind(id)
    .bind(vault.seal(id, &secret)?)
    .bind(now.to_sqlx())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Checks the code of somebody whose password was right: six digits, or a recovery code, each good once.
///
/// # Errors
/// [`SignInError`]; commit in every case, since failures are counted.
pub async fn check(
    tx: &mut TenantTx,
    vault: &Vault,
    id: Uuid,
    (code, client): (&str, &str),
    now: Timestamp,
) -> Result<Staff, SignInError> {
    let account = find(tx, id).await?.filter(|it| it.state == State::Active).ok_or(SignInError::Wrong)?;
    let tenant = std::sync::Arc::clone(tx.tenant());
    let whose = counted(vault, &tenant, &account.staff.email.to_lowercase(), client);
    let attempted = throttle::begin(tx, whose, now).await?.map_err(|seconds| SignInError::Wait { seconds })?;
    if !is_right(tx, vault, &account, code, now).await? {
        return Err(SignInError::Wrong);
    }
    attempted.succeeded(tx).await?;
    note_sign_in(tx, id, now).await?;
    Ok(account.staff)
}

async fn is_right(
    tx: &mut TenantTx,
    vault: &Vault,
    account: &Account,
    code: &str,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let id = account.staff.id;
    let kept = kept(tx, id).await?;
    if let Some(step) = fitting_step(vault, id, &kept, code, now) {
        let used = sqlx::query("UPDATE staff SET totp_last_step = $2 WHERE id = $1 AND totp_last_step < $2")
            .bind(id)
            .bind(step)
            .execute(tx.conn())
            .await?;
        return Ok(used.rows_affected() == 1);
    }
    let used = sqlx::query(
        "UPDATE staff_recovery_code SET used_at = $3 WHERE staff_id = $1 AND code_hash = $2 AND used_at IS NULL",
    )
    .bind(id)
    .bind(hash(&bare(code)).as_slice())
    .bind(now.to_sqlx())
    .execute(tx.conn())
    .await?;
    Ok(used.rows_affected() == 1)
}

/// Its owner takes the second factor away, with its recovery codes.
///
/// # Errors
/// The database's own.
pub async fn remove(tx: &mut TenantTx, staff: &Staff, now: Timestamp) -> sqlx::Result<()> {
    clear(tx, staff.id).await?;
    remember(tx, staff.id, "second_factor_removed", serde_json::json!({}), &By::from(staff), now).await
}

/// Takes the second factor away, whoever it is that does it.
pub(crate) async fn clear(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM staff_recovery_code WHERE staff_id = $1").bind(id).execute(tx.conn()).await?;
    sqlx::query(
        "UPDATE staff SET totp_secret = NULL, totp_since = NULL, totp_last_step = 0, version = version + 1 WHERE id = $1",
    )
    .bind(id)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Its owner gets new recovery codes.
///
/// # Errors
/// The database's own.
pub async fn renew_recovery_codes(tx: &mut TenantTx, staff: &Staff, now: Timestamp) -> sqlx::Result<Vec<String>> {
    remember(tx, staff.id, "recovery_codes", serde_json::json!({}), &By::from(staff), now).await?;
    new_recovery_codes(tx, staff.id).await
}

/// New recovery codes instead of all former ones; they are shown once.
///
/// # Errors
/// The database's own.
pub async fn new_recovery_codes(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<Vec<String>> {
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code()).collect();
    sqlx::query("DELETE FROM staff_recovery_code WHERE staff_id = $1").bind(id).execute(tx.conn()).await?;
    sqlx::query(
        "INSERT INTO staff_recovery_code (staff_id, code_hash) SELECT $1, code FROM unnest($2::bytea[]) AS code",
    )
    .bind(id)
    .bind(codes.iter().map(|code| hash(&bare(code)).to_vec()).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(codes)
}

/// How many recovery codes have not been used yet.
///
/// # Errors
/// The database's own.
pub async fn recovery_codes_left(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT count(*) FROM staff_recovery_code WHERE staff_id = $1 AND used_at IS NULL")
        .bind(id)
        .fetch_one(tx.conn())
        .await
}

async fn kept(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<Kept> {
    sqlx::query_as("SELECT totp_secret, totp_last_step FROM staff WHERE id = $1 FOR UPDATE")
        .bind(id)
        .fetch_one(tx.conn())
        .await
}

/// The step whose code this is: the present one, or one beside it, since clocks differ. A step is good once.
fn fitting_step(vault: &Vault, id: Uuid, kept: &Kept, code: &str, now: Timestamp) -> Option<i64> {
    let secret = vault.open(id, kept.totp_secret.as_deref()?)?;
    let totp = TOTP::new(Algorithm::SHA1, DIGITS, 1, STEP_SECONDS, secret, None, String::new()).ok()?;
    let typed: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let present = u64::try_from(now.as_second()).ok()? / STEP_SECONDS;
    let fitting = (present.saturating_sub(1)..=present + 1).find(|step| totp.generate(step * STEP_SECONDS) == typed)?;
    i64::try_from(fitting).ok().filter(|step| *step > kept.totp_last_step)
}

/// 60 random bits in letters that nobody mixes up: `k7mp-2qxh-4wrt`.
fn recovery_code() -> String {
    const LETTERS: &[u8; 32] = b"23456789abcdefghjklmnpqrstuvwxyz";
    let letters: Vec<char> = random::<12>().iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// A recovery code without dashes, spaces and capitals.
fn bare(code: &str) -> String {
    code.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recovery_codes_are_read_however_they_are_typed() {
        let code = recovery_code();
        assert_eq!(code.len(), 14);
        assert_eq!(bare(&code), bare(&code.to_uppercase().replace('-', " ")));
        assert_ne!(code, recovery_code());
    }
}
