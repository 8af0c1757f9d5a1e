//! What the importer found, in words.

use std::borrow::Cow;

use importer::source::ReadError;
use importer::{Entry, Reason, State};
use jiff::civil::{Date, DateTime};
use templating::Dates;

use crate::extract::Site;

/// Why a row stands as it does, such as “Spalte „Datum“: Diesen Tag gibt es nicht: 30.02.2027”.
pub(in crate::staff) fn reason(site: &Site, reason: &Reason) -> String {
    let arguments = [("detail", Cow::from(reason.detail.as_str()))];
    let key = format!("staff.import.reason.{}", reason.key);
    let words = site.texts.find(&site.lang, &key, &arguments).unwrap_or_else(|| {
        let known = [("key", Cow::from(reason.key.as_str())), ("detail", Cow::from(reason.detail.as_str()))];
        site.t("staff.import.reason.other", &known)
    });
    // What there is nothing more to say about ends before the colon.
    let words = if reason.detail.is_empty() { words.trim_end_matches([':', ' ']).to_owned() } else { words };
    if reason.column.is_empty() {
        return words;
    }
    site.t("staff.import.in_column", &[("column", reason.column.as_str().into()), ("words", words.into())])
}

/// Why a file cannot be read, with the place if it is about one.
pub(super) fn unreadable(site: &Site, error: &ReadError) -> String {
    let detail = error.detail();
    if let ReadError::Row(bad) = error {
        let words = reason(site, &Reason::new(State::Error, bad.key, detail));
        let key = if bad.column == 0 { "staff.import.at_line" } else { "staff.import.at_place" };
        let place = [("line", bad.line.to_string().into()), ("column", bad.column.to_string().into())];
        return site.t(key, &[&place[..], &[("words", words.into())]].concat());
    }
    let arguments = [("detail", Cow::from(detail))];
    let words = site.texts.find(&site.lang, &format!("staff.import.read.{}", error.key()), &arguments);
    words.unwrap_or_else(|| site.t("staff.import.read.other", &arguments))
}

/// Why a batch came to nothing. What is about a place in the file has `line` or `line:position` for a column.
pub(super) fn problem(site: &Site, problem: &Reason) -> String {
    let (line, column) = problem.column.split_once(':').unwrap_or((&problem.column, ""));
    if line.parse::<u64>().is_err() {
        return reason(site, problem);
    }
    let words = reason(site, &Reason { column: String::new(), ..problem.clone() });
    let key = if column.is_empty() { "staff.import.at_line" } else { "staff.import.at_place" };
    site.t(key, &[("line", line.to_owned().into()), ("column", column.to_owned().into()), ("words", words.into())])
}

/// A state as addresses, texts and the style sheet know it.
pub(super) fn state_key(state: State) -> &'static str {
    match state {
        State::Ready => "ready",
        State::Warning => "warning",
        State::Error => "error",
        State::Skipped => "skipped",
    }
}

/// When a row takes place, for a list.
pub(super) fn when(site: &Site, entry: &Entry) -> String {
    let dates = Dates::new(&site.texts, &site.lang);
    match (entry.start, entry.all_day) {
        (Some(start), _) => moment(&dates, start),
        (None, Some((first, last))) => days(&dates, first, last),
        (None, None) => String::new(),
    }
}

/// A day with the time, in figures.
pub(super) fn moment(dates: &Dates<'_>, at: DateTime) -> String {
    format!("{}, {}", dates.write("date_numeric", at.into()), dates.write("clock", at.into()))
}

/// One day, or from one until another.
pub(super) fn days(dates: &Dates<'_>, first: Date, last: Date) -> String {
    let numeric = |day: Date| dates.write("date_numeric", day.into());
    if first == last { numeric(first) } else { format!("{} – {}", numeric(first), numeric(last)) }
}

/// What a row is for: the names of its concerns, or the file's own words.
pub(super) fn what(site: &Site, entry: &Entry) -> String {
    if entry.concerns.is_empty() {
        return entry.subject.clone();
    }
    concerns(site, entry.concerns.iter().map(|(key, many)| (key.as_str(), *many)))
}

/// The names of concerns, with how many of each.
pub(super) fn concerns<'a>(site: &Site, concerns: impl Iterator<Item = (&'a str, u16)>) -> String {
    let name = |(key, many): (&str, u16)| {
        let name = site.town.catalog.get(key).map_or(key, |it| it.name.get(&site.lang));
        if many > 1 { format!("{name} × {many}") } else { name.to_owned() }
    };
    concerns.map(name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use importer::{BadRow, reading, rules};

    use crate::locales;

    #[test]
    fn every_reason_has_its_words() {
        let texts = locales::texts();
        let given = reading::REASONS.iter().chain(rules::REASONS).map(|(key, _)| *key).chain(BadRow::KEYS);
        let silent: Vec<_> =
            given.filter(|key| texts.find("de", &format!("staff.import.reason.{key}"), &[]).is_none()).collect();
        assert!(silent.is_empty(), "no words for {silent:?}");
    }
}
