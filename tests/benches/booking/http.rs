//! A client that costs as little as it can: the machine is shared with what is measured.

use anyhow::{Context, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One request, as a browser would send it.
#[derive(Clone, Debug)]
pub struct Request {
    /// `<town>.localhost:<port>`
    pub host: String,
    /// Path and query.
    pub path: String,
    /// The fields of a form; none: a GET.
    pub form: Option<String>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Such as 303.
    pub status: u16,
    /// Where a redirect leads.
    pub location: Option<String>,
    /// The body, as it came: maybe in chunks, never compressed.
    pub body: Vec<u8>,
}

/// A connection that is kept open.
pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
    client: u32,
}

impl Connection {
    pub async fn open(port: u16) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: Vec::with_capacity(1 << 17), client: u32::from(rand::random::<u16>()) << 8 })
    }

    /// Sends a request and reads the whole answer.
    pub async fn send(&mut self, request: &Request) -> anyhow::Result<Answer> {
        let written = self.written(request);
        self.stream.write_all(written.as_bytes()).await?;
        self.read.clear();
        let head = loop {
            if let Some(end) = find(&self.read, b"\r\n\r\n") {
                break end + 4;
            }
            self.more().await?;
        };
        let text = String::from_utf8_lossy(&self.read[..head]).into_owned();
        let status = text.get(9..12).and_then(|it| it.parse().ok()).context("an answer without a status")?;
        match header(&text, "content-length") {
            Some(length) => {
                let whole = head + length.parse::<usize>()?;
                while self.read.len() < whole {
                    self.more().await?;
                }
            }
            None => {
                while !self.read.ends_with(b"0\r\n\r\n") {
                    self.more().await?;
                }
            }
        }
        Ok(Answer { status, location: header(&text, "location"), body: self.read[head..].to_vec() })
    }

    /// Every request comes from another citizen, through the town's web server: the limits are on.
    fn written(&mut self, request: &Request) -> String {
        self.client = self.client.wrapping_add(1);
        let [_, a, b, c] = self.client.to_be_bytes();
        let Request { host, path, form } = request;
        let common = format!("Host: {host}\r\nX-Forwarded-For: 10.{a}.{b}.{c}\r\nAccept-Language: de\r\n");
        match form {
            None => format!("GET {path} HTTP/1.1\r\n{common}\r\n"),
            Some(form) => format!(
                "POST {path} HTTP/1.1\r\n{common}Sec-Fetch-Site: same-origin\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
                form.len()
            ),
        }
    }

    async fn more(&mut self) -> anyhow::Result<()> {
        ensure!(self.stream.read_buf(&mut self.read).await? > 0, "the server hung up");
        Ok(())
    }
}

fn header(head: &str, name: &str) -> Option<String> {
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
}

fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|it| it == needle)
}
