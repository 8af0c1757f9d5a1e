//! Load on the server: the same page again and again, or one booking after the other.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::ensure;
use uuid::Uuid;

use crate::deployment::Deployment;
use crate::http::{Connection, Request};
use crate::slots::Slots;

/// What a run came to.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    done: u64,
    took: Duration,
    application: Duration,
    database: Duration,
}

impl Measured {
    pub fn per_second(&self) -> f64 {
        self.done as f64 / self.took.as_secs_f64()
    }

    /// CPU time of application and database for one.
    pub fn cpu_ms(&self) -> f64 {
        (self.application + self.database).as_secs_f64() * 1000.0 / self.done as f64
    }

    /// What the database alone took of it.
    pub fn database_cpu_ms(&self) -> f64 {
        self.database.as_secs_f64() * 1000.0 / self.done as f64
    }
}

/// Asks for `requests` in turns.
pub async fn repeat(
    deployment: &Deployment,
    requests: &[Request],
    clients: usize,
    length: Duration,
) -> anyhow::Result<Measured> {
    let requests: Arc<[Request]> = requests.into();
    run(deployment, clients, length, move |mut connection, end, done| {
        let requests = Arc::clone(&requests);
        async move {
            while Instant::now() < end {
                let number = done.fetch_add(1, Ordering::Relaxed);
                let answer = connection.send(&requests[number as usize % requests.len()]).await?;
                ensure!(answer.status == 200, "a page came with {}", answer.status);
            }
            Ok(())
        }
    })
    .await
}

/// Books places nobody has, until the time or the places are over: hold and confirm, as the forms send them.
pub async fn book(
    deployment: &Deployment,
    slots: &Slots,
    clients: usize,
    length: Duration,
) -> anyhow::Result<Measured> {
    let (slots, host, base) = (slots.clone(), deployment.host("werne"), deployment.base("werne"));
    run(deployment, clients, length, move |mut connection, end, done| {
        let (slots, host, base) = (slots.clone(), host.clone(), base.clone());
        async move {
            while Instant::now() < end {
                let Some(slot) = slots.next() else { break };
                book_one(&mut connection, &host, &base, &slot).await?;
                done.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        }
    })
    .await
}

/// The two forms of one booking.
pub async fn book_one(connection: &mut Connection, host: &str, base: &str, slot: &str) -> anyhow::Result<()> {
    let attempt = Uuid::new_v4().simple();
    let request = |path: String, form: String| Request { host: host.to_owned(), path, form: Some(form) };
    let form = format!("anliegen={}&zeit={slot}&versuch={attempt}", crate::slots::CONCERN);
    let held = connection.send(&request(format!("{base}/reservierung"), form)).await?;
    let details = held.location.filter(|_| held.status == 303);
    let Some(details) = details else {
        anyhow::bail!("{slot} was not held ({}): {}", held.status, String::from_utf8_lossy(&held.body));
    };
    let form = format!("name=Lea+Beispiel&mail=lea-{attempt}%40example.org&erinnern=ja");
    let booked = connection.send(&request(details, form)).await?;
    let is_done = booked.status == 303 && booked.location.is_some_and(|it| it.ends_with("/fertig"));
    ensure!(is_done, "{slot} was not booked ({}): {}", booked.status, String::from_utf8_lossy(&booked.body));
    Ok(())
}

async fn run<W, F>(deployment: &Deployment, clients: usize, length: Duration, work: W) -> anyhow::Result<Measured>
where
    W: Fn(Connection, Instant, Arc<AtomicU64>) -> F,
    F: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let done = Arc::new(AtomicU64::new(0));
    let (begin, before) = (Instant::now(), deployment.cpu());
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..clients {
        let connection = Connection::open(deployment.port()).await?;
        tasks.spawn(work(connection, begin + length, Arc::clone(&done)));
    }
    while let Some(finished) = tasks.join_next().await {
        finished??;
    }
    let after = deployment.cpu();
    let (application, database) = (after.0 - before.0, after.1 - before.1);
    Ok(Measured { done: done.load(Ordering::Relaxed), took: begin.elapsed(), application, database })
}
