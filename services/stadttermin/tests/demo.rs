//! The demo as somebody meets it who has just cloned the project: it starts, answers, stops, and starts again.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

/// A demo in a folder of its own; whatever happens, it does not outlive the test.
struct Demo {
    child: Child,
    out: BufReader<ChildStdout>,
    port: u16,
}

impl Demo {
    fn start(folder: &Path, port: u16, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_stadttermin"))
            .arg("demo")
            .args(arguments)
            .current_dir(folder)
            .env("STADTTERMIN_LISTEN", format!("127.0.0.1:{port}"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self { child, out, port }
    }

    /// Reads on until the greeting is complete.
    fn greeting(&mut self) -> String {
        let mut said = String::new();
        while !said.contains("Strg-C") {
            assert_ne!(self.out.read_line(&mut said).unwrap(), 0, "the demo ended: {said}");
        }
        said
    }

    fn get(&self, host: &str, path: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}:{}\r\nConnection: close\r\n\r\n", self.port);
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn interrupt(mut self) {
        interrupt(&self.child);
        let asked = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            assert!(asked.elapsed() < Duration::from_secs(120), "it did not end");
            std::thread::sleep(Duration::from_millis(50));
        }
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            interrupt(&self.child);
            let _ = self.child.wait();
        }
    }
}

/// By the shell's own `kill`: not every system has a program of that name.
fn interrupt(child: &Child) {
    let _ = Command::new("sh").args(["-c", "kill -INT \"$1\"", "sh", &child.id().to_string()]).status();
}

fn checkout() -> tempfile::TempDir {
    let folder = tempfile::Builder::new().prefix("stadttermin-demo-").tempdir_in("/tmp").unwrap();
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tenants").canonicalize().unwrap();
    symlink(packs, folder.path().join("tenants")).unwrap();
    folder
}

/// Below those that the system hands out by itself: what is free now is still free when the demo has started.
fn free_port() -> u16 {
    static TRIED: AtomicU16 = AtomicU16::new(0);
    let first = u16::try_from(std::process::id() % 6_000).unwrap() * 2;
    loop {
        let port = 20_000 + (first + TRIED.fetch_add(1, Ordering::Relaxed)) % 12_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

fn server_runs(folder: &Path) -> bool {
    let pid: PathBuf = folder.join(".demo/postgres/data/postmaster.pid");
    pid.exists()
}

#[test]
fn it_starts_answers_stops_and_starts_again() {
    let (folder, port) = (checkout(), free_port());
    let mut demo = Demo::start(folder.path(), port, &[]);
    let greeting = demo.greeting();
    for address in [
        format!("http://werne.localhost:{port}/terminvergabe"),
        format!("http://porta-westfalica.localhost:{port}/terminvereinbarung"),
        format!("http://mail.localhost:{port}/"),
    ] {
        assert!(greeting.contains(&address), "{address} is not in:\n{greeting}");
    }
    assert!(demo.get("werne.localhost", "/terminvergabe/").starts_with("HTTP/1.1 200"));
    assert!(demo.get("porta-westfalica.localhost", "/terminvereinbarung/").starts_with("HTTP/1.1 200"));
    assert!(demo.get("mail.localhost", "/api/messages").starts_with("HTTP/1.1 200"));
    assert!(demo.get("nobody.localhost", "/terminvergabe/").starts_with("HTTP/1.1 404"));

    // A second one in the same folder leaves the first one alone.
    let mut second = Demo::start(folder.path(), free_port(), &[]);
    assert_eq!(second.child.wait().unwrap().code(), Some(1));
    demo.interrupt();
    assert!(!server_runs(folder.path()), "the database server outlived the demo");

    for arguments in [&[][..], &["--fresh"]] {
        let mut again = Demo::start(folder.path(), port, arguments);
        again.greeting();
        assert!(again.get("werne.localhost", "/terminvergabe/").starts_with("HTTP/1.1 200"), "{arguments:?}");
        again.interrupt();
    }
}

#[test]
fn whoever_changes_their_mind_while_it_starts_leaves_nothing_running() {
    let folder = checkout();
    let demo = Demo::start(folder.path(), free_port(), &[]);
    let started = Instant::now();
    while !server_runs(folder.path()) {
        assert!(started.elapsed() < Duration::from_secs(180), "the database server did not start");
        std::thread::sleep(Duration::from_millis(10));
    }
    demo.interrupt();
    assert!(!server_runs(folder.path()));
}

#[test]
fn a_port_in_use_is_said_before_anything_is_started() {
    let folder = checkout();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_stadttermin"))
        .arg("demo")
        .current_dir(folder.path())
        .env("STADTTERMIN_LISTEN", taken.local_addr().unwrap().to_string())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("STADTTERMIN_LISTEN"), "{said}");
    assert!(!server_runs(folder.path()));
}
