//! A worker process is killed in the middle of sending: no mail is lost, and only what was on the wire comes twice.

use std::collections::HashMap;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use jobs::Job;
use mail::outbox::{self, MailKind, NewMail};
use mail::sink::Behaviour;
use tenancy::{CellName, Db, DbConfig};
use uuid::Uuid;

use crate::post::{self, Post, now};

const DATABASE: &str = "MAIL_TEST_DATABASE";
const SMTP: &str = "MAIL_TEST_SMTP";
const MAILS: usize = 12;

/// What the child process does. Run by hand it does nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the worker process of the test below"]
async fn worker_process() {
    let (Ok(database), Ok(smtp)) = (std::env::var(DATABASE), std::env::var(SMTP)) else { return };
    let cells = [(CellName::main(), database)].into();
    let db = Db::connect(&DbConfig { cells, max_connections: 8 }).await.unwrap();
    let settings = post::settings(db, &smtp).await;
    stadttermin::worker::run(settings, std::future::pending()).await.unwrap();
}

fn spawn_worker(post: &Post) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::worker_process", "--ignored"])
        .env(DATABASE, post.test.app_address())
        .env(SMTP, post.sink.url())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_killed_worker_loses_no_mail_and_repeats_at_most_the_one_on_the_wire() {
    let post = Post::open().await;
    let ids = ask_for_mails(&post).await;
    // The server has the mail, and answers a moment later: that is when the worker dies.
    post.sink.behave(Behaviour::Delay(Duration::from_millis(150)));
    for so_far in [4, 8] {
        let mut worker = spawn_worker(&post);
        post.sink.wait_for(so_far, Duration::from_secs(90)).await;
        worker.kill().unwrap();
        worker.wait().unwrap();
    }
    post.sink.behave(Behaviour::Accept);
    let mut worker = spawn_worker(&post);
    wait_until_all_sent(&post).await;
    worker.kill().unwrap();
    worker.wait().unwrap();

    let mut copies: HashMap<String, usize> = HashMap::new();
    for mail in post.sink.mails() {
        *copies.entry(mail.message_id.clone()).or_default() += 1;
    }
    for id in &ids {
        assert!(copies.contains_key(&format!("{id}@probe.example")), "the mail {id} is lost");
    }
    assert_eq!(copies.len(), MAILS);
    let repeated: usize = copies.values().map(|count| count - 1).sum();
    assert!(repeated <= 2, "two kills, but {repeated} mails came again");
}

/// Twelve mails of one booking, each with its job.
async fn ask_for_mails(post: &Post) -> Vec<Uuid> {
    let made = post.book("de", &[("personalausweis", "09:00")]).await;
    let mut tx = post.test.tx("probe").await;
    sqlx::raw_sql("DELETE FROM mail").execute(tx.conn()).await.unwrap();
    let mails: Vec<NewMail> = (0..MAILS)
        .map(|_| NewMail {
            id: Uuid::new_v4(),
            kind: MailKind::ManageLink,
            booking_id: Some(made.id),
            staff_link_id: None,
            appointment_id: None,
            sequence: 0,
            recipient: "lea@example.org".to_owned(),
            language: "de".to_owned(),
            due_at: now(),
        })
        .collect();
    outbox::insert(&mut tx, &mails).await.unwrap();
    let jobs: Vec<Job> = mails.iter().map(|mail| Job::new(outbox::QUEUE, outbox::payload(mail.id))).collect();
    jobs::enqueue_all(&mut tx, &jobs).await.unwrap();
    tx.commit().await.unwrap();
    mails.iter().map(|mail| mail.id).collect()
}

async fn wait_until_all_sent(post: &Post) {
    let started = Instant::now();
    loop {
        let mut tx = post.test.tx("probe").await;
        let open: i64 =
            sqlx::query_scalar("SELECT count(*) FROM mail WHERE state <> 'sent'").fetch_one(tx.conn()).await.unwrap();
        if open == 0 {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(120), "{open} mails are still waiting");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
