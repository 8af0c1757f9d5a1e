//! What the templates of mails may use.

use std::collections::HashSet;

use anyhow::Context as _;
use booking::{Appointment, Item, ItemDocument};
use minijinja::context;
use minijinja::value::{Serde, Value};
use schedule::{Location, Offices};
use tenancy::Tenant;
use tenancy::i18n::I18n;
use tenancy::town::Town;

use super::Letter;
use super::chosen::Chosen;
use crate::language::direction;

/// Where links in mails lead.
pub(super) struct Links {
    base: String,
}

impl Links {
    /// Links to the town's primary host: by HTTPS, except on this very machine.
    pub fn new(tenant: &Tenant) -> anyhow::Result<Self> {
        let host = tenant.hosts.first().with_context(|| format!("the town {} answers nowhere", tenant.slug))?;
        let name = host.host.split(':').next().unwrap_or_default();
        let is_here = name == "localhost" || name.ends_with(".localhost");
        let scheme = if is_here { "http" } else { "https" };
        Ok(Self { base: format!("{scheme}://{}{}", host.host, host.base_path) })
    }

    pub fn to(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub fn manage(&self, token: &str) -> String {
        self.to(&format!("/buchung/{token}"))
    }

    /// The first page, with the same concerns chosen again.
    fn book_again(&self, appointments: &[&Appointment]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let mut seen = HashSet::new();
        for item in appointments.iter().flat_map(|it| &it.items).filter(|item| seen.insert(item.concern.as_str())) {
            query.append_pair("anliegen", &item.concern);
        }
        self.to(&format!("/?{}", query.finish()))
    }
}

/// The values for both templates of a mail.
pub(super) fn values(letter: &Letter<'_>, chosen: &Chosen<'_>) -> anyhow::Result<Value> {
    let links = Links::new(letter.tenant)?;
    let booking = &letter.booking.booking;
    let shown = |list: &[&Appointment]| -> anyhow::Result<Vec<Value>> {
        list.iter().map(|it| appointment(it, letter.offices, &links)).collect()
    };
    let about = only_concern(&chosen.main);
    Ok(context! {
        lang => letter.language,
        dir => direction(letter.language),
        zone => letter.tenant.zone.iana_name().unwrap_or("UTC"),
        town => town(letter.town),
        theme => Serde(&letter.town.theme),
        about => about.map_or(letter.town.profile.name.as_str(), |name| name.get(letter.language)),
        booking => context! {
            name => booking.name.as_deref().unwrap_or_default(),
            code => booking.code.as_ref().map(ToString::to_string).unwrap_or_default(),
        },
        links => context! {
            manage => links.manage(letter.token),
            lookup => links.to("/verwalten"),
            book => links.book_again(&chosen.main),
            privacy => links.to("/datenschutz"),
        },
        appointments => shown(&chosen.main)?,
        remaining => shown(&chosen.remaining)?,
    })
}

/// The town's profile, in which nothing is left out: a template must be able to ask for it.
/// The town, as every mail shows it.
pub(super) fn town(town: &Town) -> Value {
    let profile = &town.profile;
    let emergency = &profile.emergency;
    context! {
        emergency => context! {
            text => Serde(&emergency.text),
            phone => emergency.phone.as_deref(),
            email => emergency.email.as_deref(),
        },
        phone => profile.phone.as_deref(),
        how_to_pay => profile.how_to_pay.as_ref().map(Serde),
        ..Serde(profile)
    }
}

/// The one concern the mail is about, unless it is sensitive: subjects are read on lock screens.
fn only_concern<'a>(main: &[&'a Appointment]) -> Option<&'a I18n> {
    let [appointment] = main else { return None };
    let [item] = &appointment.items[..] else { return None };
    (!item.neutral).then_some(&item.name)
}

fn appointment(appointment: &Appointment, offices: &Offices, links: &Links) -> anyhow::Result<Value> {
    let location = location(appointment, offices)?;
    Ok(context! {
        start => appointment.start.to_string(),
        minutes => appointment.minutes,
        fee_cents => appointment.fee_cents,
        cancel_reason => appointment.cancel_reason.as_deref(),
        fee_depends => appointment.items.iter().any(|it| it.fee_depends),
        location => context! {
            name => Serde(&location.name),
            street => location.street.as_str(),
            zip => location.zip.as_str(),
            city => location.city.as_str(),
            how_to_find => location.how_to_find.as_ref().map(Serde),
            access => location.access.as_ref().map(Serde),
        },
        items => Serde(&appointment.items),
        documents => documents(&appointment.items).map(|it| document(it, links)).collect::<Vec<_>>(),
    })
}

/// The office of an appointment.
pub(super) fn location<'a>(appointment: &Appointment, offices: &'a Offices) -> anyhow::Result<&'a Location> {
    let found = offices.locations.iter().find(|it| it.id == appointment.location);
    found.with_context(|| format!("there is no office {} any more", appointment.location))
}

/// What to bring for all concerns together, each thing once.
pub(super) fn documents(items: &[Item]) -> impl Iterator<Item = &ItemDocument> {
    let mut seen = HashSet::new();
    items.iter().flat_map(|item| &item.documents).filter(move |it| seen.insert((&it.name, &it.applies_if)))
}

fn document(document: &ItemDocument, links: &Links) -> Value {
    context! {
        name => Serde(&document.name),
        note => document.note.as_ref().map(Serde),
        applies_if => document.applies_if.as_ref().map(Serde),
        form_url => document.form_file.as_ref().map(|file| links.to(&format!("/formulare/{file}"))),
    }
}
