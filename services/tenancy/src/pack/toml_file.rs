//! One TOML file of a pack: its content, and the line of every value in it.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_spanned::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::Lines;
use super::{PackDir, Problem, probing, words};

/// No more problems than these are told at once: the rest mostly follows from the first.
const MAX_PROBLEMS: usize = 50;

/// A file that could be read, with where each value stands.
#[derive(Clone, Debug)]
pub struct TomlFile<T> {
    /// What the file says.
    pub value: T,
    name: String,
    lines: BTreeMap<String, usize>,
}

impl<T: DeserializeOwned> TomlFile<T> {
    /// Reads a file of the pack into `T`, whose types should refuse unknown keys (`#[serde(deny_unknown_fields)]`).
    ///
    /// # Errors
    /// Everything that is wrong with its form: missing file, syntax, unknown and missing keys, wrong types.
    pub fn parse(pack: &PackDir, name: &str) -> Result<Self, Vec<Problem>> {
        let source = pack.text(name).map_err(|problem| vec![problem])?;
        let places = Lines::of(source);
        let (document, errors) = DeTable::parse_recoverable(source);
        if !errors.is_empty() {
            return Err(syntax_problems(name, &places, &errors));
        }
        let mut lines = BTreeMap::new();
        note_table(document.get_ref(), "", &places, &mut lines);
        // PostgreSQL's texts can't hold it, and nobody writes it on purpose.
        if let Some(byte) = ["\\u0000", "\\U00000000", "\\x00"].iter().find_map(|escape| source.find(escape)) {
            let line = places.at(byte);
            return Err(vec![Problem::at(name, line, "a NUL character is not allowed; expected readable text")]);
        }
        match probing::read(document, MAX_PROBLEMS) {
            Ok(value) => Ok(Self { value, name: name.to_owned(), lines }),
            Err(faults) => {
                Err(faults.into_iter().map(|fault| Problem::at(name, places.at(fault.at), fault.message)).collect())
            }
        }
    }
}

impl<T> TomlFile<T> {
    /// The file's name within the pack.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The line of the value at `path`, such as `concern[3].fees[0].euros` (counted from 0, as written), or of the
    /// nearest table around it.
    pub fn line(&self, path: &str) -> Option<usize> {
        let mut path = path;
        loop {
            if let Some(line) = self.lines.get(path) {
                return Some(*line);
            }
            path = &path[..path.rfind(['.', '['])?];
        }
    }

    /// A problem with the value at `path`: what is wrong and what was expected.
    pub fn problem(&self, path: &str, message: impl Into<String>) -> Problem {
        Problem { file: self.name.clone(), line: self.line(path), message: message.into() }
    }
}

fn syntax_problems(name: &str, places: &Lines, errors: &[toml::de::Error]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = errors
        .iter()
        .map(|error| {
            let line = places.at(error.span().map_or(0, |span| span.start));
            Problem::at(name, line, words::syntax(error.message()))
        })
        .collect();
    problems.sort_by_key(|problem| problem.line);
    // One slip often breaks the rest of its line: the first complaint about a line is the helpful one.
    problems.dedup_by_key(|problem| problem.line);
    problems.truncate(MAX_PROBLEMS);
    problems
}

fn note_table(table: &DeTable<'_>, path: &str, places: &Lines, lines: &mut BTreeMap<String, usize>) {
    for (key, value) in table {
        let path = if path.is_empty() { key.get_ref().to_string() } else { format!("{path}.{}", key.get_ref()) };
        lines.insert(path.clone(), places.at(key.span().start));
        note_value(value, &path, places, lines);
    }
}

fn note_value(value: &Spanned<DeValue<'_>>, path: &str, places: &Lines, lines: &mut BTreeMap<String, usize>) {
    match value.get_ref() {
        DeValue::Table(table) => note_table(table, path, places, lines),
        DeValue::Array(array) => {
            for (index, item) in array.iter().enumerate() {
                let path = format!("{path}[{index}]");
                lines.insert(path.clone(), places.at(item.span().start));
                note_value(item, &path, places, lines);
            }
        }
        _ => {}
    }
}
