//! Files that are not taken, and what the page says then.

use reqwest::StatusCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{HOME, LIST, Office};

#[tokio::test]
async fn what_is_no_list_is_refused_in_words() {
    let office = Office::open().await;
    for (name, content, words) in [
        ("termine.csv", &b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"[..], "Das ist ein PDF, keine Liste"),
        ("leer.csv", b"", "Die Datei ist leer"),
        ("", b"", "Wählen Sie eine Datei aus"),
        ("bild.xlsx", b"\x89PNG\r\n\x1a\n", "Das ist ein Bild"),
    ] {
        let page = office.upload(name, content).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        page.says(words);
        assert_eq!(page.all("#datei[aria-invalid]").len(), 1, "{name}");
    }
    assert_eq!(batches(&office).await, 0, "nothing is left behind");
    office.server.stop().await;
}

#[tokio::test]
async fn the_same_form_sent_twice_is_one_batch() {
    let office = Office::open().await;
    let attempt = office.admin.get(HOME).await.value("versuch");
    for _ in 0..2 {
        office.admin.upload(HOME, &attempt, "liste.csv", LIST.as_bytes()).await.says("Was bedeuten die Spalten?");
    }
    assert_eq!(batches(&office).await, 1);
    office.server.stop().await;
}

#[tokio::test]
async fn a_file_without_end_is_refused_while_it_comes_in() {
    let office = Office::open().await;
    let mut line = TcpStream::connect(("127.0.0.1", office.server.port())).await.unwrap();
    let head = format!(
        "POST /termine{HOME} HTTP/1.1\r\nhost: probe.localhost:{}\r\ncookie: sitzung={}\r\nsec-fetch-site: same-origin\r\n\
         content-type: multipart/form-data; boundary=x\r\ntransfer-encoding: chunked\r\n\r\n",
        office.server.port(),
        office.admin.cookie()
    );
    line.write_all(head.as_bytes()).await.unwrap();
    let begin = b"--x\r\ncontent-disposition: form-data; name=\"datei\"; filename=\"a.csv\"\r\n\r\nDatum;Name\r\n";
    chunk(&mut line, begin).await;
    let (mut read, mut write) = line.into_split();
    // It never ends by itself: the answer comes while it is still being sent.
    let sending = tokio::spawn(async move {
        let megabyte = vec![b'a'; 1 << 20];
        let mut sent = 0_u32;
        while write.write_all(b"100000\r\n").await.is_ok() && write.write_all(&megabyte).await.is_ok() {
            if write.write_all(b"\r\n").await.is_err() {
                break;
            }
            sent += 1;
        }
        sent
    });
    let mut answer = Vec::new();
    let mut part = [0; 4096];
    while !String::from_utf8_lossy(&answer).contains("</html>") {
        let length = read.read(&mut part).await.unwrap();
        assert!(length > 0, "hung up on: {}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&part[..length]);
    }
    sending.abort();
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 413"), "{}", answer.lines().next().unwrap_or_default());
    assert!(answer.contains("Die Datei ist größer als 64 MB"), "{answer}");
    assert_eq!(batches(&office).await, 0, "nothing is left behind");
}

#[tokio::test]
async fn two_gigabytes_are_refused_by_their_announcement() {
    let office = Office::open().await;
    let mut line = TcpStream::connect(("127.0.0.1", office.server.port())).await.unwrap();
    let head = format!(
        "POST /termine{HOME} HTTP/1.1\r\nhost: probe.localhost:{}\r\ncookie: sitzung={}\r\nsec-fetch-site: same-origin\r\n\
         content-type: multipart/form-data; boundary=x\r\ncontent-length: 2147483648\r\n\r\n--x\r\n",
        office.server.port(),
        office.admin.cookie()
    );
    line.write_all(head.as_bytes()).await.unwrap();
    let mut part = [0; 512];
    let length = line.read(&mut part).await.unwrap();
    assert!(part[..length].starts_with(b"HTTP/1.1 413"), "{}", String::from_utf8_lossy(&part[..length]));
}

async fn chunk(line: &mut TcpStream, bytes: &[u8]) {
    line.write_all(format!("{:x}\r\n", bytes.len()).as_bytes()).await.unwrap();
    line.write_all(bytes).await.unwrap();
    line.write_all(b"\r\n").await.unwrap();
}

async fn batches(office: &Office) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM import_batch")
        .fetch_one(office.test.tx("probe").await.conn())
        .await
        .unwrap()
}
