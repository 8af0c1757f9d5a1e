//! When a worker looks for jobs: whenever the database says that there is one, and at regular intervals.
//!
//! apalis' own strategies lose their wake-up when a look ends within one poll, and are silent until the next heartbeat.
//! This one asks timers and listener again and again until all have nothing more to say.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use apalis_core::backend::ext::poll_strategy::{PollSnapshot, PollStrategy};
use apalis_postgres::Pubsub;
use futures::StreamExt as _;
use sqlx::PgPool;
use tokio::time::{Interval, MissedTickBehavior, Sleep};

/// A look that is under way when the notice comes began too early to see the job, so there is a second one.
const SECOND_LOOK: Duration = Duration::from_millis(40);

/// Wakes the worker of one queue.
pub(crate) struct Wake {
    tick: Interval,
    second_look: Option<Pin<Box<Sleep>>>,
    listener: Option<Pubsub>,
    pool: PgPool,
    queue: &'static str,
}

impl Wake {
    pub(crate) fn new(pool: &PgPool, queue: &'static str, poll: Duration) -> Self {
        let mut tick = tokio::time::interval(poll);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { tick, second_look: None, listener: None, pool: pool.clone(), queue }
    }

    /// Whether something was said since the last time. Leaves wakers with timer and listener.
    fn has_fired(&mut self, cx: &mut Context<'_>) -> bool {
        let mut fired = drain(&mut self.tick, cx);
        // A listener that died stays dead, so each tick may make a new one.
        if fired && self.listener.is_none() {
            self.listener = Some(Pubsub::new(self.pool.clone(), self.queue.to_owned()));
        }
        while let Some(listener) = &mut self.listener {
            match listener.poll_next_unpin(cx) {
                Poll::Ready(Some(Ok(_))) => {
                    fired = true;
                    self.second_look = Some(Box::pin(tokio::time::sleep(SECOND_LOOK)));
                }
                Poll::Ready(Some(Err(_)) | None) => self.listener = None,
                Poll::Pending => break,
            }
        }
        if let Some(second_look) = &mut self.second_look
            && second_look.as_mut().poll(cx).is_ready()
        {
            self.second_look = None;
            fired = true;
        }
        fired
    }
}

/// Whether the timer has ticked. Asks until it has not, since only then it remembers whom to wake.
fn drain(tick: &mut Interval, cx: &mut Context<'_>) -> bool {
    let mut has_ticked = false;
    while tick.poll_tick(cx).is_ready() {
        has_ticked = true;
    }
    has_ticked
}

impl PollStrategy for Wake {
    fn poll_drive(&mut self, cx: &mut Context<'_>, _: &PollSnapshot) -> Poll<Option<()>> {
        if self.has_fired(cx) { Poll::Ready(Some(())) } else { Poll::Pending }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Waker;

    use super::*;

    #[derive(Default)]
    struct Calls(AtomicUsize);

    impl std::task::Wake for Calls {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    #[tokio::test]
    async fn d1_a_timer_that_has_ticked_wakes_again_without_being_asked() {
        let calls = Arc::new(Calls::default());
        let waker = Waker::from(Arc::clone(&calls));
        let mut tick = tokio::time::interval(Duration::from_millis(20));
        drain(&mut tick, &mut Context::from_waker(&waker));
        for looks in 1..=3 {
            tokio::time::sleep(Duration::from_millis(60)).await;
            assert_eq!(calls.0.load(Ordering::SeqCst), looks, "one wake-up after each look");
            assert!(drain(&mut tick, &mut Context::from_waker(&waker)));
        }
    }
}
