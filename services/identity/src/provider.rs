//! Signing in with the town's own identity provider, such as Keycloak or Entra: OpenID Connect, authorization code flow
//! with PKCE (OpenID Connect Core 1.0, RFC 7636).
//!
//! The protocol is the library's; here is what we ask for, what we believe, and for how long we keep what we fetched.

mod account;
mod fetch;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreErrorResponseType, CoreIdToken, CoreProviderMetadata,
    CoreUserInfoClaims,
};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, Scope, StandardErrorResponse, TokenResponse as _,
};
use serde::{Deserialize, Serialize};
use tenancy::TenantSlug;
use tenancy::town::IdentityProvider;
use tokio::sync::Mutex;

pub use account::{EnterError, enter, forget};
use fetch::{FetchError, Fetcher};

/// So long a provider's addresses and keys are believed without asking again.
const AGE: SignedDuration = SignedDuration::from_mins(10);
/// So long all answers of one step may take together: somebody is waiting in front of a blank page, and what answers in our
/// place after that keeps nothing of what they typed.
const PATIENCE: Duration = Duration::from_secs(8);

/// What a provider says about itself.
type Metadata = Arc<CoreProviderMetadata>;
type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// The identity providers of all towns, as this process reaches them.
pub struct Providers {
    fetcher: Fetcher,
    secrets: HashMap<TenantSlug, String>,
    known: Mutex<HashMap<String, (Timestamp, Metadata)>>,
}

/// What has to be kept until somebody comes back from the provider, and must not become known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journey {
    state: String,
    nonce: String,
    verifier: String,
}

/// Somebody who has come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// The provider's name for this person, the same for ever: its issuer and its subject.
    pub subject: String,
    /// Their address, if the provider vouches that it is theirs.
    pub email: Option<String>,
}

/// Why the provider brings nobody in.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// It does not answer, or not as a provider does.
    #[error("the identity provider cannot be reached: {0}")]
    Unreachable(String),
    /// What came back does not belong to what was begun, or is not true.
    #[error("the identity provider's answer does not hold: {0}")]
    NotGood(String),
}

/// One sign-in: for which town, with which provider, coming back to which address of ours.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The town.
    pub town: &'a TenantSlug,
    /// As its pack says.
    pub provider: &'a IdentityProvider,
    /// Where the provider sends people back to.
    pub back: &'a str,
    /// When.
    pub now: Timestamp,
}

impl Journey {
    /// Whether the provider's answer belongs to this journey.
    pub fn is(&self, state: &str) -> bool {
        // Hashes are compared: how long that takes says nothing about the state.
        crate::vault::hash(&self.state) == crate::vault::hash(state)
    }
}

impl Providers {
    /// Towns' providers, with the secret of our client at each; a town without one has a public client.
    ///
    /// # Errors
    /// If the machine has no certificates to trust.
    pub fn new(secrets: HashMap<TenantSlug, String>) -> anyhow::Result<Self> {
        Ok(Self { fetcher: Fetcher::new()?, secrets, known: Mutex::default() })
    }

    /// Where to send somebody, and what to keep until they come back. `asks_anew`: it shall ask who they are, even if it
    /// knows already.
    ///
    /// # Errors
    /// [`ProviderError::Unreachable`].
    pub async fn begin(&self, call: Call<'_>, asks_anew: bool) -> Result<(String, Journey), ProviderError> {
        let client = self.client(call, in_time(self.metadata(call, AGE)).await?)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(challenge);
        if asks_anew {
            request = request.add_prompt(CoreAuthPrompt::Login);
        }
        let (address, state, nonce) = request.url();
        let journey =
            Journey { state: state.into_secret(), nonce: nonce.secret().clone(), verifier: verifier.into_secret() };
        Ok((address.into(), journey))
    }

    /// Who has come back with this state and code.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub async fn finish(
        &self,
        call: Call<'_>,
        journey: &Journey,
        state: &str,
        code: &str,
    ) -> Result<Visitor, ProviderError> {
        if !journey.is(state) {
            return Err(ProviderError::NotGood("another state".to_owned()));
        }
        in_time(self.redeem(call, journey, code)).await
    }

    /// Who it is to whom the provider gave this code.
    async fn redeem(&self, call: Call<'_>, journey: &Journey, code: &str) -> Result<Visitor, ProviderError> {
        let fetcher = self.fetcher.of(&call.provider.issuer);
        let client = self.client(call, self.metadata(call, AGE).await?)?;
        let tokens = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(unreachable)?
            .set_pkce_verifier(PkceCodeVerifier::new(journey.verifier.clone()))
            .request_async(&fetcher)
            .await
            .map_err(not_exchanged)?;
        let token = tokens.id_token().ok_or_else(|| ProviderError::NotGood("no ID token".to_owned()))?;
        let nonce = Nonce::new(journey.nonce.clone());
        let access = tokens.access_token();
        let mut checked = check(&client, token, &nonce, access);
        if checked.is_err() {
            // It may have changed its keys since we asked for them.
            checked =
                check(&self.client(call, self.metadata(call, SignedDuration::ZERO).await?)?, token, &nonce, access);
        }
        let found = checked?;
        let (email, is_verified) = match found.email {
            Some(email) => (Some(email), found.is_verified),
            None => ask_email(&client, &fetcher, access, &found.subject).await,
        };
        let is_believed = is_verified || call.provider.trusts_email;
        Ok(Visitor {
            subject: format!("{} {}", call.provider.issuer, found.subject),
            email: email.filter(|_| is_believed),
        })
    }

    fn client(&self, call: Call<'_>, metadata: Metadata) -> Result<Client, ProviderError> {
        let secret = self.secrets.get(call.town).cloned().map(ClientSecret::new);
        let id = ClientId::new(call.provider.client_id.clone());
        let back = RedirectUrl::new(call.back.to_owned()).map_err(unreachable)?;
        Ok(CoreClient::from_provider_metadata(Arc::unwrap_or_clone(metadata), id, secret).set_redirect_uri(back))
    }

    /// What the provider says about itself, fetched anew if it is older than `age`.
    async fn metadata(&self, call: Call<'_>, age: SignedDuration) -> Result<Metadata, ProviderError> {
        let issuer = &call.provider.issuer;
        let kept = self.known.lock().await.get(issuer).cloned();
        if let Some((_, metadata)) = kept.filter(|(since, _)| call.now.duration_since(*since) < age) {
            return Ok(metadata);
        }
        let address = IssuerUrl::new(issuer.clone()).map_err(unreachable)?;
        let fetcher = self.fetcher.of(issuer);
        let metadata = CoreProviderMetadata::discover_async(address, &fetcher).await;
        let metadata = Arc::new(metadata.map_err(unreachable)?);
        if !fetcher.may_use(metadata.authorization_endpoint().url().scheme()) {
            return Err(ProviderError::Unreachable("its own sign-in is not reached by TLS".to_owned()));
        }
        self.known.lock().await.insert(issuer.clone(), (call.now, Arc::clone(&metadata)));
        Ok(metadata)
    }
}

/// Providers may tell the address only when asked for it with the token. Who is bound already comes in without one.
async fn ask_email(
    client: &Client,
    fetcher: &Fetcher,
    access: &openidconnect::AccessToken,
    subject: &str,
) -> (Option<String>, bool) {
    let subject = openidconnect::SubjectIdentifier::new(subject.to_owned());
    let Ok(request) = client.user_info(access.clone(), Some(subject)) else { return (None, false) };
    let answer: Result<CoreUserInfoClaims, _> = request.request_async(fetcher).await;
    match answer {
        Ok(claims) => (claims.email().map(|it| it.to_string()), claims.email_verified().unwrap_or_default()),
        Err(error) => {
            tracing::warn!(error = in_full(&error), "the identity provider does not tell somebody's address");
            (None, false)
        }
    }
}

/// What an ID token says that we use.
struct Found {
    subject: String,
    email: Option<String>,
    is_verified: bool,
}

/// Signature, issuer, audience, time, nonce, and that the access token came along with it. The time is that of the world,
/// as the provider's is.
fn check(
    client: &Client,
    token: &CoreIdToken,
    nonce: &Nonce,
    access: &openidconnect::AccessToken,
) -> Result<Found, ProviderError> {
    let verifier = client.id_token_verifier();
    let claims = token.claims(&verifier, nonce).map_err(refused)?;
    if let Some(expected) = claims.access_token_hash() {
        let key = token.signing_key(&verifier).map_err(refused)?;
        let actual =
            AccessTokenHash::from_token(access, token.signing_alg().map_err(refused)?, key).map_err(refused)?;
        if actual != *expected {
            return Err(ProviderError::NotGood("another access token".to_owned()));
        }
    }
    Ok(Found {
        subject: claims.subject().to_string(),
        email: claims.email().map(|it| it.to_string()),
        is_verified: claims.email_verified().unwrap_or_default(),
    })
}

async fn in_time<T>(asking: impl Future<Output = Result<T, ProviderError>>) -> Result<T, ProviderError> {
    let late = |_| Err(ProviderError::Unreachable(format!("no answer within {PATIENCE:?}")));
    tokio::time::timeout(PATIENCE, asking).await.unwrap_or_else(late)
}

/// Why there is no token: a code that is not good is the visitor's, all else lies between the provider and us.
fn not_exchanged(error: RequestTokenError<FetchError, StandardErrorResponse<CoreErrorResponseType>>) -> ProviderError {
    match &error {
        RequestTokenError::ServerResponse(answer) if *answer.error() == CoreErrorResponseType::InvalidGrant => {
            refused(error)
        }
        _ => unreachable(error),
    }
}

fn unreachable(error: impl std::error::Error) -> ProviderError {
    ProviderError::Unreachable(in_full(&error))
}

fn refused(error: impl std::error::Error) -> ProviderError {
    ProviderError::NotGood(in_full(&error))
}

/// An error with its causes, for the log.
fn in_full(error: &dyn std::error::Error) -> String {
    std::iter::successors(error.source(), |it| it.source())
        .fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
