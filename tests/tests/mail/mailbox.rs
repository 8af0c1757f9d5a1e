//! The demo's mailbox: what arrived is shown as a citizen would see it, and as JSON.

use mail::sink::Sink;
use reqwest::{Client, Response, StatusCode};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::post::Post;

/// The mailbox of a sink on a port of its own.
async fn serve(sink: &Sink) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(web::serve(listener, web::mailbox::router(sink.clone()), std::future::pending()));
    address
}

async fn get(address: &str, path: &str) -> Response {
    // No identity provider has said so in this process: see services/identity/src/provider/fetch.rs.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .get(format!("{address}{path}"))
        .header("accept-language", "de")
        .send()
        .await
        .unwrap()
}

fn header(answer: &Response, name: &str) -> String {
    answer.headers()[name].to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_mail_is_shown_in_all_its_forms() {
    let post = Post::open().await;
    let mailbox = serve(&post.sink).await;
    assert!(get(&mailbox, "/").await.text().await.unwrap().contains("Noch ist keine E-Mail da."));

    let running = post.start().await;
    let made = post.book("de", &[("personalausweis", "09:00")]).await;
    let mail = post.newest(1).await;
    running.end().await;

    let list = get(&mailbox, "/").await.text().await.unwrap();
    assert!(list.contains("1 E-Mail") && list.contains("lea@example.org") && list.contains(&mail.subject), "{list}");
    let page = get(&mailbox, "/mail/1").await;
    assert!(header(&page, "content-security-policy").contains("frame-src 'self'"));
    let page = page.text().await.unwrap();
    assert!(
        page.contains("src=\"/mail/1/html\"") && page.contains("sandbox=") && page.contains("termin.ics"),
        "{page}"
    );
    assert!(
        get(&mailbox, "/mail/1?ansicht=text").await.text().await.unwrap().contains("Guten Tag Lea &lt;Beispiel&gt;,")
    );

    let html = get(&mailbox, "/mail/1/html").await;
    let policy = header(&html, "content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && policy.contains("sandbox") && !policy.contains("script"),
        "{policy}"
    );
    assert!(html.text().await.unwrap().contains(&made.code));
    let source = get(&mailbox, "/mail/1/quelltext").await;
    assert!(header(&source, "content-type").starts_with("text/plain"));
    assert!(source.text().await.unwrap().contains("Auto-Submitted: auto-generated"));
    let file = get(&mailbox, "/mail/1/anhang/0").await;
    assert_eq!(header(&file, "content-disposition"), "attachment; filename=\"termin.ics\"");
    assert!(file.text().await.unwrap().starts_with("BEGIN:VCALENDAR"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tests_read_the_mails_as_json() {
    let post = Post::open().await;
    let mailbox = serve(&post.sink).await;
    let running = post.start().await;
    post.book("en", &[("personalausweis", "09:00")]).await;
    post.newest(1).await;
    running.end().await;
    let messages: Vec<Value> = get(&mailbox, "/api/messages").await.json().await.unwrap();
    let [message] = &messages[..] else { panic!("{messages:#?}") };
    assert_eq!(
        (&message["id"], &message["tenant"], &message["to"]),
        (&1.into(), &"probe".into(), &"lea@example.org".into())
    );
    assert!(message["subject"].as_str().unwrap().starts_with("Your appointment on"));
    assert!(message["text"].as_str().unwrap().contains("Hello Lea"));
    assert!(message["html"].as_str().unwrap().contains("<html lang=\"en\""));
    let file = &message["attachments"][0];
    assert_eq!((&file["name"], &file["url"]), (&"termin.ics".into(), &"/mail/1/anhang/0".into()));
    assert!(file["content"].as_str().unwrap().contains("METHOD:PUBLISH"));
}

#[tokio::test]
async fn what_is_not_there_is_said_so() {
    let mailbox = serve(&Sink::start().unwrap()).await;
    for path in ["/mail/7", "/mail/7/html", "/mail/7/anhang/0", "/mail/7/quelltext", "/nirgends"] {
        let answer = get(&mailbox, path).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        assert!(answer.text().await.unwrap().contains("Diese E-Mail gibt es nicht mehr."), "{path}");
    }
    assert_eq!(get(&mailbox, "/mail/x").await.status(), StatusCode::BAD_REQUEST);
}
