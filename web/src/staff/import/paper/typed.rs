//! What somebody types in a hurry: “3.12.”, “830”, “PA”.

use booking::{EmailAddress, PersonName, PhoneNumber};
use importer::concerns::{self, Certainty};
use jiff::civil::Date;
use uuid::Uuid;

use super::kept::{Kept, Rows};
use super::row::PaperRow;
use crate::citizen::today;
use crate::extract::{Fields, Site};
use crate::staff::caller::{WishedDay, clock, wished_day};

/// Longest text of a field, in characters.
const MOST_CHARACTERS: usize = 500;

/// A row as it was typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub number: i32,
    /// Not a row that is being corrected.
    pub is_new: bool,
    /// Of the row that is being corrected, as the form was made from it.
    pub version: i32,
    pub day: String,
    pub time: String,
    pub concern: String,
    pub name: String,
    pub phone: String,
    pub email: String,
    pub note: String,
}

/// A field that is wrong, with the last part of the key of what to say.
pub(super) type Wrong = (&'static str, &'static str);

impl Typed {
    /// The form.
    pub fn read(fields: &Fields) -> Self {
        let typed = |name: &str| fields.get(name).unwrap_or_default().trim().chars().take(MOST_CHARACTERS).collect();
        Self {
            number: fields.get("zeile").and_then(|it| it.parse().ok()).unwrap_or(0),
            is_new: fields.get("neu").is_some(),
            version: fields.get("stand").and_then(|it| it.parse().ok()).unwrap_or(-1),
            day: typed("tag"),
            time: typed("zeit"),
            concern: typed("anliegen"),
            name: typed("name"),
            phone: typed("telefon"),
            email: typed("email"),
            note: typed("notiz"),
        }
    }

    /// An empty row below all others, with the day of the one above.
    pub fn next(rows: &Rows) -> Self {
        let last = rows.last_key_value();
        let day = last.and_then(|(_, it)| it.row.date.parse().ok()).map(written).unwrap_or_default();
        Self { number: last.map_or(1, |(number, _)| number + 1), is_new: true, day, ..Self::default() }
    }

    /// A row that is to be corrected.
    pub fn of(site: &Site, number: i32, kept: &Kept) -> Self {
        let row = &kept.row;
        let concern = site.town.catalog.get(&row.concern).map_or(row.concern.as_str(), |it| it.name.get(&site.lang));
        Self {
            number,
            is_new: false,
            version: kept.version,
            day: row.date.parse().map(written).unwrap_or_default(),
            time: row.time.clone(),
            concern: concern.to_owned(),
            name: row.name.clone(),
            phone: row.phone.clone(),
            email: row.email.clone(),
            note: row.note.clone(),
        }
    }

    /// The row, if every field is right.
    ///
    /// # Errors
    /// One for each field that is not.
    pub fn check(&self, site: &Site, list: Uuid) -> Result<PaperRow, Vec<Wrong>> {
        let (day, time) = (day(&self.day, today(site)), clock(&self.time));
        let concern = concern(site, &self.concern);
        let mut wrong = Vec::new();
        match day {
            None => wrong.push(("tag", "no_day")),
            Some(day) if day < today(site) => wrong.push(("tag", "past")),
            Some(_) => {}
        }
        if time.is_none() {
            wrong.push(("zeit", "no_time"));
        }
        if concern.is_none() {
            wrong.push(("anliegen", if self.concern.is_empty() { "no_concern" } else { "unknown_concern" }));
        }
        if PersonName::parse(&self.name).is_err() {
            wrong.push(("name", "no_name"));
        }
        if !self.phone.is_empty() && PhoneNumber::parse(&self.phone).is_err() {
            wrong.push(("telefon", "bad_phone"));
        }
        if !self.email.is_empty() && EmailAddress::parse(&self.email).is_err() {
            wrong.push(("email", "bad_email"));
        }
        match (day, time, concern) {
            (Some(day), Some(time), Some(concern)) if wrong.is_empty() => Ok(PaperRow {
                id: PaperRow::id_of(list, self.number),
                date: day.to_string(),
                time: time.strftime("%H:%M").to_string(),
                concern,
                name: self.name.clone(),
                phone: self.phone.clone(),
                email: self.email.clone(),
                note: self.note.clone(),
            }),
            _ => Err(wrong),
        }
    }
}

/// A day as it is typed here, and so as the field shows it.
fn written(day: Date) -> String {
    day.strftime("%d.%m.%Y").to_string()
}

/// The concern that a word means: its own name, an abbreviation, else whatever the citizens' search finds first.
fn concern(site: &Site, word: &str) -> Option<String> {
    if word.is_empty() {
        return None;
    }
    let catalog = &site.town.catalog;
    let is_named = |name: &str| name.eq_ignore_ascii_case(word);
    let named = catalog.concerns.iter().find(|it| is_named(&it.key) || is_named(it.name.get(&site.lang)));
    if let Some(concern) = named {
        return Some(concern.key.clone());
    }
    let suggested = concerns::suggest(&[word], catalog);
    let sure =
        suggested.into_iter().find(|it| it.certainty != Certainty::Open).and_then(|it| it.keys.into_iter().next());
    sure.or_else(|| {
        let hit = catalog::search(catalog, word, &site.lang).into_iter().next()?;
        catalog.by_id(hit.concern).map(|it| it.key.clone())
    })
}

/// A day as it is typed for a caller too, and without its dots: `0312`, `031226`.
fn day(typed: &str, today: Date) -> Option<Date> {
    let is_bare = matches!(typed.len(), 4 | 6 | 8) && typed.bytes().all(|it| it.is_ascii_digit());
    let dotted = if is_bare { format!("{}.{}.{}", &typed[..2], &typed[2..4], &typed[4..]) } else { typed.to_owned() };
    match wished_day(&dotted, today)? {
        WishedDay::On(day) => Some(day),
        WishedDay::Any | WishedDay::Between(..) => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_as_people_type_them() {
        let today = date(2026, 12, 1);
        for typed in ["3.12.", "3.12.26", "03.12.2026", "0312", "031226", "03122026", "2026-12-03"] {
            assert_eq!(day(typed, today), Some(date(2026, 12, 3)), "{typed}");
        }
        assert_eq!(day("7.1.", today), Some(date(2027, 1, 7)), "the next such day");
        for typed in ["", "30.2.", "3002", "nw", "12345", "ÄÖ"] {
            assert_eq!(day(typed, today), None, "{typed}");
        }
    }
}
