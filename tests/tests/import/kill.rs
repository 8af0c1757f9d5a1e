//! A worker process is killed while it applies a batch: the next one goes on, and nobody is booked twice.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use booking::Links;
use identity::Vault;
use importer::batch::{self, BatchState, Choices};
use jobs::Timing;
use mail::Transport;
use stadttermin::worker::{self, Settings};
use tenancy::{CellName, Db, DbConfig, Directory};
use uuid::Uuid;
use web::Renderer;

use crate::crash::{ROWS, many};
use crate::hall::{Hall, SECRET, YILDIZ, now};

const DATABASE: &str = "IMPORT_TEST_DATABASE";
const LONG: Duration = Duration::from_secs(180);

/// What the child process does. Run by hand it does nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the worker process of the tests below"]
async fn worker_process() {
    let Ok(database) = std::env::var(DATABASE) else { return };
    let cells = [(CellName::main(), database)].into();
    let db = Db::connect(&DbConfig { cells, max_connections: 8 }).await.unwrap();
    let (wait, pause) = (Duration::from_secs(5), Duration::from_secs(10));
    let settings = Settings {
        directory: Arc::new(Directory::load(&db).await.unwrap()),
        db,
        transport: Transport::with_limits("smtp://127.0.0.1:9", wait, pause).unwrap(),
        links: Links::new(SECRET),
        vault: Vault::new(SECRET),
        renderer: Arc::new(Renderer::default()),
        clock: Arc::new(now),
        timing: Timing::fast(),
        mails_at_a_time: 1,
    };
    worker::run(settings, std::future::pending()).await.unwrap();
}

/// A worker process that does not outlive its test.
struct Process(Child);

impl Process {
    fn start(hall: &Hall) -> Self {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "kill::worker_process", "--ignored"])
            .env(DATABASE, hall.test.app_address())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self(child.unwrap())
    }

    /// As `kill -9` does.
    fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn asked_to_apply(hall: &Hall) -> Uuid {
    let id = hall.upload("viele.csv", many().as_bytes()).await;
    hall.check(id, &Choices::default()).await;
    // The dry run was done here; its job is nobody's any more.
    let mut admin = hall.test.admin_connection().await;
    sqlx::query("DELETE FROM apalis.jobs WHERE job_type = 'import'").execute(&mut admin).await.unwrap();
    let mut tx = hall.test.tx("probe").await;
    batch::start_apply(&mut tx, id, &YILDIZ, now()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn wait_until(hall: &Hall, id: Uuid, is_so: impl Fn(&batch::Batch) -> bool) {
    let started = Instant::now();
    loop {
        let batch = hall.find(id).await;
        if is_so(&batch) {
            return;
        }
        assert!(started.elapsed() < LONG, "{batch:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_killed_worker_process_leaves_nothing_by_half_and_the_next_goes_on() {
    let hall = Hall::open().await;
    let id = asked_to_apply(&hall).await;
    // As long as somebody holds the last row, the worker does not come to its end, however quick it is.
    let mut holding = hall.test.tx("probe").await;
    sqlx::query("SELECT number FROM import_row WHERE batch_id = $1 ORDER BY number DESC LIMIT 1 FOR UPDATE")
        .bind(id)
        .execute(holding.conn())
        .await
        .unwrap();
    let mut first = Process::start(&hall);
    wait_until(&hall, id, |it| it.done > 0).await;
    first.kill();
    holding.rollback().await.unwrap();
    let left = hall.count("SELECT count(*) FROM import_row WHERE NOT is_applied").await;
    assert!(left > 0 && hall.find(id).await.state == BatchState::Applying, "{left} are left");
    assert_eq!(hall.booked().await.len(), ROWS - usize::try_from(left).unwrap(), "each row is either done or not");
    let _second = Process::start(&hall);
    wait_until(&hall, id, |it| it.state == BatchState::Applied).await;
    assert_eq!(hall.booked().await.len(), ROWS, "nobody twice, nobody lost");
    assert_eq!(hall.count("SELECT count(*) FROM import_source").await, i64::try_from(ROWS).unwrap());
    assert_eq!(hall.count("SELECT count(*) FROM import_piece").await, 0, "the upload is gone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_batch_whose_job_died_without_a_word_says_so_and_can_be_applied_on() {
    let hall = Hall::open().await;
    let id = asked_to_apply(&hall).await;
    let mut admin = hall.test.admin_connection().await;
    sqlx::query("UPDATE apalis.jobs SET status = 'Killed', done_at = now() WHERE job_type = 'import'")
        .execute(&mut admin)
        .await
        .unwrap();
    let mut worker = Process::start(&hall);
    wait_until(&hall, id, |it| it.state == BatchState::Checked).await;
    worker.kill();
    let problem = hall.find(id).await.problem.expect("why");
    assert_eq!(problem.key, "broken_down");
    let applied = hall.apply(id).await;
    assert_eq!((applied.state, applied.problem), (BatchState::Applied, None));
    assert_eq!(hall.booked().await.len(), ROWS);
}
