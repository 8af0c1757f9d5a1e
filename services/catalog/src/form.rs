//! Forms to download.

use tenancy::TenantTx;

/// The content of a form and its SHA-256, by file name such as `vollmacht.pdf`.
///
/// # Errors
/// The database's own.
pub async fn form_content(tx: &mut TenantTx, file: &str) -> sqlx::Result<Option<(Vec<u8>, Vec<u8>)>> {
    sqlx::query_as("SELECT content, sha256 FROM form WHERE file = $1").bind(file).fetch_optional(tx.conn()).await
}
