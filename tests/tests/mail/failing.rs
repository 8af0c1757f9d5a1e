//! A mail server that fails: tries with growing pauses, an end that can be seen, and a way back.

use std::time::{Duration, Instant};

use mail::outbox::MailState;
use mail::sink::Behaviour;
use stadttermin::worker::command::{MailCommand, run};

use crate::post::{Post, SOON, now};

async fn said(post: &Post, command: MailCommand) -> anyhow::Result<String> {
    let mut out = Vec::new();
    run(&command, post.test.db(), now(), &mut out).await?;
    Ok(String::from_utf8(out)?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_failing_server_is_tried_with_growing_pauses_and_ends_visibly() {
    let post = Post::open().await;
    assert_eq!(said(&post, MailCommand::Failed).await.unwrap(), "No mail was given up.\n");
    post.sink.behave(Behaviour::FailTemporarily);
    post.book("de", &[("personalausweis", "09:00")]).await;
    post.change_jobs("UPDATE apalis.jobs SET max_attempts = 3 WHERE idempotency_key IS NULL").await;
    let running = post.start().await;

    // Each try was made between the last look that did not see it and the first that did, however long a look took.
    let mut tries = Vec::new();
    let started = Instant::now();
    let mut before = started;
    while tries.len() < 3 {
        assert!(started.elapsed() < SOON, "{} tries", tries.len());
        let look = Instant::now();
        if post.sink.tries() as usize > tries.len() {
            tries.push((before, Instant::now()));
        }
        before = look;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let failed = post.wait_for_state("confirmation", MailState::Failed).await;
    let at_most = [tries[1].1 - tries[0].0, tries[2].1 - tries[1].0];
    assert!(at_most[0] > Duration::from_millis(1700) && at_most[1] > Duration::from_millis(3500), "{at_most:?}");
    assert_eq!(failed.attempts, 3);
    assert!(failed.last_error.as_deref().unwrap_or_default().contains("451"), "{failed:?}");

    let listed = said(&post, MailCommand::Failed).await.unwrap();
    assert!(listed.contains("probe") && listed.contains(&failed.id.to_string()) && listed.contains("451"), "{listed}");
    assert!(!listed.contains("lea@example.org"), "{listed}");

    post.sink.behave(Behaviour::Accept);
    said(&post, MailCommand::Resend { tenant: "probe".to_owned(), id: failed.id }).await.unwrap();
    let sent = post.wait_for_state("confirmation", MailState::Sent).await;
    running.end().await;
    assert_eq!(post.sink.mails()[0].message_id, format!("{}@probe.example", sent.id));
    let again = said(&post, MailCommand::Resend { tenant: "probe".to_owned(), id: sent.id }).await;
    assert!(again.unwrap_err().to_string().contains("mail failed"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_mail_sent_again_is_not_given_up_for_the_sake_of_its_former_job() {
    let post = Post::open().await;
    post.sink.behave(Behaviour::FailTemporarily);
    post.book("de", &[("personalausweis", "09:00")]).await;
    post.change_jobs("UPDATE apalis.jobs SET max_attempts = 1 WHERE idempotency_key IS NULL").await;
    let running = post.start().await;
    let failed = post.wait_for_state("confirmation", MailState::Failed).await;
    running.end().await;

    said(&post, MailCommand::Resend { tenant: "probe".to_owned(), id: failed.id }).await.unwrap();
    // The next worker looks for mails whose job has died as soon as it starts; the server is still away.
    let tries = post.sink.tries();
    let running = post.start().await;
    let started = Instant::now();
    while post.sink.tries() == tries {
        assert!(started.elapsed() < SOON, "nobody tries");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    post.sink.behave(Behaviour::Accept);
    post.wait_for_state("confirmation", MailState::Sent).await;
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_refused_recipient_is_given_up_at_once_and_named_only_in_the_town() {
    let post = Post::open().await;
    post.sink.behave(Behaviour::FailPermanently);
    post.book("de", &[("personalausweis", "09:00")]).await;
    let running = post.start().await;
    let failed = post.wait_for_state("confirmation", MailState::Failed).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    running.end().await;
    assert_eq!((failed.attempts, post.sink.tries()), (1, 1));
    let in_the_queue: String = sqlx::query_scalar(
        "SELECT string_agg(job::text || last_result::text || convert_from(job, 'UTF8'), ' ') FROM apalis.jobs",
    )
    .fetch_one(&mut post.test.admin_connection().await)
    .await
    .unwrap();
    assert!(!in_the_queue.contains("example.org") && !in_the_queue.contains("Lea"), "{in_the_queue}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_answer_that_got_lost_means_the_same_mail_twice() {
    let post = Post::open().await;
    post.sink.behave(Behaviour::HangUpAfterTaking);
    post.book("de", &[("personalausweis", "09:00")]).await;
    let running = post.start().await;
    post.sink.wait_for(1, SOON).await;
    post.sink.behave(Behaviour::Accept);
    post.wait_for_state("confirmation", MailState::Sent).await;
    running.end().await;
    let mails = post.sink.mails();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0].message_id, mails[1].message_id, "mail programs show it once");
}
