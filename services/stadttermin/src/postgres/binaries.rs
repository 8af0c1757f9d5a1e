//! Where PostgreSQL's programs are.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest version that has everything the tables and the launcher use.
const OLDEST: u32 = 15;

/// A directory with `initdb`, `pg_ctl` and `postgres` in it.
#[derive(Debug)]
pub(super) struct Binaries {
    directory: PathBuf,
    pub version: u32,
}

impl Binaries {
    /// Looks in `PATH`, then where Debian, Homebrew and Postgres.app put them; the newest one wins there.
    pub fn find() -> anyhow::Result<Self> {
        let on_path = std::env::var_os("PATH").unwrap_or_default();
        let known = [
            "/usr/lib/postgresql",
            "/opt/homebrew/opt",
            "/usr/local/opt",
            "/Applications/Postgres.app/Contents/Versions",
        ];
        let mut installed: Vec<Self> =
            known.iter().flat_map(|root| children(Path::new(root))).filter_map(|it| Self::at(it.join("bin"))).collect();
        installed.sort_by_key(|it| it.version);
        let found = installed.pop().or_else(|| std::env::split_paths(&on_path).find_map(Self::at));
        found.ok_or_else(|| {
            anyhow::anyhow!(
                "PostgreSQL {OLDEST} or newer is not installed. Debian and Ubuntu: apt install postgresql · \
                 macOS: brew install postgresql@17"
            )
        })
    }

    pub fn path(&self, program: &str) -> PathBuf {
        self.directory.join(program)
    }

    fn at(directory: PathBuf) -> Option<Self> {
        let all = ["initdb", "pg_ctl", "postgres"].iter().all(|program| directory.join(program).is_file());
        let version = if all { version(&directory.join("pg_ctl"))? } else { return None };
        (version >= OLDEST).then_some(Self { directory, version })
    }
}

fn children(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten();
    entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect()
}

/// From `pg_ctl (PostgreSQL) 15.20 (Debian …)`.
fn version(pg_ctl: &Path) -> Option<u32> {
    let output = Command::new(pg_ctl).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.split_whitespace().nth(2)?.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}
