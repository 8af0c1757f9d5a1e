//! The demo's own folder, `.demo/`, which only one demo may use at a time.

use std::fs::{File, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use uuid::Uuid;

/// The folder, ours as long as this lives.
pub(super) struct Home {
    folder: PathBuf,
    _lock: File,
}

impl Home {
    /// Opens `.demo/` in `project`, creating it if need be.
    pub fn open(project: &Path) -> anyhow::Result<Self> {
        let packs = project.join("tenants");
        anyhow::ensure!(
            packs.is_dir(),
            "kein Ordner „tenants“ hier: die Demo startet im Ordner des Projekts (./dev demo)"
        );
        let folder = project.join(".demo");
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let lock = File::create(folder.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { folder, _lock: lock }),
            Err(TryLockError::WouldBlock) => {
                bail!("In diesem Ordner läuft schon eine Demo. Beenden Sie sie dort mit Strg-C.")
            }
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    pub fn postgres(&self) -> PathBuf {
        self.folder.join("postgres")
    }

    /// Leaves the database's address for `./dev psql`.
    pub fn note_database(&self, address: &str) -> anyhow::Result<()> {
        Ok(std::fs::write(self.folder.join("database"), address)?)
    }

    /// What this demo's links are derived from: made once, so that they outlive a restart.
    pub fn secret(&self) -> anyhow::Result<Vec<u8>> {
        let path = self.folder.join("secret");
        if !path.exists() {
            let secret = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
            let mut file = File::options().write(true).create_new(true).mode(0o600).open(&path)?;
            std::io::Write::write_all(&mut file, secret.as_bytes())?;
        }
        Ok(std::fs::read(path)?)
    }
}
