//! What the demo says on the terminal, in German: it is for people from town halls too.

use tenancy::Tenant;

/// Where a town is to be seen.
pub(super) struct Address {
    name: String,
    url: String,
}

impl Address {
    pub fn of(tenant: &Tenant) -> Self {
        let url = tenant.hosts.first().map(|host| format!("http://{}{}", host.host, host.base_path));
        Self { name: tenant.name.clone(), url: url.unwrap_or_default() }
    }
}

/// One step on the way.
pub(super) fn progress(step: &str) {
    eprintln!("  {step} …");
}

/// Where to click.
pub(super) fn print(towns: &[Address], port: u16) {
    let mailbox = Address { name: "Postfach".to_owned(), url: format!("http://mail.localhost:{port}/") };
    let lines = towns.iter().chain([&mailbox]);
    let width = lines.clone().map(|line| line.name.chars().count()).max().unwrap_or_default();
    println!("\nStadttermin läuft. Hier geht es weiter:\n");
    for Address { name, url } in lines {
        println!("  {name:width$}  {url}");
    }
    println!("\nJede E-Mail der Demo liegt im Postfach, keine verlässt diesen Rechner.");
    println!("In die Datenbank führt, solange die Demo läuft: ./dev psql");
    println!("Strg-C beendet alles; der nächste Start behält die Daten, mit --fresh beginnt er von vorn.\n");
}
