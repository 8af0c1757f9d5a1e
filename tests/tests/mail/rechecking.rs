//! A mail is looked at again when its time comes: what is no longer so is not said.

use jobs::Job;
use mail::outbox::{self, MailState};

use crate::post::Post;

/// Puts the job of a mail in once more, as a takeover or a second process would.
async fn enqueue_again(post: &Post, id: uuid::Uuid) {
    let mut tx = post.test.tx("probe").await;
    jobs::enqueue(&mut tx, Job::new(outbox::QUEUE, outbox::payload(id))).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_sent_is_not_sent_again() {
    let post = Post::open().await;
    let running = post.start().await;
    post.book("de", &[("personalausweis", "09:00")]).await;
    let sent = post.wait_for_state("confirmation", MailState::Sent).await;
    assert!(sent.sent_at.is_some() && sent.last_error.is_none());
    enqueue_again(&post, sent.id).await;
    post.send_link(&post_only(&post).await).await;
    post.wait_for_state("manage_link", MailState::Sent).await;
    running.end().await;
    assert_eq!(post.sink.mails().len(), 2, "the confirmation once, and the link behind it in the queue");
}

/// The only booking there is.
async fn post_only(post: &Post) -> crate::post::Made {
    let id: uuid::Uuid =
        sqlx::query_scalar("SELECT id FROM booking").fetch_one(post.test.tx("probe").await.conn()).await.unwrap();
    crate::post::Made { id, code: String::new(), token: String::new(), appointments: Vec::new() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_is_reminded_of_what_was_cancelled_or_moved() {
    let post = Post::open().await;
    let made = post.book("de", &[("personalausweis", "09:00"), ("ummeldung", "10:00")]).await;
    post.cancel(&made, 0).await;
    post.move_to(&made, 1, "11:00").await;
    let reminders = post.rows("reminder").await;
    assert_eq!(reminders.len(), 3, "two of the booking, one of the moved appointment");
    // As if taking back had come too late: all are waiting, and all jobs are there.
    let mut tx = post.test.tx("probe").await;
    sqlx::raw_sql("UPDATE mail SET state = 'waiting'").execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    for reminder in &reminders {
        enqueue_again(&post, reminder.id).await;
    }
    let running = post.start().await;
    // Confirmation, cancellation, move, and one reminder.
    let mails = post.sink.wait_for(4, crate::post::SOON).await;
    for reminder in &reminders {
        wait_until_settled(&post, reminder.id).await;
    }
    running.end().await;
    let reminded: Vec<_> = mails.iter().filter(|mail| mail.subject.starts_with("Erinnerung")).collect();
    assert_eq!(reminded.len(), 1);
    assert!(reminded[0].subject.contains("11:00 Uhr"), "{}", reminded[0].subject);
    let states: Vec<MailState> = post.rows("reminder").await.iter().map(|mail| mail.state).collect();
    assert_eq!(states.iter().filter(|state| **state == MailState::Dropped).count(), 2, "{states:?}");
}

async fn wait_until_settled(post: &Post, id: uuid::Uuid) {
    let started = std::time::Instant::now();
    while post.rows("reminder").await.iter().any(|mail| mail.id == id && mail.state == MailState::Waiting) {
        assert!(started.elapsed() < crate::post::SOON);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_mail_that_is_gone_with_its_booking_ends_its_job_quietly() {
    let post = Post::open().await;
    post.book("de", &[("personalausweis", "09:00")]).await;
    let mut tx = post.test.tx("probe").await;
    sqlx::raw_sql("DELETE FROM booking").execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    let running = post.start().await;
    let started = std::time::Instant::now();
    let mut admin = post.test.admin_connection().await;
    loop {
        let sql = "SELECT count(*) FROM apalis.jobs WHERE job_type = 'mail' AND status = 'Done'";
        let done: i64 = sqlx::query_scalar(sql).fetch_one(&mut admin).await.unwrap();
        if done == 1 {
            break;
        }
        assert!(started.elapsed() < crate::post::SOON);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    running.end().await;
    assert!(post.sink.mails().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_office_that_has_closed_is_still_named() {
    let post = Post::open().await;
    let made = post.book("de", &[("personalausweis", "09:00")]).await;
    let mut tx = post.test.tx("probe").await;
    sqlx::raw_sql("UPDATE location SET active = false WHERE id = 1").execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    let running = post.start().await;
    let mail = post.newest(1).await;
    running.end().await;
    assert!(mail.text.contains("Wo: Rathaus, Markt 1") && mail.text.contains(&made.code), "{}", mail.text);
}
