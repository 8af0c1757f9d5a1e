//! What stands in the form: read as it is, kept in every answer.

use std::borrow::Cow;

use booking::desk::{self, Intake};
use booking::{EmailAddress, Mode, PersonName, PhoneNumber};
use catalog::{Choice, Selection, search};
use identity::Staff;
use minijinja::{Value, context};
use schedule::LocationId;
use uuid::Uuid;

use crate::citizen::{Chosen, Problem, Slot, email_problem, name_problem, phone_problem, today};
use crate::extract::{Fields, Site};

/// Longest note, in characters, as the table holds it.
const MOST_NOTE: usize = 2000;

/// How forms say: all concerns in one appointment.
const JOINT: &str = "gemeinsam";

/// The form as it was sent.
pub(super) struct Typed {
    /// The word for the next concern.
    pub word: String,
    /// Concerns with quantities.
    pub selection: Selection,
    /// What was found besides the one that was taken.
    pub looked_for: String,
    /// Only at this office.
    pub location: Option<LocationId>,
    /// The day, as typed.
    pub day: String,
    /// A time of one's own, as typed.
    pub clock: String,
    /// One appointment for all concerns, or one each.
    pub mode: Mode,
    /// The time that is ticked for each appointment.
    slots: Vec<Option<Slot>>,
    pub name: String,
    pub phone: String,
    pub email: String,
    pub language: String,
    pub note: String,
    /// Makes the same form sent twice one booking.
    pub attempt: Uuid,
    /// The conflict that was shown and accepted.
    pub accepted: Option<String>,
}

/// Who comes, checked.
pub(super) struct Person {
    pub name: PersonName,
    pub phone: Option<PhoneNumber>,
    pub email: Option<EmailAddress>,
}

impl Typed {
    /// Reads the form. With `nimm`, the concern that fits the typed word best joins the choice.
    pub fn read(site: &Site, staff: &Staff, fields: &Fields) -> Self {
        let field = |name: &str| fields.get(name).unwrap_or_default().trim().to_owned();
        let offices = &site.town.offices;
        let location = match fields.get("standort") {
            Some(key) => offices.location(key).map(|it| it.id),
            None => offices.counters.iter().find(|it| Some(it.id) == staff.counter).map(|it| it.location),
        };
        let language = Some(field("mailsprache")).filter(|it| site.town.languages.contains(it));
        let chosen = Chosen::read(fields, &site.town.town.rules);
        let slot = |position| fields.get(&time_field(position)).and_then(|it| Slot::parse(offices, it));
        let mut typed = Self {
            word: field("q"),
            // Staff may put into one appointment what the town's page keeps apart.
            mode: if fields.get("art") == Some(JOINT) { Mode::Combined } else { chosen.mode },
            slots: (1..=chosen.selection.len()).map(slot).collect(),
            selection: chosen.selection,
            looked_for: String::new(),
            location,
            day: field("tag"),
            clock: field("um"),
            name: field("name"),
            phone: field("tel"),
            email: field("mail"),
            language: language.unwrap_or_else(|| "de".to_owned()),
            note: field("notiz").chars().take(MOST_NOTE).collect(),
            attempt: fields.get("versuch").and_then(|it| it.parse().ok()).unwrap_or_else(Uuid::new_v4),
            accepted: fields.get("trotzdem").map(str::to_owned),
        };
        if fields.get("nimm").is_some() {
            typed.take_best(site);
        }
        typed
    }

    fn take_best(&mut self, site: &Site) {
        let catalog = &site.town.catalog;
        let Some(best) = search(catalog, &self.word, &site.lang).first().and_then(|it| catalog.by_id(it.concern))
        else {
            return;
        };
        if !self.selection.iter().any(|it| it.concern == best.key) {
            self.selection.push(Choice { concern: best.key.clone(), quantity: 1 });
        }
        self.looked_for = std::mem::take(&mut self.word);
    }

    /// What is chosen as appointments; `None`: nothing is.
    pub fn intake(&self, site: &Site) -> Option<Intake> {
        desk::intake(&site.town.catalog, &site.town.town.rules, &self.selection, self.mode, today(site))
    }

    /// The time that is ticked for the appointment at `position`, from 1 on.
    pub fn slot(&self, position: usize) -> Option<&Slot> {
        self.slots.get(position.checked_sub(1)?)?.as_ref()
    }

    /// Who comes. A name is needed; telephone and mail are not.
    ///
    /// # Errors
    /// A problem for each field that is not right.
    pub fn person(&self, site: &Site) -> Result<Person, Vec<Problem>> {
        let name = PersonName::parse(&self.name).map_err(|it| name_problem(site, it));
        let phone = Some(self.phone.as_str()).filter(|it| !it.is_empty()).map(PhoneNumber::parse).transpose();
        let phone = phone.map_err(|it| phone_problem(site, it));
        let email = Some(self.email.as_str()).filter(|it| !it.is_empty()).map(EmailAddress::parse).transpose();
        let email = email.map_err(|it| email_problem(site, it));
        match (name, phone, email) {
            (Ok(name), Ok(phone), Ok(email)) => Ok(Person { name, phone, email }),
            (name, phone, email) => Err([name.err(), phone.err(), email.err()].into_iter().flatten().collect()),
        }
    }

    /// For the template.
    pub fn view(&self, site: &Site) -> Value {
        let key = |id| site.town.offices.locations.iter().find(|it| it.id == id).map(|it| it.key.as_str());
        context! {
            word => self.word.as_str(),
            location => self.location.and_then(key).unwrap_or_default(),
            day => self.day.as_str(),
            clock => self.clock.as_str(),
            name => self.name.as_str(),
            phone => self.phone.as_str(),
            email => self.email.as_str(),
            language => self.language.as_str(),
            note => self.note.as_str(),
            attempt => self.attempt.to_string(),
        }
    }
}

/// The field of the ticked time of the appointment at `position`, from 1 on.
pub(super) fn time_field(position: usize) -> Cow<'static, str> {
    if position <= 1 { "zeit".into() } else { format!("zeit-{position}").into() }
}
