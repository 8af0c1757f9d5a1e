//! `tenant.toml`: who a town is, where it answers, and by which rules it books.

use serde::{Deserialize, Serialize};

use super::spelling::is_host;
use crate::i18n::I18n;
use crate::town::{Emergency, IdentityProvider, MailSender, Profile, Rules};
use crate::{Tenant, TenantHost, TenantSlug};

/// The file `tenant.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenantFile {
    /// Short name, stable for ever.
    pub slug: TenantSlug,
    /// Official name, such as “Stadt Werne”.
    pub name: String,
    /// As people say it.
    pub short_name: String,
    /// IANA time zone.
    #[serde(default = "berlin")]
    pub zone: String,
    /// The Land, such as `NW`.
    pub state: String,
    /// Languages of the pages, German first.
    pub languages: Vec<String>,
    /// Keys that the town has yet to confirm, such as `contact.phone`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to_confirm: Vec<String>,
    /// Where the town answers, the primary place first.
    #[serde(default)]
    pub host: Vec<HostEntry>,
    /// The office.
    pub contact: Contact,
    /// Whom to turn to in urgent cases.
    pub emergency: Emergency,
    /// Sender of the mails.
    pub mail: MailSender,
    /// How fees are paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<Payment>,
    /// Where staff can sign in besides here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oidc: Option<IdentityProvider>,
    /// How the town books.
    #[serde(default)]
    pub rules: Rules,
}

/// One `[[host]]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostEntry {
    /// Such as `www.werne.de`; with a port only if it is part of the address.
    pub host: String,
    /// Such as `/terminvergabe`.
    pub base_path: String,
}

/// The office that takes the bookings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Name, such as “Bürgerbüro”.
    pub office: String,
    /// Street and number.
    pub street: String,
    /// Postal code.
    pub zip: String,
    /// Place.
    pub city: String,
    /// Number; left out where it is not verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Address to write to.
    pub email: String,
    /// The town's own site.
    pub website: String,
}

/// How fees are paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// Such as “Bar oder mit Karte vor Ort”.
    pub text: I18n,
}

fn berlin() -> String {
    "Europe/Berlin".to_owned()
}

impl TenantFile {
    /// The town as its pages need it.
    pub fn profile(&self) -> Profile {
        let contact = self.contact.clone();
        Profile {
            name: self.name.clone(),
            short_name: self.short_name.clone(),
            state: self.state.clone(),
            languages: self.languages.clone(),
            office: contact.office,
            street: contact.street,
            zip: contact.zip,
            city: contact.city,
            phone: contact.phone,
            email: contact.email,
            website: contact.website,
            emergency: self.emergency.clone(),
            mail: self.mail.clone(),
            oidc: self.oidc.clone(),
            how_to_pay: self.payment.clone().map(|payment| payment.text),
            to_confirm: self.to_confirm.clone(),
        }
    }

    /// The file that says what the directory and the town's own row say.
    pub(super) fn of(tenant: &Tenant, profile: Profile, rules: Rules) -> Self {
        Self {
            slug: tenant.slug.clone(),
            name: profile.name,
            short_name: profile.short_name,
            zone: tenant.zone.iana_name().unwrap_or("Europe/Berlin").to_owned(),
            state: profile.state,
            languages: profile.languages,
            to_confirm: profile.to_confirm,
            host: HostEntry::all_of(&tenant.hosts),
            contact: Contact {
                office: profile.office,
                street: profile.street,
                zip: profile.zip,
                city: profile.city,
                phone: profile.phone,
                email: profile.email,
                website: profile.website,
            },
            emergency: profile.emergency,
            mail: profile.mail,
            oidc: profile.oidc,
            payment: profile.how_to_pay.map(|text| Payment { text }),
            rules,
        }
    }

    /// Makes `host` the primary one, at the path of the one that was, which stays as a further one. `false`: it is no
    /// host, and nothing has changed.
    #[must_use]
    pub fn put_first(&mut self, host: &str) -> bool {
        let host = host.to_lowercase();
        if !is_host(&host) {
            return false;
        }
        let Some(base_path) = self.host.first().map(|first| first.base_path.clone()) else { return true };
        let first = HostEntry { host, base_path };
        self.host.retain(|other| *other != first);
        self.host.insert(0, first);
        self.sort_hosts();
        true
    }

    /// The directory knows which host is the primary one, and no order among the others.
    pub(super) fn sort_hosts(&mut self) {
        if let Some((_, others)) = self.host.split_first_mut() {
            others.sort();
        }
    }
}

impl HostEntry {
    fn all_of(hosts: &[TenantHost]) -> Vec<Self> {
        let mut hosts: Vec<&TenantHost> = hosts.iter().collect();
        hosts.sort_by_key(|host| (!host.is_primary, &host.host, &host.base_path));
        hosts.into_iter().map(|h| Self { host: h.host.clone(), base_path: h.base_path.clone() }).collect()
    }
}
