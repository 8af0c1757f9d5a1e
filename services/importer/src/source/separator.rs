//! What stands between the cells of a text file.

use std::collections::HashMap;

use super::split::{Fed, Split};

/// How many lines are looked at.
pub(super) const LINES: usize = 100;

const CANDIDATES: [char; 4] = [';', ',', '\t', '|'];

/// The separator that a first line such as `sep=;` names, as Excel reads and writes it.
pub(super) fn declared(line: &str) -> Option<char> {
    let line = line.trim().trim_matches('"');
    let (key, value) = line.split_at_checked(4)?;
    let mut chars = value.chars();
    let separator = chars.next()?;
    (key.eq_ignore_ascii_case("sep=") && chars.next().is_none()).then_some(separator)
}

/// The separator that gives the most rows the same number of cells, more than one; none: there are no columns.
pub(super) fn detect(lines: &[String]) -> Option<char> {
    if let Some(declared) = lines.first().and_then(|line| declared(line)) {
        return Some(declared);
    }
    CANDIDATES
        .into_iter()
        .filter_map(|separator| Some((agreement(lines, separator)?, separator)))
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, separator)| separator)
}

/// Share of the rows that have the commonest number of cells; the number itself decides between equals.
fn agreement(lines: &[String], separator: char) -> Option<f64> {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    let mut split = Split::new(Some(separator));
    for line in lines.iter().filter(|line| !line.trim().is_empty()) {
        if split.feed(line) != Fed::Open {
            *counts.entry(split.cells.len()).or_default() += 1;
            split = Split::new(Some(separator));
        }
    }
    let rows: usize = counts.values().sum();
    let (cells, same) =
        counts.into_iter().filter(|(cells, _)| *cells > 1).max_by_key(|(cells, same)| (*same, *cells))?;
    Some(same as f64 / rows as f64 + cells.min(100) as f64 / 1_000.0)
}
