//! Which column means what: proposed from its name, and from what stands in it.

mod aliases;
mod kind;

use crate::dates::order_of;
use crate::{DateOrder, Field, Mapping, Shape};
use aliases::Alias;
use kind::Kind;

/// A mapping to begin with; the admin corrects it.
///
/// A name such as “Beginn” can mean a day, a time or both: what stands in the column decides. A file without a row of
/// names is judged by its contents alone.
pub fn propose(shape: &Shape) -> Mapping {
    let kinds: Vec<Kind> = (0..shape.columns.len()).map(|column| Kind::of(values(shape, column))).collect();
    let has_own_names = aliases::has_names_of_its_own(shape.format);
    let mut proposal = Proposal { fields: vec![None; shape.columns.len()], may_have_subjects: has_own_names };
    if shape.header_line.is_some() || has_own_names {
        for (column, name) in shape.columns.iter().enumerate() {
            if let Some(alias) = aliases::of(name) {
                let field = if has_own_names { meant_by_format(alias) } else { meant(alias, kinds[column]) };
                proposal.put(column, field);
            }
        }
    }
    if !proposal.has_any(&[Field::Date, Field::Start]) {
        proposal.put_moments(&kinds);
    }
    if shape.header_line.is_none() && !has_own_names {
        proposal.put_contents(&kinds);
    }
    let date_order = shape.date_order.or_else(|| proposal.order(shape));
    Mapping { fields: proposal.fields, date_order }
}

/// The first values of a column.
fn values(shape: &Shape, column: usize) -> impl Iterator<Item = &str> + Clone {
    shape.sample.iter().filter_map(move |row| row.get(column)).map(String::as_str)
}

/// The field that an alias means for values of this kind.
fn meant(alias: Alias, kind: Kind) -> Field {
    match (alias, kind) {
        (Alias::Field(Field::Date), Kind::Moment) => Field::Start,
        (Alias::Field(field), _) => field,
        (Alias::Begin, Kind::Day) => Field::Date,
        (Alias::Begin, Kind::Moment) => Field::Start,
        (Alias::Begin, _) => Field::Time,
        (Alias::Finish, Kind::Day) => Field::EndDate,
        (Alias::Finish, Kind::Moment) => Field::End,
        (Alias::Finish, Kind::Minutes) => Field::Minutes,
        (Alias::Finish, _) => Field::EndTime,
    }
}

/// The field that a property of iCalendar or a key of our own format means, whatever stands in the first rows.
fn meant_by_format(alias: Alias) -> Field {
    match alias {
        Alias::Field(field) => field,
        Alias::Begin => Field::Start,
        Alias::Finish => Field::End,
    }
}

struct Proposal {
    fields: Vec<Option<Field>>,
    /// Our own format has `subject` for free words and `concern` for the concern alone.
    may_have_subjects: bool,
}

impl Proposal {
    /// Gives a column a meaning, unless another column has it and there can be only one.
    fn put(&mut self, column: usize, field: Field) {
        let may_be_many = match field {
            Field::Phone | Field::Email | Field::Note | Field::Private | Field::Cancelled => true,
            Field::Subject => self.may_have_subjects,
            _ => false,
        };
        if self.fields[column].is_none() && (may_be_many || !self.has_any(&[field])) {
            self.fields[column] = Some(field);
        }
    }

    fn has_any(&self, fields: &[Field]) -> bool {
        self.fields.iter().flatten().any(|field| fields.contains(field))
    }

    /// Days and times by what stands in columns that nobody has named.
    fn put_moments(&mut self, kinds: &[Kind]) {
        for (column, kind) in kinds.iter().enumerate() {
            let field = match kind {
                Kind::Moment if self.has_any(&[Field::Start]) => Field::End,
                Kind::Moment => Field::Start,
                Kind::Day if self.has_any(&[Field::Date]) => Field::EndDate,
                Kind::Day => Field::Date,
                Kind::Clock if self.has_any(&[Field::Time]) => Field::EndTime,
                Kind::Clock | Kind::Range => Field::Time,
                _ => continue,
            };
            self.put(column, field);
        }
    }

    /// Contacts and texts of a file without names: of several texts the first is the name, the next what it is for.
    fn put_contents(&mut self, kinds: &[Kind]) {
        let texts: Vec<usize> =
            (0..kinds.len()).filter(|at| kinds[*at] == Kind::Text && self.fields[*at].is_none()).collect();
        for (column, kind) in kinds.iter().enumerate() {
            match kind {
                Kind::Email => self.put(column, Field::Email),
                Kind::Phone => self.put(column, Field::Phone),
                _ => {}
            }
        }
        match texts[..] {
            [] => {}
            [subject] => self.put(subject, Field::Subject),
            [name, subject, ref notes @ ..] => {
                self.put(name, Field::Name);
                self.put(subject, Field::Subject);
                for note in notes {
                    self.put(*note, Field::Note);
                }
            }
        }
    }

    /// How the columns with days write them.
    fn order(&self, shape: &Shape) -> Option<DateOrder> {
        let is_day =
            |field: &Option<Field>| matches!(field, Some(Field::Date | Field::Start | Field::EndDate | Field::End));
        let days = self.fields.iter().enumerate().filter(|(_, field)| is_day(field));
        order_of(days.flat_map(|(column, _)| values(shape, column)))
    }
}

#[cfg(test)]
mod tests;
