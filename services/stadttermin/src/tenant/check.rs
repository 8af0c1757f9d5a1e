//! `tenant check`: what is wrong with a pack, and what the town has yet to confirm.

use std::io::Write;
use std::path::{Path, PathBuf};

use tenancy::pack::{PackDir, Problem};

use super::{PROBLEMS, TownPack};

/// What came of looking at a pack.
pub type Finding = Result<TownPack, Vec<Problem>>;

/// Reads and checks the pack in a folder.
///
/// # Errors
/// If the folder can't be read at all.
pub fn inspect(folder: &Path) -> anyhow::Result<Finding> {
    Ok(TownPack::read(&PackDir::read(folder)?))
}

pub(super) fn print(folders: &[PathBuf], unconfirmed: bool, out: &mut impl Write) -> anyhow::Result<u8> {
    let mut code = 0;
    for folder in folders {
        match inspect(folder)? {
            Ok(pack) => print_good(folder, &pack, unconfirmed, out)?,
            Err(problems) => {
                print_problems(folder, &problems, out)?;
                code = PROBLEMS;
            }
        }
    }
    Ok(code)
}

/// Each problem as `folder/file:line: message`, and how many there are.
pub(super) fn print_problems(folder: &Path, problems: &[Problem], out: &mut impl Write) -> anyhow::Result<()> {
    for problem in problems {
        writeln!(out, "{}", folder.join(problem.to_string()).display())?;
    }
    writeln!(out, "{}: {}", folder.display(), counted(problems.len(), "problem", "problems"))?;
    Ok(())
}

fn print_good(folder: &Path, pack: &TownPack, unconfirmed: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let folder = folder.display();
    let waiting = pack.unconfirmed();
    writeln!(
        out,
        "{folder}: good – {}, {}, {}, {}, {}",
        pack.town.tenant.name,
        counted(pack.catalog.file.concern.len(), "concern", "concerns"),
        counted(pack.catalog.forms.len(), "form", "forms"),
        counted(pack.offices.file.location.len(), "office", "offices"),
        counted(pack.offices.file.counter.len(), "counter", "counters"),
    )?;
    if unconfirmed {
        for entry in &waiting {
            writeln!(out, "  to confirm: {entry}")?;
        }
    }
    if !waiting.is_empty() {
        let hint = if unconfirmed { "" } else { " (--unconfirmed lists them)" };
        let entries = counted(waiting.len(), "entry waits", "entries wait");
        writeln!(out, "{folder}: {entries} for the town's confirmation{hint}")?;
    }
    Ok(())
}

pub(super) fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
