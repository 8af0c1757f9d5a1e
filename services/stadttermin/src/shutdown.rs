//! The wish to end, from the keyboard or from whoever supervises us.

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Becomes ready at Ctrl-C, SIGTERM or a closed terminal. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Shutdown(watch::Receiver<bool>);

impl Shutdown {
    /// Starts listening for the signals. A second one while we are ending ends the process at once.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn on_signal() -> std::io::Result<Self> {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hang_up = signal(SignalKind::hangup())?;
        let (asked, shutdown) = watch::channel(false);
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                    _ = hang_up.recv() => {}
                }
                if asked.send_replace(true) {
                    std::process::exit(130);
                }
            }
        });
        Ok(Self(shutdown))
    }

    /// Waits for the wish.
    pub async fn wished(mut self) {
        // The sender lives as long as the process; if it ever ended, ending is what remains.
        let _ = self.0.wait_for(|asked| *asked).await;
    }
}
