//! The folder of a pack, held in memory: small enough, and the same for a folder on disk and one in a test.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context;

use super::Problem;

/// No file of a pack may be larger, in bytes.
const MAX_FILE_BYTES: u64 = 10 * 1024 * 1024;

/// The files of a pack by their path within it, such as `forms/vollmacht.pdf`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackDir {
    files: BTreeMap<String, Vec<u8>>,
}

impl PackDir {
    /// Reads a folder and the folders in it, except hidden files.
    ///
    /// # Errors
    /// What the operating system says, with the path; also a file of more than 10 MB.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let mut pack = Self::default();
        pack.read_into(folder, "")?;
        Ok(pack)
    }

    fn read_into(&mut self, folder: &Path, prefix: &str) -> anyhow::Result<()> {
        for entry in fs::read_dir(folder).with_context(|| format!("cannot read the folder {}", folder.display()))? {
            let entry = entry?;
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            let about = fs::metadata(&path).with_context(|| format!("cannot read {}", path.display()))?;
            if about.is_dir() {
                anyhow::ensure!(prefix.is_empty(), "{} is a folder too deep for a pack", path.display());
                self.read_into(&path, &format!("{name}/"))?;
            } else {
                anyhow::ensure!(about.len() <= MAX_FILE_BYTES, "{} has more than 10 MB", path.display());
                let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
                self.files.insert(format!("{prefix}{name}"), content);
            }
        }
        Ok(())
    }

    /// Writes every file below `folder`, making it if need be. Files of the same name are replaced, others stay.
    ///
    /// # Errors
    /// What the operating system says, with the path.
    pub fn write(&self, folder: &Path) -> anyhow::Result<()> {
        for (name, content) in &self.files {
            let path = folder.join(name);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent).with_context(|| format!("cannot make the folder {}", parent.display()))?;
            }
            fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }

    /// Puts a file in, in place of one of the same name.
    pub fn insert(&mut self, name: impl Into<String>, content: impl Into<Vec<u8>>) {
        self.files.insert(name.into(), content.into());
    }

    /// Takes a file out.
    pub fn remove(&mut self, name: &str) -> Option<Vec<u8>> {
        self.files.remove(name)
    }

    /// The content of a file.
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(Vec::as_slice)
    }

    /// The content of a file that must be there and be text.
    ///
    /// # Errors
    /// A [`Problem`] if it is missing or not UTF-8.
    pub fn text(&self, name: &str) -> Result<&str, Problem> {
        let bytes = self.bytes(name).ok_or_else(|| Problem::of_file(name, "the file is missing"))?;
        std::str::from_utf8(bytes).map_err(|error| {
            let line = bytes.iter().take(error.valid_up_to()).filter(|b| **b == b'\n').count() + 1;
            Problem::at(name, line, "this is not UTF-8 text: save the file with the encoding UTF-8")
        })
    }

    /// All paths within the pack, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}
