//! Writes a part of a pack as TOML the way a person would: tables of the first level as sections, the rest in line.

use std::fmt::Write;

use serde::Serialize;
use toml::{Table, Value};

/// The value as a TOML file. Keys keep the order of the type; comments there are none.
///
/// # Errors
/// If a value can't be written as TOML, which our types rule out.
pub fn to_toml<T: Serialize>(value: &T) -> anyhow::Result<String> {
    let table = Table::try_from(value)?;
    let mut text = String::new();
    for (key, value) in table.iter().filter(|(_, value)| !is_section(value)) {
        line(&mut text, key, value);
    }
    for (key, value) in table.iter().filter(|(_, value)| is_section(value)) {
        match value {
            Value::Table(section) => section_text(&mut text, &format!("[{key}]"), section),
            Value::Array(entries) => {
                for entry in entries.iter().filter_map(Value::as_table) {
                    section_text(&mut text, &format!("[[{key}]]"), entry);
                }
            }
            _ => {}
        }
    }
    Ok(text.trim_start().to_owned())
}

/// A value in one line, as it may stand behind `key =`.
pub(super) fn inline(value: &Value) -> String {
    match value {
        Value::Table(table) if table.is_empty() => "{}".to_owned(),
        Value::Table(table) => {
            let pairs: Vec<String> = table.iter().map(|(key, value)| format!("{key} = {}", inline(value))).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
        Value::Array(list) => format!("[{}]", list.iter().map(inline).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

fn is_section(value: &Value) -> bool {
    match value {
        Value::Table(_) => true,
        Value::Array(list) => !list.is_empty() && list.iter().all(Value::is_table),
        _ => false,
    }
}

fn section_text(text: &mut String, title: &str, section: &Table) {
    // Writing into a String can't fail.
    let _ = writeln!(text, "\n{title}");
    for (key, value) in section {
        line(text, key, value);
    }
}

fn line(text: &mut String, key: &str, value: &Value) {
    let _ = writeln!(text, "{key} = {}", inline(value));
}
