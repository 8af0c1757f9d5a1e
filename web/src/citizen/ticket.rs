//! Appointments of a booking as tickets: when, where, for what, what to bring, and what can still be done about them.

use booking::{Appointment, BookingCode, BookingView, Status};
use jiff::{Timestamp, ToSpan};
use minijinja::Value;
use serde::Serialize;

use crate::citizen::concerns::today;
use crate::citizen::place::Place;
use crate::citizen::summary::Line;
use crate::extract::Site;
use crate::qr;

/// One appointment.
#[derive(Clone, Debug, Serialize)]
pub struct Ticket {
    pub at: Timestamp,
    pub place: Option<Place>,
    pub items: Vec<Line>,
    pub minutes: u16,
    pub fee_cents: u32,
    pub fee_depends: bool,
    pub state: State,
    /// Address of the page that moves it.
    #[serde(rename = "move")]
    pub move_page: String,
    /// Address of the page that cancels it.
    #[serde(rename = "cancel")]
    pub cancel_page: String,
    /// On its day: address of the page that says “I am here”.
    pub check_in: Option<String>,
    /// The same for a scanner, with the code instead of the link that could change the booking: the paper may get lost.
    pub qr: Option<Value>,
}

/// What a citizen can do about an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Move or cancel it.
    Open,
    /// It is cancelled.
    Cancelled,
    /// It is over.
    Past,
    /// It begins too soon: only the telephone helps.
    TooLate,
}

/// Something to bring, as it was when the booking was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToBring {
    name: String,
    note: Option<String>,
    applies_if: Option<String>,
    form_file: Option<String>,
}

impl Ticket {
    /// `appointment` of the booking behind `token`.
    pub fn new(site: &Site, token: &str, appointment: &Appointment) -> Self {
        let page = |verb: &str| site.url(&format!("/buchung/{token}/termine/{}/{verb}", appointment.id));
        Self {
            at: appointment.start,
            place: Place::find(site, appointment.location),
            items: lines(site, appointment),
            minutes: appointment.minutes,
            fee_cents: appointment.fee_cents,
            fee_depends: appointment.items.iter().any(|it| it.fee_depends),
            state: State::of(site, appointment),
            move_page: page("verschieben"),
            cancel_page: page("absage"),
            check_in: check_in(site, token, appointment),
            qr: None,
        }
    }

    /// All appointments of a booking, in their order.
    pub fn all(site: &Site, token: &str, view: &BookingView) -> Vec<Self> {
        let ticket = |it| {
            let qr = view.booking.code.as_ref().and_then(|code| check_in_qr(site, code, it));
            Self { qr, ..Self::new(site, token, it) }
        };
        view.appointments.iter().map(ticket).collect()
    }
}

impl State {
    /// What can be done about `appointment` now.
    pub fn of(site: &Site, appointment: &Appointment) -> Self {
        let notice = i64::from(site.town.town.rules.cancel_until_minutes).minutes();
        let last_chance = appointment.start.checked_sub(notice).unwrap_or(appointment.start);
        match appointment.status {
            Status::Cancelled | Status::Expired => Self::Cancelled,
            Status::Held | Status::Booked if site.now < last_chance => Self::Open,
            Status::Held | Status::Booked if site.now < appointment.start => Self::TooLate,
            _ => Self::Past,
        }
    }
}

fn check_in(site: &Site, token: &str, appointment: &Appointment) -> Option<String> {
    let is_today = appointment.start.to_zoned(site.zone().clone()).date() == today(site);
    let location = site.town.offices.locations.iter().find(|it| it.id == appointment.location)?;
    let address = || site.url(&format!("/ankunft/{}?buchung={token}", location.key));
    (is_today && appointment.status == Status::Booked).then(address)
}

fn check_in_qr(site: &Site, code: &BookingCode, appointment: &Appointment) -> Option<Value> {
    let location = site.town.offices.locations.iter().find(|it| it.id == appointment.location)?;
    let is_to_come = appointment.status == Status::Booked && site.now < appointment.start;
    let address = || format!("{}{}", site.origin, site.url(&format!("/ankunft/{}?nummer={code}", location.key)));
    is_to_come.then(address).and_then(|address| qr::svg(&address))
}

/// What an appointment is for, in the reader's language.
pub fn lines(site: &Site, appointment: &Appointment) -> Vec<Line> {
    let line = |item: &booking::Item| Line { name: item.name.get(&site.lang).to_owned(), quantity: item.quantity };
    appointment.items.iter().map(line).collect()
}

/// What to bring to those appointments that still take place, each thing once.
pub fn to_bring(site: &Site, view: &BookingView) -> Vec<ToBring> {
    let mut list: Vec<ToBring> = Vec::new();
    let coming = view.appointments.iter().filter(|it| matches!(State::of(site, it), State::Open | State::TooLate));
    for document in coming.flat_map(|it| &it.items).flat_map(|it| &it.documents) {
        let words = |text: &Option<tenancy::i18n::I18n>| text.as_ref().map(|it| it.get(&site.lang).to_owned());
        let found = ToBring {
            name: document.name.get(&site.lang).to_owned(),
            note: words(&document.note),
            applies_if: words(&document.applies_if),
            form_file: document.form_file.clone(),
        };
        if !list.contains(&found) {
            list.push(found);
        }
    }
    list
}
