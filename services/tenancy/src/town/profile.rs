//! Who a town is: name, office, contact, languages.

use serde::{Deserialize, Serialize};

use crate::i18n::I18n;

/// Who the town is, and how its citizens reach it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Official name, such as “Stadt Werne”.
    pub name: String,
    /// As people say it, such as “Werne”.
    pub short_name: String,
    /// The Land, such as `NW`: decides the public holidays.
    pub state: String,
    /// Languages of the pages, the first one being German.
    pub languages: Vec<String>,
    /// The office that takes the bookings, such as “Bürgerbüro”.
    pub office: String,
    /// Street and number.
    pub street: String,
    /// Postal code.
    pub zip: String,
    /// Place.
    pub city: String,
    /// Switchboard; missing where it is not verified.
    pub phone: Option<String>,
    /// Where citizens write to.
    pub email: String,
    /// The town's own site.
    pub website: String,
    /// Whom to turn to in urgent cases; shown on every page.
    pub emergency: Emergency,
    /// Sender of the mails.
    pub mail: MailSender,
    /// Where staff can sign in besides here.
    #[serde(default)]
    pub oidc: Option<IdentityProvider>,
    /// How fees are paid, such as “bar oder mit Karte vor Ort”.
    pub how_to_pay: Option<I18n>,
    /// Keys of `tenant.toml` that the town has yet to confirm.
    #[serde(default)]
    pub to_confirm: Vec<String>,
}

/// Whom to turn to when it cannot wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Emergency {
    /// What counts as urgent, and what to do.
    pub text: I18n,
    /// Number to call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Address to write to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// Who the mails come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSender {
    /// Shown name.
    pub from_name: String,
    /// Sending address.
    pub from_address: String,
    /// Where answers go.
    pub reply_to: String,
}

/// The town's own identity provider, such as Keycloak or Entra. The secret of our client there is the deployment's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityProvider {
    /// What staff call it, such as “Rathaus-Konto”.
    pub name: String,
    /// Its address as an issuer of tokens, such as `https://login.werne.de/realms/rathaus`.
    pub issuer: String,
    /// What we are called there.
    pub client_id: String,
    /// Its addresses are the town's own, even if it does not say of each that it is confirmed. Entra never does.
    #[serde(default)]
    pub trusts_email: bool,
    /// It asks for a second factor itself, so that we need not.
    #[serde(default)]
    pub second_factor: bool,
}
