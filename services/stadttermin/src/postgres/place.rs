//! Where a private cluster lives, and as whom its programs run.

use std::ffi::OsStr;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::Context;
use tokio::process::Command;

/// Linux: `sun_path` is 108 bytes, and `/.s.PGSQL.5432` comes on top.
const LONGEST_SOCKET_DIRECTORY: usize = 90;

/// The directories of one cluster.
#[derive(Debug)]
pub(super) struct Place {
    root: PathBuf,
    data: PathBuf,
    socket: PathBuf,
    user: Option<User>,
}

/// Whom to become, since PostgreSQL refuses to run as root.
#[derive(Clone, Copy, Debug)]
struct User {
    uid: u32,
    gid: u32,
}

impl Place {
    /// `home` itself, or a directory of our own under `/var/tmp` where the server's user cannot reach `home` or the
    /// socket's path would be too long. The same `home` always leads to the same place.
    pub async fn choose(home: &Path) -> anyhow::Result<Self> {
        let user = server_user().await?;
        let home = std::path::absolute(home)?;
        create(&home, user)?;
        let fits = home.join("socket").as_os_str().len() <= LONGEST_SOCKET_DIRECTORY;
        let root = if fits && can_enter(&home, user).await { home } else { substitute(&home) };
        create(&root, user)?;
        let (data, socket) = (root.join("data"), root.join("socket"));
        create(&socket, user)?;
        Ok(Self { root, data, socket, user })
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    pub fn socket(&self) -> &Path {
        &self.socket
    }

    pub fn log(&self) -> PathBuf {
        self.root.join("postgres.log")
    }

    /// Held by everyone who uses the cluster.
    pub fn lock(&self) -> PathBuf {
        self.root.join("in-use.lock")
    }

    pub fn remove(&self) -> anyhow::Result<()> {
        std::fs::remove_dir_all(&self.root).with_context(|| format!("cannot remove {}", self.root.display()))
    }

    /// `program` as the server's user, without our environment: PGDATA and PGPORT must not lead it elsewhere.
    pub fn command(&self, program: &Path) -> Command {
        command(program, self.user, &self.root)
    }
}

fn command(program: impl AsRef<OsStr>, user: Option<User>, directory: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("LC_ALL", "C").env("PATH", "/usr/bin:/bin").stdin(Stdio::null()).current_dir(directory);
    if let Some(User { uid, gid }) = user {
        command.uid(uid).gid(gid);
    }
    command
}

/// Root becomes `postgres`, everyone else stays who they are.
async fn server_user() -> anyhow::Result<Option<User>> {
    if number(&["-u"]).await? != 0 {
        return Ok(None);
    }
    let uid = number(&["-u", "postgres"])
        .await
        .context("PostgreSQL does not run as root, and there is no user “postgres”")?;
    Ok(Some(User { uid, gid: number(&["-g", "postgres"]).await? }))
}

async fn number(arguments: &[&str]) -> anyhow::Result<u32> {
    let output = Command::new("id").args(arguments).output().await?;
    anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(String::from_utf8_lossy(&output.stdout).trim().parse()?)
}

/// Whether the server's user can reach `directory`: every parent must let them through.
async fn can_enter(directory: &Path, user: Option<User>) -> bool {
    let mut test = command("test", user, Path::new("/"));
    test.arg("-x").arg(directory).status().await.is_ok_and(|status| status.success())
}

fn substitute(home: &Path) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    home.hash(&mut hasher);
    PathBuf::from(format!("/var/tmp/stadttermin-{:016x}", hasher.finish()))
}

/// Creates `directory` for the server's user alone. One that someone else has put there is refused.
fn create(directory: &Path, user: Option<User>) -> anyhow::Result<()> {
    if !directory.exists() {
        if let Some(parent) = directory.parent() {
            std::fs::create_dir_all(parent)?;
        }
        let created = std::fs::DirBuilder::new().mode(0o700).create(directory);
        created.with_context(|| format!("cannot create {}", directory.display()))?;
        if let Some(User { uid, gid }) = user {
            chown(directory, Some(uid), Some(gid))?;
        }
    }
    let metadata = std::fs::symlink_metadata(directory)?;
    // Whoever runs this owns what they create.
    let own = || Ok::<_, anyhow::Error>(tempfile::tempfile()?.metadata()?.uid());
    let owner = user.map_or_else(own, |user| Ok(user.uid))?;
    let ours = metadata.is_dir() && metadata.uid() == owner;
    anyhow::ensure!(ours, "{} belongs to someone else", directory.display());
    Ok(())
}
