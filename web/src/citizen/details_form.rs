//! What a citizen types on step 3: read as it is, checked field by field, kept in every case.

use booking::{BadEmail, BadName, BadPhone, Booking, EmailAddress, Person, PersonName, PhoneNumber, Typed};
use minijinja::{Value, context};
use tenancy::town::PhoneField;

use crate::citizen::problem::Problem;
use crate::extract::{Fields, Site};

/// What was sent.
pub fn read(fields: &Fields) -> Typed {
    let field = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    Typed {
        name: field("name"),
        email: field("mail"),
        phone: field("tel"),
        wants_reminder: fields.get("erinnern").is_some(),
    }
}

/// What a draft has kept from before.
pub fn kept(booking: &Booking) -> Typed {
    let text = |kept: &Option<String>| kept.clone().unwrap_or_default();
    Typed {
        name: text(&booking.name),
        email: text(&booking.email),
        phone: text(&booking.phone),
        wants_reminder: booking.wants_reminder,
    }
}

/// Whether the fields of step 3 are among what was sent.
pub fn is_in(fields: &Fields) -> bool {
    fields.get("name").is_some() && fields.get("mail").is_some()
}

/// The person, if every field is right.
///
/// # Errors
/// One problem for each field that is not.
pub fn check(site: &Site, typed: &Typed) -> Result<Person, Vec<Problem>> {
    let name = PersonName::parse(&typed.name).map_err(|error| name_problem(site, error));
    let email = EmailAddress::parse(&typed.email).map_err(|error| email_problem(site, error));
    let phone = match typed.phone.trim() {
        "" => Ok(None),
        number if asks_phone(site) => PhoneNumber::parse(number).map(Some).map_err(|error| phone_problem(site, error)),
        _ => Ok(None),
    };
    match (name, email, phone) {
        (Ok(name), Ok(email), Ok(phone)) => {
            let language = Some(site.lang.clone());
            Ok(Person { name, email, phone, wants_reminder: typed.wants_reminder, language })
        }
        (name, email, phone) => Err([name.err(), email.err(), phone.err()].into_iter().flatten().collect()),
    }
}

/// The fields for the template, each with its problem.
pub fn view(site: &Site, typed: &Typed, problems: &[Problem]) -> Value {
    let field = |id: &str, typed: &str| {
        let error = problems.iter().find(|it| it.field == id).map(|it| it.message.as_str());
        context! { typed, error }
    };
    context! {
        name => field("name", &typed.name),
        email => field("mail", &typed.email),
        phone => asks_phone(site).then(|| field("tel", &typed.phone)),
        wants_reminder => typed.wants_reminder,
    }
}

fn asks_phone(site: &Site) -> bool {
    site.town.town.rules.phone_field == PhoneField::Optional
}

/// What is wrong with a name; also for bookings on the telephone.
pub fn name_problem(site: &Site, error: BadName) -> Problem {
    let key = match error {
        BadName::Missing => "name_missing",
        BadName::TooLong => "name_too_long",
        BadName::ControlCharacter => "name_bad",
    };
    Problem::new(site, "name", key, &[])
}

/// What is wrong with an e-mail address; also for the page that sends the link again.
pub fn email_problem(site: &Site, error: BadEmail) -> Problem {
    let key = match error {
        BadEmail::Missing => "email_missing",
        BadEmail::TooLong => "email_too_long",
        BadEmail::NoAt => "email_no_at",
        BadEmail::SeveralAts => "email_several_ats",
        BadEmail::NoLocalPart => "email_no_local",
        BadEmail::NoDomain => "email_no_domain",
        BadEmail::BadDomain => "email_bad_domain",
        BadEmail::BadDots => "email_dots",
        BadEmail::BadCharacter(sign) => {
            return Problem::new(site, "mail", "email_character", &[("sign", sign.to_string().into())]);
        }
    };
    Problem::new(site, "mail", key, &[])
}

/// What is wrong with a telephone number; also for bookings on the telephone.
pub fn phone_problem(site: &Site, error: BadPhone) -> Problem {
    let key = match error {
        BadPhone::Missing | BadPhone::TooShort => "phone_too_short",
        BadPhone::TooLong => "phone_too_long",
        BadPhone::BadCharacter(_) => "phone_bad",
    };
    Problem::new(site, "tel", key, &[])
}
