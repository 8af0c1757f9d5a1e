//! What is derived from the deployment's secret: seals for second factors, tokens of links, keys for counting failures.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _, Nonce};
use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::RngCore as _;
use sha2::{Digest, Sha256};
use tenancy::TenantSlug;
use uuid::Uuid;

/// Bytes of a nonce of ChaCha20-Poly1305.
const NONCE_BYTES: usize = 12;
/// Random bytes in a token: 128 bits.
const TOKEN_BYTES: usize = 16;

/// The keys of a deployment. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    seal: [u8; 32],
    token: [u8; 32],
    count: [u8; 32],
}

impl Vault {
    /// Keys under this secret (`STADTTERMIN_SECRET`), each for one purpose.
    pub fn new(secret: &[u8]) -> Self {
        let root: [u8; 32] = Sha256::digest(secret).into();
        let key = |purpose: &str| mac(&root, &[purpose.as_bytes()]);
        Self { seal: key("staff: seal"), token: key("staff: link"), count: key("staff: failures") }
    }

    /// The token of a link, for the address in the mail.
    pub fn token(&self, link: Uuid) -> String {
        URL_SAFE_NO_PAD.encode(&mac(&self.token, &[link.as_bytes()])[..TOKEN_BYTES])
    }

    /// Closes a secret so that only this deployment can read it, and only for this account.
    pub(crate) fn seal(&self, staff: Uuid, secret: &[u8]) -> anyhow::Result<Vec<u8>> {
        self.close(staff.as_bytes(), secret)
    }

    /// What was closed for this account. None: by another deployment, for another account, or damaged.
    pub(crate) fn open(&self, staff: Uuid, sealed: &[u8]) -> Option<Vec<u8>> {
        self.disclose(staff.as_bytes(), sealed)
    }

    /// Closes what somebody's browser keeps for us while they are at their identity provider; as text.
    ///
    /// # Errors
    /// If it is too large to be closed at all: gigabytes.
    pub fn seal_journey(&self, town: &TenantSlug, bytes: &[u8]) -> anyhow::Result<String> {
        Ok(URL_SAFE_NO_PAD.encode(self.close(town.as_str().as_bytes(), bytes)?))
    }

    /// What a browser has kept. None: it is from another deployment, another town, or damaged.
    pub fn open_journey(&self, town: &TenantSlug, text: &str) -> Option<Vec<u8>> {
        self.disclose(town.as_str().as_bytes(), &URL_SAFE_NO_PAD.decode(text).ok()?)
    }

    fn close(&self, whose: &[u8], secret: &[u8]) -> anyhow::Result<Vec<u8>> {
        let nonce = random::<NONCE_BYTES>();
        let closed = ChaCha20Poly1305::new(&self.seal.into())
            .encrypt(&Nonce::from(nonce), Payload { msg: secret, aad: whose })
            .map_err(|_| anyhow::anyhow!("a secret could not be sealed"))?;
        Ok([nonce.as_slice(), &closed].concat())
    }

    fn disclose(&self, whose: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, closed) = sealed.split_at_checked(NONCE_BYTES)?;
        let nonce = <[u8; NONCE_BYTES]>::try_from(nonce).ok()?;
        ChaCha20Poly1305::new(&self.seal.into()).decrypt(&Nonce::from(nonce), Payload { msg: closed, aad: whose }).ok()
    }

    /// Under which failures of an account or a client are counted: says nothing about whose they are.
    pub(crate) fn counting_key(&self, town: &TenantSlug, kind: &str, whose: &str) -> [u8; 32] {
        mac(&self.count, &[town.as_str().as_bytes(), b"\0", kind.as_bytes(), b"\0", whose.as_bytes()])
    }
}

/// What the database keeps of a token, a session's id or a recovery code.
pub(crate) fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

#[allow(clippy::disallowed_methods, reason = "where secrets come from; tests need no particular ones")]
pub(crate) fn random<const BYTES: usize>() -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_opens_for_its_account_and_deployment_only() {
        let (vault, other) = (Vault::new(b"one secret"), Vault::new(b"another secret"));
        let (lea, tim) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let sealed = vault.seal(lea, b"secret").unwrap();
        assert_ne!(sealed, vault.seal(lea, b"secret").unwrap(), "never the same twice");
        assert_eq!(vault.open(lea, &sealed).unwrap(), b"secret");
        assert!(vault.open(tim, &sealed).is_none() && other.open(lea, &sealed).is_none());
        assert!(vault.open(lea, &sealed[..10]).is_none());
    }

    #[test]
    fn tokens_differ_by_link_and_deployment() {
        let vault = Vault::new(b"one secret");
        let token = vault.token(Uuid::from_u128(1));
        assert_eq!(token.len(), 22);
        assert_eq!(token, vault.token(Uuid::from_u128(1)));
        assert_ne!(token, vault.token(Uuid::from_u128(2)));
        assert_ne!(token, Vault::new(b"another secret").token(Uuid::from_u128(1)));
    }
}
