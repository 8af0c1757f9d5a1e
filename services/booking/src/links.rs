//! The secret in a citizen's links: derived from the booking's id, so that it never needs to be stored.
//!
//! Why one derived token: `docs/decisions/0001-one-token-for-a-booking.md`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use tenancy::TenantSlug;
use uuid::Uuid;

/// What the database keeps of a token.
pub type TokenHash = [u8; 32];

/// Random bytes in a token: 128 bits.
const TOKEN_BYTES: usize = 16;
/// Bytes of a key of HMAC-SHA256.
const HMAC_BLOCK: usize = 64;

/// Makes the tokens of a deployment.
#[derive(Clone)]
pub struct Links {
    keyed: Hmac<Sha256>,
}

/// A booking's id with its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookingKey {
    /// The booking.
    pub id: Uuid,
    /// Its token, 22 characters that can stand in an address.
    pub token: String,
}

impl Links {
    /// Tokens under this secret (`STADTTERMIN_SECRET`).
    pub fn new(secret: &[u8]) -> Self {
        let mut block = [0; HMAC_BLOCK];
        block[..32].copy_from_slice(&Sha256::digest(secret));
        Self { keyed: Hmac::new(&block.into()) }
    }

    /// The token of a booking, for its links.
    pub fn token(&self, booking_id: Uuid) -> String {
        URL_SAFE_NO_PAD.encode(self.derive(b"token", &[booking_id.as_bytes()]))
    }

    /// A booking's id with its token.
    pub fn key(&self, booking_id: Uuid) -> BookingKey {
        BookingKey { id: booking_id, token: self.token(booking_id) }
    }

    /// The draft that a page's attempt leads to: the same form sent twice lands on the same one, and who learns a
    /// booking's id cannot send its form.
    pub fn key_of_attempt(&self, town: &TenantSlug, attempt: Uuid) -> BookingKey {
        let bytes = self.derive(b"attempt", &[attempt.as_bytes(), town.as_str().as_bytes()]);
        self.key(uuid::Builder::from_random_bytes(bytes).into_uuid())
    }

    fn derive(&self, purpose: &[u8], parts: &[&[u8]]) -> [u8; TOKEN_BYTES] {
        let mut mac = self.keyed.clone();
        mac.update(purpose);
        for part in parts {
            mac.update(b"\0");
            mac.update(part);
        }
        let full = mac.finalize().into_bytes();
        std::array::from_fn(|at| full[at])
    }
}

impl BookingKey {
    /// What the database keeps of it.
    pub fn token_hash(&self) -> TokenHash {
        Sha256::digest(&self.token).into()
    }
}

/// The hash of a token from an address, if it looks like one of ours.
pub fn hash(token: &str) -> Option<TokenHash> {
    let is_token = URL_SAFE_NO_PAD.decode(token).is_ok_and(|bytes| bytes.len() == TOKEN_BYTES);
    is_token.then(|| Sha256::digest(token).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_22_characters_of_128_bits_and_always_the_same() {
        let links = Links::new(b"secret");
        let id = Uuid::from_u128(1);
        let token = links.token(id);
        assert_eq!(token.len(), 22);
        assert_eq!(token, links.token(id));
        assert_ne!(token, links.token(Uuid::from_u128(2)));
        assert_ne!(token, Links::new(b"another").token(id));
        assert_eq!(hash(&token), Some(links.key(id).token_hash()));
    }

    #[test]
    fn what_is_no_token_is_not_looked_up() {
        for bad in [
            "",
            "kurz",
            "AAAAAAAAAAAAAAAAAAAAAA==",
            "AAAAAAAAAAAAAAAAAAAAAA\0",
            &"A".repeat(43),
            "ÄAAAAAAAAAAAAAAAAAAAAA",
        ] {
            assert_eq!(hash(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn an_attempt_leads_to_one_draft_in_one_town() {
        let links = Links::new(b"secret");
        let [werne, porta] = ["werne", "porta"].map(|slug| TenantSlug::parse(slug).unwrap());
        let attempt = Uuid::from_u128(1);
        let key = links.key_of_attempt(&werne, attempt);
        assert_eq!(key, links.key_of_attempt(&werne, attempt));
        assert_ne!(key.id, attempt);
        assert_ne!(key, links.key_of_attempt(&porta, attempt));
        assert_ne!(key, links.key_of_attempt(&werne, Uuid::from_u128(2)));
    }
}
