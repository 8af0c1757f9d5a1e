//! What every benchmark writes: one table for people, one file for machines.

use std::path::PathBuf;
use std::process::Command;

use serde::Serialize;

/// One figure.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// What was measured.
    pub name: String,
    /// The figure.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// What we want it to be, in words such as `< 20`.
    pub aim: String,
}

/// Where it was measured.
#[derive(Clone, Debug, Serialize)]
pub struct Machine {
    /// Cores.
    pub cores: usize,
    /// Processor, as the operating system names it.
    pub cpu: String,
    /// PostgreSQL, as `postgres --version` names it.
    pub postgresql: String,
}

/// A finished benchmark.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Where it ran.
    pub machine: Machine,
    /// What came out.
    pub rows: Vec<Row>,
    #[serde(skip)]
    name: String,
}

impl Report {
    /// An empty report called `name`.
    pub fn new(name: &str) -> Self {
        Self { machine: Machine::here(), rows: Vec::new(), name: name.to_owned() }
    }

    /// Adds a figure.
    pub fn row(&mut self, name: &str, value: f64, unit: &str, aim: &str) {
        let (name, unit, aim) = (name.to_owned(), unit.to_owned(), aim.to_owned());
        self.rows.push(Row { name, value, unit, aim });
    }

    /// Prints the table and writes `target/bench/<name>.json`.
    ///
    /// # Panics
    /// If the file cannot be written.
    pub fn finish(&self) {
        let Machine { cores, cpu, postgresql } = &self.machine;
        println!("\n{} – {cores} cores ({cpu}), {postgresql}\n", self.name);
        println!("{:<34} {:>14}  {:<12} aim", "", "value", "unit");
        for Row { name, value, unit, aim } in &self.rows {
            println!("{name:<34} {value:>14.3}  {unit:<12} {aim}");
        }
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/bench");
        std::fs::create_dir_all(&folder).expect("target/bench");
        let json = serde_json::to_string_pretty(self).expect("a report is plain data");
        let file = folder.join(format!("{}.json", self.name));
        std::fs::write(&file, json + "\n").expect("the report is written");
        println!("\nwritten to target/bench/{}.json", self.name);
    }
}

impl Machine {
    /// This machine.
    pub fn here() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let cpu = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown processor");
        Self { cores, cpu: cpu.trim_start_matches([' ', '\t', ':']).to_owned(), postgresql: postgresql() }
    }
}

/// The median of `samples`.
pub fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples.get(samples.len() / 2).copied().unwrap_or(f64::NAN)
}

fn postgresql() -> String {
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = installed.map(|it| it.path().join("bin/postgres")).max();
    let program = newest.unwrap_or_else(|| PathBuf::from("postgres"));
    let version = Command::new(program).arg("--version").output().ok().and_then(|it| String::from_utf8(it.stdout).ok());
    version.map_or_else(|| "no PostgreSQL".to_owned(), |it| it.trim().replace("postgres (PostgreSQL)", "PostgreSQL"))
}
