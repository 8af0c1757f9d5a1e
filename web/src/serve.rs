//! Answers requests on a socket.

use std::future::Future;
use std::io;
use std::net::SocketAddr;

use axum::extract::Request;
use axum::serve::ListenerExt;
use axum::{Extension, Router};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower::ServiceExt;

use crate::arrival::Arrival;

/// Tells answers that have no end of their own that the server is about to end. In the extensions of every request.
#[derive(Clone)]
pub(crate) struct Closing(watch::Receiver<bool>);

impl Closing {
    /// Waits for it.
    pub(crate) async fn wait(&mut self) {
        // An error says that the server is gone already.
        let _ = self.0.wait_for(|is_closing| *is_closing).await;
    }
}

/// Serves `router` until `until` is over; requests under way are then finished.
///
/// # Errors
/// What the socket says.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    until: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let listener = listener.tap_io(|connection| {
        // Pages are sent in one go: waiting for more to send only costs time.
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY was refused");
        }
    });
    let (close, closing) = watch::channel(false);
    let router = router.layer(Extension(Closing(closing)));
    let until = async move {
        until.await;
        close.send_replace(true);
    };
    axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(until)
        .await
}

/// A router that answers at `host`, whatever the port, by `there`, and everywhere else by `elsewhere`.
pub fn at_host(host: &'static str, there: Router, elsewhere: Router) -> Router {
    Router::new().fallback(async move |request: Request| {
        // No proxy is trusted with this: it is for the demo's own pages.
        let named = Arrival::of(&request, &[]).host;
        let is_there = named.split(':').next() == Some(host);
        let router = if is_there { there.clone() } else { elsewhere.clone() };
        router.oneshot(request).await
    })
}
