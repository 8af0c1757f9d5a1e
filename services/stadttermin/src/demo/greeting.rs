//! What the demo says on the terminal, in German: it is for people from town halls too.

use identity::Role;
use tenancy::Tenant;

use super::staff::{COLLEAGUES, PASSWORD, SECRET};

/// A town, as the greeting shows it.
pub(super) struct Town {
    name: String,
    /// Address of its first page.
    url: String,
    /// Some recovery codes of its admin.
    codes: Vec<String>,
}

impl Town {
    pub fn of(tenant: &Tenant, codes: Vec<String>) -> Self {
        let url = tenant.hosts.first().map(|host| format!("http://{}{}", host.host, host.base_path));
        Self { name: tenant.name.clone(), url: url.unwrap_or_default(), codes }
    }
}

/// One step on the way.
pub(super) fn progress(step: &str) {
    eprintln!("  {step} …");
}

/// Where to click, and how to sign in.
pub(super) fn print(towns: &[Town], port: u16) {
    let mut places: Vec<_> = towns.iter().map(|town| (town.name.as_str(), town.url.clone())).collect();
    places.push(("Postfach", format!("http://mail.localhost:{port}/")));
    println!("\nStadttermin läuft. Hier geht es weiter:\n");
    print_columns(&places);

    println!("\nFür die Beschäftigten:\n");
    let desks = towns.iter().map(|town| (town.name.as_str(), format!("{}/verwaltung", town.url)));
    print_columns(&desks.collect::<Vec<_>>());
    println!("\nAnmelden können sich in jeder Stadt, alle mit dem Passwort {PASSWORD}\n");
    print_columns(&COLLEAGUES.map(|(role, email, _)| (email, tasks(role).to_owned())));
    println!("\nZweiter Faktor der Administration: Schlüssel für die Authenticator-App {SECRET},");
    println!("oder ohne App einer dieser Ersatzcodes, jeder gilt einmal:\n");
    let codes = towns.iter().filter(|town| !town.codes.is_empty());
    print_columns(&codes.map(|town| (town.name.as_str(), town.codes.join("  "))).collect::<Vec<_>>());

    println!("\nJede E-Mail der Demo liegt im Postfach, keine verlässt diesen Rechner.");
    println!("In die Datenbank führt, solange die Demo läuft: ./dev psql");
    println!("Strg-C beendet alles; der nächste Start behält die Daten, mit --fresh beginnt er von vorn.\n");
}

fn print_columns(lines: &[(&str, String)]) {
    let width = lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    for (name, text) in lines {
        println!("  {name:width$}  {text}");
    }
}

/// What somebody of this role does.
fn tasks(role: Role) -> &'static str {
    match role {
        Role::Phone => "Telefonzentrale: bucht, verschiebt, sagt ab",
        Role::Clerk => "Schalter: ruft auf, bedient, bucht",
        Role::Lead => "Teamleitung: schließt auch Schalter, überbucht",
        Role::Admin => "Administration: auch Personal und Einstellungen",
        Role::Reader => "liest mit, ändert nichts",
    }
}
