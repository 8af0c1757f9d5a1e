//! The worker does what an admin has asked for on the page, and mails go the usual way.

use std::sync::Arc;
use std::time::{Duration, Instant};

use identity::Vault;
use importer::batch::{self, BatchState, Choices};
use jobs::Timing;
use mail::Transport;
use mail::sink::Sink;
use stadttermin::worker::{self, Settings};
use tenancy::Directory;
use tokio::sync::oneshot;
use uuid::Uuid;
use web::Renderer;

use crate::hall::{Hall, YILDIZ, list, now};

const SOON: Duration = Duration::from_secs(90);

async fn settings(hall: &Hall, sink: &Sink) -> Settings {
    Settings {
        db: hall.test.db().clone(),
        directory: Arc::new(Directory::load(hall.test.db()).await.unwrap()),
        transport: Transport::with_limits(&sink.url(), Duration::from_secs(20), Duration::from_secs(40)).unwrap(),
        links: hall.links.clone(),
        vault: Vault::new(b"a secret of the tests, long enough"),
        renderer: Arc::new(Renderer::default()),
        clock: Arc::new(now),
        timing: Timing::fast(),
        mails_at_a_time: 1,
    }
}

async fn wait_for(hall: &Hall, id: Uuid, state: BatchState) {
    let started = Instant::now();
    while hall.find(id).await.state != state {
        assert!(started.elapsed() < SOON, "{:?}", hall.find(id).await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn the_worker_checks_applies_tells_and_takes_back() {
    let hall = Hall::open().await;
    let sink = Sink::start().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async move {
        let _ = stopped.await;
    };
    let worker = tokio::spawn(worker::run(settings(&hall, &sink).await, shutdown));
    let row = "01.12.2026;09:00;Lea Beispiel;;lea@example.org;Personalausweis;;";
    let id = hall.upload("termine.csv", list(&[row]).as_bytes()).await;
    let mut tx = hall.test.tx("probe").await;
    let choices = Choices { send_mails: true, ..Choices::default() };
    batch::start_check(&mut tx, id, &choices, now()).await.unwrap();
    tx.commit().await.unwrap();
    wait_for(&hall, id, BatchState::Checked).await;
    let mut tx = hall.test.tx("probe").await;
    batch::start_apply(&mut tx, id, &YILDIZ, now()).await.unwrap();
    tx.commit().await.unwrap();
    wait_for(&hall, id, BatchState::Applied).await;
    assert_eq!(hall.booked().await.len(), 1);
    let mails = sink.wait_for(1, SOON).await;
    let booking: Uuid = sqlx::query_scalar("SELECT id FROM booking WHERE channel = 'import'")
        .fetch_one(hall.test.tx("probe").await.conn())
        .await
        .unwrap();
    assert!(mails[0].text.contains(&hall.links.token(booking)), "the mail brings the link: {}", mails[0].text);
    let mut tx = hall.test.tx("probe").await;
    batch::start_undo(&mut tx, id, &YILDIZ, now()).await.unwrap();
    tx.commit().await.unwrap();
    wait_for(&hall, id, BatchState::Undone).await;
    assert_eq!(hall.booked().await, []);
    stop.send(()).unwrap();
    worker.await.unwrap().unwrap();
}
