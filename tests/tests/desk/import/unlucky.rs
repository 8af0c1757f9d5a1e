//! What goes wrong on a bad day: a line that breaks, two colleagues at one file, a file that ends in the middle.

use std::time::Duration;

use reqwest::StatusCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{HOME, LIST, Office, batch, path};

/// One row that fits.
const ROW: &str = "Datum;Uhrzeit;Name;Anliegen\r\n03.12.2026;8:30;Erika Mustermann;Personalausweis\r\n";

/// What comes before the body of an upload.
fn head(office: &Office, length: &str) -> String {
    let (port, cookie) = (office.server.port(), office.admin.cookie());
    format!(
        "POST /termine{HOME} HTTP/1.1\r\nhost: probe.localhost:{port}\r\ncookie: sitzung={cookie}\r\n\
         sec-fetch-site: same-origin\r\ncontent-type: multipart/form-data; boundary=x\r\n{length}\r\n\r\n"
    )
}

async fn count(office: &Office, statement: &'static str) -> i64 {
    sqlx::query_scalar(statement).fetch_one(office.test.tx("probe").await.conn()).await.unwrap()
}

#[tokio::test]
async fn an_upload_that_was_broken_off_is_sent_again_with_the_same_form() {
    let office = Office::open().await;
    let attempt = office.admin.get(HOME).await.value("versuch");
    let mut line = TcpStream::connect(("127.0.0.1", office.server.port())).await.unwrap();
    let begun = format!(
        "{}--x\r\ncontent-disposition: form-data; name=\"versuch\"\r\n\r\n{attempt}\r\n--x\r\n\
         content-disposition: form-data; name=\"datei\"; filename=\"liste.csv\"\r\n\r\n{ROW}",
        head(&office, "content-length: 9000")
    );
    line.write_all(begun.as_bytes()).await.unwrap();
    for _ in 0..1200 {
        if count(&office, "SELECT count(*) FROM import_batch").await > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    drop(line);
    let columns = office.admin.upload(HOME, &attempt, "liste.csv", LIST.as_bytes()).await;
    columns.says("Was bedeuten die Spalten?").says("Erika Mustermann");
    assert_eq!(count(&office, "SELECT count(*) FROM import_batch").await, 1, "nothing of the first is left");
    office.server.stop().await;
}

#[tokio::test]
async fn only_the_file_may_be_long() {
    let office = Office::open().await;
    let mut line = TcpStream::connect(("127.0.0.1", office.server.port())).await.unwrap();
    let head = head(&office, "transfer-encoding: chunked");
    let field = format!("--x\r\ncontent-disposition: form-data; name=\"versuch\"\r\n\r\n{}", "a".repeat(5000));
    // The field does not end, and neither does the body.
    line.write_all(format!("{head}{:x}\r\n{field}\r\n", field.len()).as_bytes()).await.unwrap();
    let mut part = [0; 512];
    let answer = tokio::time::timeout(Duration::from_secs(60), line.read(&mut part)).await.expect("an answer at once");
    assert!(part[..answer.unwrap()].starts_with(b"HTTP/1.1 400"), "{}", String::from_utf8_lossy(&part));
}

#[tokio::test]
async fn nobody_carries_out_a_dry_run_they_have_not_seen() {
    let office = Office::open().await;
    let seen = office.checked(ROW).await;
    let colleague = office.send(&seen, "main form", &[("mails", "1")]).await;
    office.wait(&colleague).await;
    let refused = office.send(&seen, "form[action$=uebernehmen]", &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    refused.says("Inzwischen hat sich etwas geändert");
    assert_eq!(office.appointments().await, 0);
    let applying = office.send(&refused, "form[action$=uebernehmen]", &[]).await;
    let report = office.wait(&applying).await;
    assert_eq!(report.all(".import-rows .mark")[0].text().collect::<String>(), "Übernommen");
    // The same button once more, and the one that throws away, in a window that was left open.
    office.send(&refused, "form[action$=uebernehmen]", &[]).await.says("Ein Termin neu eingetragen");
    office.send(&refused, "form[action$=verwerfen]", &[]).await.says("Ein Termin neu eingetragen");
    assert_eq!(office.appointments().await, 1);
    office.server.stop().await;
}

#[tokio::test]
async fn a_profile_sends_no_mails_by_itself() {
    let office = Office::open().await;
    let columns = office.upload("liste.csv", ROW).await;
    let concerns = office.send(&columns, "main form", &[("fertig", "1"), ("profilname", "Bürgerbüro")]).await;
    let check = office.send(&concerns, "main form", &[]).await;
    let wishes = [("mails", "1"), ("absagen", "1"), ("ganztags", "schliessen")];
    let running = office.send(&check, "main form", &wishes).await;
    office.wait(&running).await;
    let next = office.upload("liste.csv", ROW).await;
    let check = office.admin.get(&path(&next).replace("spalten", "pruefung")).await;
    assert_eq!(check.all("#ganztags-ja[checked]").len(), 1, "what was decided for such files is known");
    assert!(check.all("#mails[checked], #absagen[checked]").is_empty(), "mails and cancellations are not");
    office.server.stop().await;
}

#[tokio::test]
async fn what_is_missing_is_named_before_it_is_cancelled() {
    let office = Office::open().await;
    let checked = office.checked(ROW).await;
    let applying = office.send(&checked, "form[action$=uebernehmen]", &[]).await;
    office.wait(&applying).await;
    let checked = office.checked(ROW.replace("Erika Mustermann", "Lea Beispiel")).await;
    assert!(
        checked.all("section[aria-labelledby=fehlt]").is_empty(),
        "with no row in common it may be another calendar"
    );
    let checked = office.of_the_first(&checked).await;
    let named: String = checked.all("section[aria-labelledby=fehlt] a").iter().flat_map(|it| it.text()).collect();
    assert_eq!(named, "Erika Mustermann");
    office.server.stop().await;
}

#[tokio::test]
async fn a_file_that_breaks_far_down_says_where() {
    let office = Office::open().await;
    let event = |number: u32| {
        format!("BEGIN:VEVENT\r\nUID:{number}\r\nDTSTART:20261203T090000Z\r\nSUMMARY:Person, PA\r\nEND:VEVENT\r\n")
    };
    let events: String = (0..1500).map(event).collect();
    let failed = office.checked(format!("BEGIN:VCALENDAR\r\n{events}BEGIN:VEVENT\r\nUID:1500\r\nSUMMARY:Abgebr")).await;
    failed.says("Es ist nichts geschehen");
    let said: String = failed.all(".said.warn")[0].text().collect();
    assert!(said.contains("Zeile 750") && !said.contains("Spalte"), "{said}");
    assert!(failed.all("form[action$=uebernehmen]").is_empty());
    office.admin.get(&format!("{HOME}/{}/bericht", batch(&failed))).await.says("Probelauf");
    office.server.stop().await;
}
