//! What each kind of mail says, in both languages, as it arrives.

use mail::sink::StoredMail;

use crate::post::{Made, Post};

/// Largest mail body: Gmail cuts longer ones (102 kB), and we stay far below.
const LARGEST: usize = 60_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_kind_arrives_complete_in_german() {
    let subjects = [
        "Ihre 2 Termine – Stadt Probe",
        "Verschoben: Ihr Termin ist jetzt am Donnerstag, 3. Dezember, 11:00 Uhr – Personalausweis beantragen",
        "Erinnerung: Ihr Termin am Donnerstag, 3. Dezember, 11:00 Uhr – Personalausweis beantragen",
        "Abgesagt: Ihr Termin am Donnerstag, 3. Dezember, 10:00 Uhr – Wohnung ummelden",
        "Der Link zu Ihrer Buchung – Stadt Probe",
    ];
    let words = ["Guten Tag Lea <Beispiel>,", "In dringenden Fällen rufen Sie uns an.", "Buchungsnummer"];
    let facts = [
        "Donnerstag, 3. Dezember 2026",
        "15 Minuten",
        "Markt 1",
        "Eingang am Turm",
        "Aufzug im Hof",
        "bisheriger Ausweis",
        "(nur für Kinder unter 16)",
        "mit Kopie der Ausweise",
        "46,00 €",
        "Bar oder mit Karte vor Ort",
    ];
    check_all("de", subjects, words, facts).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_kind_arrives_complete_in_english() {
    let subjects = [
        "Your 2 appointments – Stadt Probe",
        "Moved: your appointment is now on Thursday, 3 December, 11:00 – Apply for an ID card",
        "Reminder: your appointment on Thursday, 3 December, 11:00 – Apply for an ID card",
        "Cancelled: your appointment on Thursday, 3 December, 10:00 – Register a new address",
        "The link to your booking – Stadt Probe",
    ];
    let words = ["Hello Lea <Beispiel>,", "In urgent cases call us.", "booking number"];
    let facts = [
        "Thursday, 3 December 2026",
        "15 minutes",
        "Markt 1",
        "Entrance at the tower",
        "Lift in the yard",
        "previous ID card",
        "(only for children under 16)",
        "with copies of the ID cards",
        "€46.00",
        "Cash or card on site",
    ];
    check_all("en", subjects, words, facts).await;
}

/// Books two appointments, moves the first, is reminded of it, cancels the second, and asks for the link.
async fn check_all(language: &str, subjects: [&str; 5], words: [&str; 3], facts: [&str; 10]) {
    let post = Post::open().await;
    let running = post.start().await;
    let made = post.book(language, &[("personalausweis", "09:00"), ("ummeldung", "10:00")]).await;
    let confirmation = post.newest(1).await;
    post.move_to(&made, 0, "11:00").await;
    let moved = post.newest(2).await;
    post.change_jobs("UPDATE apalis.jobs SET run_at = now() - interval '1 s' WHERE idempotency_key LIKE '%:1'").await;
    let reminder = post.newest(3).await;
    post.cancel(&made, 1).await;
    let cancellation = post.newest(4).await;
    post.send_link(&made).await;
    let link = post.newest(5).await;
    running.end().await;

    let mails = [&confirmation, &moved, &reminder, &cancellation, &link];
    for (mail, subject) in mails.into_iter().zip(subjects) {
        assert_eq!(mail.subject, subject);
        check_frame(mail, language, &made);
        for word in words {
            assert_says(mail, word);
        }
    }
    for mail in [&confirmation, &moved, &reminder, &link] {
        for fact in facts {
            assert_says(mail, fact);
        }
        assert_links(mail, "http://probe.localhost/termine/formulare/sorge.pdf");
    }
    assert_says(&cancellation, "11:00");
    assert_links(&cancellation, "/termine/?anliegen=ummeldung");
    assert!(reminder.attachments.is_empty() && link.attachments.is_empty());
}

/// What holds for every mail.
fn check_frame(mail: &StoredMail, language: &str, made: &Made) {
    assert_eq!(mail.to, ["lea@example.org"]);
    assert_eq!(mail.from, "Stadt Probe – Terminvergabe <termin@probe.example>");
    assert_eq!(mail.header("Reply-To").as_deref(), Some("buergerbuero@probe.example"));
    assert_eq!(mail.header("Auto-Submitted").as_deref(), Some("auto-generated"));
    assert_eq!(mail.header("Content-Language").as_deref(), Some(language));
    assert_eq!(mail.tenant, "probe");
    assert_says(mail, &made.code);
    assert_says(mail, "02389 71-0");
    assert_links(mail, &format!("/termine/buchung/{}", made.token));
    assert_links(mail, "/termine/verwalten");
    assert_links(mail, "/termine/datenschutz");
    assert!(mail.html.contains(&format!("<html lang=\"{language}\"")), "{}", mail.html);
    assert!(mail.html.len() <= LARGEST && mail.text.len() <= LARGEST, "{} bytes", mail.html.len());
    for foreign in ["<img", "url(", "src=", "<script", "@import", "<link"] {
        assert!(!mail.html.contains(foreign), "{foreign} loads something");
    }
    assert!(!mail.html.contains("<Beispiel>"), "a name is text, never markup");
    for part in [&mail.html, &mail.text] {
        assert!(!part.contains('⟦') && !part.contains("%{"), "a text is missing: {part}");
    }
}

/// Both parts say it: who reads the plain text misses nothing.
fn assert_says(mail: &StoredMail, words: &str) {
    assert!(mail.text.contains(words), "the text of “{}” does not say “{words}”:\n{}", mail.subject, mail.text);
    let shown = shown(&mail.html);
    assert!(shown.contains(words), "the HTML of “{}” does not say “{words}”:\n{shown}", mail.subject);
}

fn assert_links(mail: &StoredMail, address: &str) {
    assert!(mail.text.contains(address), "no {address} in the text of “{}”:\n{}", mail.subject, mail.text);
    let html = mail.html.replace("&#x2f;", "/");
    let link = html.split("href=\"").skip(1).any(|rest| rest.split('"').next().unwrap_or_default().contains(address));
    assert!(link, "no link to {address} in the HTML of “{}”", mail.subject);
}

/// The text of a page as it is read: without tags, with characters instead of entities.
fn shown(html: &str) -> String {
    let body = html.split("</head>").nth(1).unwrap_or_default();
    let text: String = body.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&#x2f;", "/"), ("&quot;", "\""), ("&#x27;", "'"), ("&amp;", "&")];
    entities.iter().fold(text, |text, (entity, character)| text.replace(entity, character))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_is_cancelled_by_the_town_reads_why() {
    let post = Post::open().await;
    let running = post.start().await;
    let made = post.book("de", &[("ummeldung", "09:00")]).await;
    post.newest(1).await;
    post.cancel_for(&made, 0, "Der Schalter fällt aus & bleibt zu.").await;
    let mail = post.newest(2).await;
    running.end().await;
    assert_says(&mail, "Grund: Der Schalter fällt aus & bleibt zu.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_sensitive_concern_is_named_only_inside() {
    let post = Post::open().await;
    let running = post.start().await;
    post.book("de", &[("kirchenaustritt", "09:00")]).await;
    let mail = post.newest(1).await;
    running.end().await;
    assert_eq!(mail.subject, "Ihr Termin am Donnerstag, 3. Dezember, 09:00 Uhr – Stadt Probe");
    assert_says(&mail, "Kirchenaustritt");
    let calendar = String::from_utf8(mail.attachments[0].content.clone()).unwrap();
    assert!(!calendar.contains("Kirchen"), "{calendar}");
    assert!(calendar.contains("SUMMARY;LANGUAGE=de:Termin – Stadt Probe"), "{calendar}");
}
