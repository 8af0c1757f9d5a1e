//! What `tenant.toml` must say beyond its form.

use jiff::tz::TimeZone;

use super::spelling::{is_base_path, is_email, is_host, is_issuer, is_phone, is_web_address};
use super::tenant_file::{HostEntry, TenantFile};
use super::{Problem, TomlFile};
use crate::i18n::{FIRST_LANGUAGE, is_language};
use crate::town::{IdentityProvider, Rules};

/// The sixteen Länder by ISO 3166-2 (without `DE-`).
const STATES: [&str; 16] =
    ["BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"];

/// What a town may mark as yet to be confirmed.
const CONFIRMABLE: [&str; 16] = [
    "name",
    "short_name",
    "zone",
    "state",
    "languages",
    "host",
    "contact",
    "emergency",
    "mail",
    "payment",
    "oidc",
    "rules",
    "theme",
    "logo",
    "texts",
    "offices",
];

/// Everything wrong with the content of the file.
pub(super) fn check(file: &TomlFile<TenantFile>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut report = |path: &str, message: String| problems.push(file.problem(path, message));
    names(&file.value, &mut report);
    hosts(&file.value.host, &mut report);
    addresses(&file.value, &mut report);
    if let Some(oidc) = &file.value.oidc {
        provider(oidc, &mut report);
    }
    rules(&file.value.rules, &mut report);
    for (index, key) in file.value.to_confirm.iter().enumerate() {
        if !CONFIRMABLE.contains(&key.split('.').next().unwrap_or_default()) {
            let expected = CONFIRMABLE.join(", ");
            report(&format!("to_confirm[{index}]"), format!("there is no “{key}”; expected a key under: {expected}"));
        }
    }
    problems
}

fn names(town: &TenantFile, report: &mut impl FnMut(&str, String)) {
    for (path, text) in [
        ("name", &town.name),
        ("short_name", &town.short_name),
        ("contact.office", &town.contact.office),
        ("contact.street", &town.contact.street),
        ("contact.city", &town.contact.city),
        ("mail.from_name", &town.mail.from_name),
    ] {
        if text.trim().is_empty() {
            report(path, format!("{path} is empty; expected a text"));
        }
    }
    if town.contact.zip.len() != 5 || !town.contact.zip.bytes().all(|b| b.is_ascii_digit()) {
        report("contact.zip", format!("“{}” is no postal code; expected five digits", town.contact.zip));
    }
    if TimeZone::get(&town.zone).is_err() {
        report("zone", format!("the time zone “{}” does not exist; expected such as Europe/Berlin", town.zone));
    }
    if !STATES.contains(&town.state.as_str()) {
        report("state", format!("“{}” is no Land; expected one of: {}", town.state, STATES.join(", ")));
    }
    if town.languages.first().is_none_or(|first| first != FIRST_LANGUAGE) {
        report("languages", "the first language must be German; expected [\"de\", …]".to_owned());
    }
    for (index, language) in town.languages.iter().enumerate() {
        let path = format!("languages[{index}]");
        if !is_language(language) {
            report(&path, format!("“{language}” is no language; expected a code such as de or en"));
        } else if town.languages[..index].contains(language) {
            report(&path, format!("“{language}” is listed twice"));
        }
    }
}

fn hosts(hosts: &[HostEntry], report: &mut impl FnMut(&str, String)) {
    if hosts.is_empty() {
        report("host", "no host; expected [[host]] with host and base_path".to_owned());
    }
    for (index, entry) in hosts.iter().enumerate() {
        if !is_host(&entry.host) {
            let message = format!("“{}” is no host; expected small letters such as www.werne.de", entry.host);
            report(&format!("host[{index}].host"), message);
        }
        if !is_base_path(&entry.base_path) {
            let message = format!("“{}” is no path; expected such as /terminvergabe", entry.base_path);
            report(&format!("host[{index}].base_path"), message);
        }
        if hosts[..index].contains(entry) {
            let message = format!("{}{} is listed twice", entry.host, entry.base_path);
            report(&format!("host[{index}]"), message);
        }
    }
}

fn addresses(town: &TenantFile, report: &mut impl FnMut(&str, String)) {
    let emails = [
        ("contact.email", Some(&town.contact.email)),
        ("emergency.email", town.emergency.email.as_ref()),
        ("mail.from_address", Some(&town.mail.from_address)),
        ("mail.reply_to", Some(&town.mail.reply_to)),
    ];
    for (path, email) in emails {
        if let Some(email) = email.filter(|email| !is_email(email)) {
            report(path, format!("“{email}” is no e-mail address; expected such as termin@stadt.de"));
        }
    }
    for (path, phone) in [("contact.phone", &town.contact.phone), ("emergency.phone", &town.emergency.phone)] {
        if let Some(phone) = phone.as_ref().filter(|phone| !is_phone(phone)) {
            report(path, format!("“{phone}” is no telephone number; expected such as 0571 791-0"));
        }
    }
    if !is_web_address(&town.contact.website) {
        let message = format!("“{}” is no web address; expected such as https://www.werne.de", town.contact.website);
        report("contact.website", message);
    }
}

fn provider(oidc: &IdentityProvider, report: &mut impl FnMut(&str, String)) {
    for (path, text) in [("oidc.name", &oidc.name), ("oidc.client_id", &oidc.client_id)] {
        if text.trim().is_empty() {
            report(path, format!("{path} is empty; expected a text"));
        }
    }
    if !is_issuer(&oidc.issuer) {
        let message = format!("“{}” is no issuer; expected such as https://login.werne.de/realms/rathaus", oidc.issuer);
        report("oidc.issuer", message);
    }
    let is_shared = ["/common", "/organizations", "/consumers"].iter().any(|it| oidc.issuer.contains(it));
    if oidc.issuer.starts_with("https://login.microsoftonline.com") && is_shared {
        let message = "this issuer lets everybody's accounts in; expected https://login.microsoftonline.com/<ID of the town's tenant>/v2.0";
        report("oidc.issuer", message.to_owned());
    }
}

fn rules(rules: &Rules, report: &mut impl FnMut(&str, String)) {
    if !rules.combined && !rules.separate {
        report("rules", "combined and separate are both off; expected at least one of them true".to_owned());
    }
    let mut range = |key: &str, value: u32, least: u32, most: u32| {
        if !(least..=most).contains(&value) {
            report(&format!("rules.{key}"), format!("{key} is {value}; expected {least} to {most}"));
        }
    };
    range("max_total_minutes", rules.max_total_minutes.into(), 5, 480);
    range("max_appointments", rules.max_appointments.into(), 1, 20);
    range("bookings_per_email", rules.bookings_per_email.into(), 1, 1000);
    range("lead_minutes", rules.lead_minutes, 0, 60 * 24 * 30);
    range("horizon_days", rules.horizon_days.into(), 1, 400);
    // Every day costs memory in each web server; nobody's hours are settled for longer than a year.
    range("staff_horizon_days", rules.staff_horizon_days.into(), 1, 400);
    range("hold_minutes", rules.hold_minutes.into(), 5, 60);
    // WCAG 2.2.1: a time limit can be extended at least ten times.
    range("hold_extensions", rules.hold_extensions.into(), 10, 100);
    range("release_delay_minutes", rules.release_delay_minutes.into(), 0, 60 * 24);
    range("cancel_until_minutes", rules.cancel_until_minutes, 0, 60 * 24 * 7);
    range("retention_days", rules.retention_days.into(), 1, 365);
}
