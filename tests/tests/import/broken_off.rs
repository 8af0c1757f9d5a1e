//! The command line is killed during its dry run: what it leaves is gone within a day.

use std::process::{Command, Stdio};
use std::time::Duration;

use importer::batch;

use crate::command::dry_run;
use crate::hall::{Hall, file, hours_later, list, now};
use booking::Links;
use stadttermin::import::run;
use tenancy::{CellName, Db, DbConfig};

const DATABASE: &str = "IMPORT_TEST_DATABASE";
const FILE: &str = "IMPORT_TEST_FILE";

/// What the child process does. Run by hand it does nothing.
#[tokio::test]
#[ignore = "the command of the test below"]
async fn command_process() {
    let (Ok(database), Ok(file)) = (std::env::var(DATABASE), std::env::var(FILE)) else { return };
    let cells = [(CellName::main(), database)].into();
    let db = Db::connect(&DbConfig { cells, max_connections: 4 }).await.unwrap();
    let links = || Ok(Links::new(crate::hall::SECRET));
    run(&dry_run(file.as_ref()), &db, links, now(), &mut std::io::sink()).await.unwrap();
}

#[tokio::test]
async fn a_command_that_was_killed_during_its_dry_run_leaves_nothing_for_long() {
    let hall = Hall::open().await;
    let content = list(&["01.12.2026;09:00;Lea Beispiel;;;Personalausweis;;"]);
    let file = file(&content);
    // The dry run waits here until it is killed.
    let mut lock = hall.test.tx("probe").await;
    sqlx::query("LOCK TABLE import_source IN ACCESS EXCLUSIVE MODE").execute(lock.conn()).await.unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "broken_off::command_process", "--ignored"])
        .env(DATABASE, hall.test.app_address())
        .env(FILE, file.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let checking = "SELECT count(*) FROM import_batch WHERE state = 'checking'";
    while hall.count(checking).await == 0 {
        assert!(child.try_wait().unwrap().is_none(), "the command has ended by itself");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    lock.rollback().await.unwrap();
    assert_eq!(hall.count(checking).await, 1, "it stands there as if at work");
    let mut tx = hall.test.tx("probe").await;
    assert_eq!(batch::forget(&mut tx, hours_later(1)).await.unwrap().batches, 0, "it may be a slow one");
    assert_eq!(batch::forget(&mut tx, hours_later(3)).await.unwrap().batches, 1, "every night");
    tx.rollback().await.unwrap();
    let links = || Ok(hall.links.clone());
    run(&dry_run(file.path()), hall.test.db(), links, hours_later(3), &mut std::io::sink()).await.unwrap();
    assert_eq!(hall.count("SELECT count(*) FROM import_batch").await, 0, "and by the next run of the command");
}

#[tokio::test]
async fn what_somebody_has_uploaded_or_begun_to_apply_stays() {
    let hall = Hall::open().await;
    hall.checked(&["01.12.2026;09:00;Lea Beispiel;;;Personalausweis;;"]).await;
    hall.applied(&["01.12.2026;09:30;Ali Muster;;;Reisepass;;"]).await;
    let mut tx = hall.test.tx("probe").await;
    // As an apply leaves it that was given up in the middle.
    sqlx::query("UPDATE import_batch SET state = 'checked' WHERE state = 'applied'").execute(tx.conn()).await.unwrap();
    assert_eq!(batch::forget_broken_off(&mut tx, hours_later(48)).await.unwrap(), 0);
}
