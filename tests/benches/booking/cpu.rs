//! CPU time of processes, as Linux counts it.

use std::time::Duration;

/// Ticks in a second; Linux shows 100 to programs, whatever it uses inside.
const TICKS: u64 = 100;

/// A process whose time is counted, with the children it has now and those that it has seen end.
#[derive(Clone, Copy, Debug)]
pub struct Family(pub u32);

impl Family {
    /// What all of them have used so far.
    pub fn used(self) -> Duration {
        let own = Stat::of(self.0).map_or(0, |it| it.own + it.ended_children);
        let children: u64 = processes().filter_map(Stat::of).filter(|it| it.parent == self.0).map(|it| it.own).sum();
        Duration::from_millis((own + children) * 1000 / TICKS)
    }
}

/// The process that started `process`.
pub fn parent_of(process: u32) -> Option<u32> {
    Stat::of(process).map(|it| it.parent)
}

struct Stat {
    parent: u32,
    own: u64,
    ended_children: u64,
}

impl Stat {
    fn of(process: u32) -> Option<Self> {
        let line = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        // The name, in brackets, may itself hold spaces and brackets.
        let fields: Vec<u64> =
            line.rsplit_once(')')?.1.split_whitespace().skip(1).map(|it| it.parse().unwrap_or(0)).collect();
        let [parent, user, system, ended_user, ended_system] = [0, 10, 11, 12, 13].map(|at| fields.get(at).copied());
        Some(Self {
            parent: u32::try_from(parent?).ok()?,
            own: user? + system?,
            ended_children: ended_user? + ended_system?,
        })
    }
}

fn processes() -> impl Iterator<Item = u32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}
