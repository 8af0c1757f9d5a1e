//! Requests to identity providers: no redirects, by TLS alone, and not larger than an honest answer. How long it may take is
//! up to the caller.

use std::pin::Pin;

use openidconnect::http::Response;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};

/// Largest answer, in bytes: a provider's description and keys have about 10 kB.
const LARGEST: usize = 1 << 20;

/// Makes the requests.
pub(super) struct Fetcher {
    client: reqwest::Client,
    /// On this machine nobody is on the way.
    is_plain_allowed: bool,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error(transparent)]
    Network(#[from] reqwest::Error),
    #[error("it is not reached by TLS")]
    Plain,
    #[error("the answer is larger than {LARGEST} bytes")]
    TooLarge,
    #[error(transparent)]
    Shape(#[from] openidconnect::http::Error),
}

impl Fetcher {
    pub fn new() -> anyhow::Result<Self> {
        // Whoever comes first in this process says which cryptography TLS uses; it is the same everywhere here.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).user_agent("stadttermin").build()?;
        Ok(Self { client, is_plain_allowed: false })
    }

    /// For what a provider says about itself: it may name addresses without TLS only if its own is one, on this machine.
    pub fn of(&self, issuer: &str) -> Self {
        Self { client: self.client.clone(), is_plain_allowed: issuer.starts_with("http://") }
    }

    /// Whether an address of this kind may be asked, or a visitor sent there.
    pub fn may_use(&self, scheme: &str) -> bool {
        scheme == "https" || scheme == "http" && self.is_plain_allowed
    }

    async fn fetch(&self, request: HttpRequest) -> Result<HttpResponse, FetchError> {
        if !request.uri().scheme_str().is_some_and(|it| self.may_use(it)) {
            return Err(FetchError::Plain);
        }
        let mut answer = self.client.execute(request.try_into()?).await?;
        let mut response = Response::builder().status(answer.status());
        if let Some(headers) = response.headers_mut() {
            std::mem::swap(headers, answer.headers_mut());
        }
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await? {
            body.extend_from_slice(&piece);
            if body.len() > LARGEST {
                return Err(FetchError::TooLarge);
            }
        }
        Ok(response.body(body)?)
    }
}

impl<'c> AsyncHttpClient<'c> for Fetcher {
    type Error = FetchError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, FetchError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.fetch(request))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_provider_reached_by_tls_leads_nowhere_without() {
        let fetcher = Fetcher::new().unwrap();
        let far = fetcher.of("https://login.werne.de/realms/rathaus");
        let request = openidconnect::http::Request::get("http://127.0.0.1:9/token").body(Vec::new()).unwrap();
        assert!(matches!(far.fetch(request).await, Err(FetchError::Plain)));
        assert!(far.may_use("https") && !far.may_use("http") && !far.may_use("javascript"));
        let here = fetcher.of("http://127.0.0.1:4000");
        assert!(here.may_use("http") && !here.may_use("javascript"));
    }
}
