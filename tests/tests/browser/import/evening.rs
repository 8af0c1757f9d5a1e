//! Until go-live the old calendar is uploaded again every evening: what is new, changed or gone is seen and carried out, by
//! keyboard.

use e2e::browser::Device;
use e2e::{Answer, Keys};

use super::{ENTRIES, Event, HOME, Town, export};

/// Uploads a calendar with a fresh form, as the dialog for files does, which no page can press keys in.
async fn upload(town: &Town, entries: &[Event<'_>]) -> Answer {
    let attempt = town.admin.get(HOME).await.value("versuch");
    town.admin.upload(HOME, &attempt, "Kalender.CSV", &export(entries)).await
}

/// From the columns to the page of the dry run, with everything as proposed, for the next time as well.
async fn to_the_dry_run(keys: &mut Keys, columns: &Answer) {
    keys.open(columns.url.as_str()).await;
    keys.tab_to("spalte-11").await;
    keys.tab_to("profilname").await;
    keys.press("Control+a").await;
    keys.write("Bürgerbüro").await;
    keys.press("Enter").await;
    keys.expect("Worum geht es?").await;
    keys.follow("Weiter zum Probelauf").await;
    keys.expect("Das entscheiden Sie").await;
}

#[test]
fn the_same_calendar_the_next_evening_by_keyboard_only() {
    e2e::browser::run(async {
        let town = Town::open().await;
        let mut keys = Keys::sit_down(Device::DESK).await;
        keys.enter(&town.admin).await;

        to_the_dry_run(&mut keys, &upload(&town, &ENTRIES).await).await;
        keys.tab_to("ganztags-nein").await;
        keys.press("ArrowDown").await;
        keys.expect_focus("ganztags-ja").await;
        keys.follow("Probelauf starten").await;
        keys.expect("Eine Schließung wird eingetragen").await;
        keys.expect("Ohne Schalter: die ganze Stadt wird geschlossen").await;
        keys.follow("jetzt übernehmen").await;
        keys.expect("Eine Schließung eingetragen").await;

        // Meanwhile one takes longer, and one was taken out of the old calendar.
        let (longer, _) = (ENTRIES[0], ENTRIES[1]);
        let next = [(longer.0, longer.1, longer.2, "9:00:00", longer.4, longer.5), ENTRIES[2]];
        to_the_dry_run(&mut keys, &upload(&town, &next).await).await;
        keys.tab_to("absagen").await;
        keys.press("Space").await;
        keys.follow("Probelauf starten").await;
        keys.expect("Ein Termin wird geändert").await;
        keys.expect("Ein früher übernommener Eintrag steht nicht mehr in der Datei").await;
        keys.expect("20 Minuten").await;
        keys.expect("30 Minuten").await;
        keys.expect("2 von 3 Einträgen stehen auch in dieser Datei").await;
        keys.look_twice("werne-import-8-abend").await;
        keys.follow("2 Änderungen jetzt übernehmen").await;
        keys.expect("Ein Eintrag deshalb abgesagt").await;
        keys.look_twice("werne-import-9-abend-bericht").await;
        keys.follow("Alle Importe").await;
        keys.expect("Bis zum Start mit beiden Systemen").await;
        keys.expect("1 geändert, 1 weggefallen").await;
        keys.look_twice("werne-import-liste").await;
        keys.rest("the admin");
    });
}
