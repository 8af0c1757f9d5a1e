//! The same file once more, a day later: what the pages say of the difference.

use e2e::Answer;

use super::{HOME, Office, batch, path};

/// A list whose rows have names of their own.
const BEFORE: &str = "ID;Datum;Uhrzeit;Name;Telefon;Anliegen\r\n\
    1;03.12.2026;8:30;Erika Mustermann;0170 1234567;Personalausweis\r\n\
    2;03.12.2026;9:00;Tim Muster;;Personalausweis\r\n";

/// All-day leave at one counter.
const LEAVE: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1@probe\r\nDTSTART;VALUE=DATE:20261203\r\n\
    DTEND;VALUE=DATE:20261205\r\nSUMMARY:Urlaub\r\nLOCATION:Schalter 2\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

impl Office {
    /// Presses the button that imports, and waits for the report.
    async fn applied(&self, checked: &Answer) -> Answer {
        let applying = self.send(checked, "form[action$=uebernehmen]", &[]).await;
        self.wait(&applying).await
    }

    /// Dry-runs anew with these wishes.
    async fn anew(&self, checked: &Answer, wishes: &[(&str, &str)]) -> Answer {
        let running = self.send(checked, "form[action$=pruefung]", wishes).await;
        self.wait(&running).await
    }

    /// Uploads a file and leads it to the page of the dry run, which has not begun.
    async fn unchecked(&self, name: &str, content: &str) -> Answer {
        let columns = self.upload(name, content).await;
        let concerns = self.send(&columns, "main form", &[("fertig", "1")]).await;
        self.send(&concerns, "main form", &[]).await
    }

    async fn count(&self, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement).fetch_one(self.test.tx("probe").await.conn()).await.unwrap()
    }
}

/// What the rows make different, each as one text.
fn changes(page: &Answer) -> Vec<String> {
    texts(page, ".changes li")
}

/// What is missing from the file, each with what became of it.
fn missing(page: &Answer) -> Vec<String> {
    texts(page, "section[aria-labelledby=fehlt] li")
}

fn texts(page: &Answer, selector: &str) -> Vec<String> {
    let text =
        |it: &scraper::ElementRef<'_>| it.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    page.all(selector).iter().map(text).collect()
}

#[tokio::test]
async fn a_changed_row_says_what_becomes_different() {
    let office = Office::open().await;
    office.applied(&office.checked(BEFORE).await).await;
    let later = BEFORE.replace("8:30", "9:30").replace("0170 1234567", "");
    let checked = office.checked(&later).await;
    checked.says("Ein Termin wird geändert");
    let expected = ["Wann: 03.12.2026, 08:30 → wird zu 03.12.2026, 09:30", "Telefon: 0170 1234567 → wird zu leer"];
    assert_eq!(changes(&checked), expected);
    let only = office.admin.get(&format!("{}?stand=changed", path(&checked))).await;
    only.says("Geändert 1");
    assert_eq!(only.all(".import-rows tbody tr").len(), 1);
    let address = format!("{HOME}/{}/zeilen.csv?stand=changed", batch(&checked));
    let file = office.admin.open(&address).await.text().await.unwrap();
    let line = "\"Wann: 03.12.2026, 08:30 → 03.12.2026, 09:30 · Telefon: 0170 1234567 → leer\"";
    assert!(file.contains(line) && file.contains("\"wird geändert\"") && !file.contains("Tim"), "{file}");

    let report = office.applied(&checked).await;
    assert_eq!(changes(&report), expected, "the report says the same");
    let file = office.admin.open(&address).await.text().await.unwrap();
    assert!(file.contains(line) && file.contains("\"geändert\""), "{file}");
    let undoing = office.send(&report, "form[action$=zuruecknehmen]", &[]).await;
    let undone = office.wait(&undoing).await;
    assert_eq!(changes(&undone), expected);
    undone.says("zurückgenommen");
    assert!(!undone.text().contains("wird geändert"), "nothing is ahead any more: {}", undone.text());
    office.server.stop().await;
}

#[tokio::test]
async fn other_words_for_the_same_are_said_to_change_nothing() {
    let office = Office::open().await;
    office.applied(&office.checked(BEFORE).await).await;
    let checked = office
        .checked(BEFORE.replace("Erika Mustermann;0170 1234567;Personalausweis", "Erika Mustermann;0170 1234567;PA"))
        .await;
    checked.says("am Termin ändert sich nichts");
    assert!(changes(&checked).is_empty());
    office.server.stop().await;
}

#[tokio::test]
async fn whole_days_become_a_closure_and_go_again() {
    let office = Office::open().await;
    let check = office.unchecked("urlaub.ics", LEAVE).await;
    let checked = office.anew(&check, &[("ganztags", "schliessen")]).await;
    checked.says("Eine Schließung wird eingetragen").says("Eine Änderung jetzt übernehmen");
    let report = office.applied(&checked).await;
    report.says("Eine Schließung eingetragen").says("als Schließung eingetragen");
    let closed = "SELECT count(*) FROM closure WHERE first_day = '2026-12-03' AND last_day = '2026-12-04'";
    assert_eq!(office.count(closed).await, 1);
    let moved = LEAVE.replace("20261205", "20261206");
    let check = office.unchecked("urlaub.ics", &moved).await;
    let checked = office.anew(&check, &[("ganztags", "schliessen")]).await;
    assert_eq!(changes(&checked), ["Wann: 03.12.2026 – 04.12.2026 → wird zu 03.12.2026 – 05.12.2026"]);
    let undoing = office.send(&report, "form[action$=zuruecknehmen]", &[]).await;
    office.wait(&undoing).await.says("Zurückgenommen");
    assert_eq!(office.count(closed).await, 0);
    office.server.stop().await;
}

#[tokio::test]
async fn what_is_gone_from_the_file_is_cancelled_if_wanted_and_booked_again_when_taken_back() {
    let office = Office::open().await;
    office.applied(&office.checked(BEFORE).await).await;
    let check = office.unchecked("liste.csv", &only_first(BEFORE)).await;
    let shown = office.anew(&check, &[]).await;
    shown.says("Ein früher übernommener Eintrag steht nicht mehr in der Datei").says("Es gibt nichts zu übernehmen");
    let checked = office.anew(&shown, &[("absagen", "1")]).await;
    checked
        .says("Er wird deshalb abgesagt")
        .says("wird es hier auch abgesagt, ohne E-Mail")
        .says("Eine Änderung jetzt");
    let report = office.applied(&checked).await;
    report.says("Ein Eintrag deshalb abgesagt");
    assert_eq!(missing(&report), ["Tim Muster, Do, 3. Dez., 09:00 Uhr: abgesagt"]);
    assert_eq!(office.appointments().await, 1);
    let undoing = office.send(&report, "form[action$=zuruecknehmen]", &[]).await;
    assert_eq!(missing(&office.wait(&undoing).await), ["Tim Muster, Do, 3. Dez., 09:00 Uhr: wieder gebucht"]);
    assert_eq!(office.appointments().await, 2);
    office.server.stop().await;
}

#[tokio::test]
async fn nothing_is_cancelled_while_a_row_is_unreadable_and_the_page_says_why() {
    let office = Office::open().await;
    let rows = BEFORE.replace("ID;", "Was auch immer;");
    office.applied(&office.checked(&rows).await).await;
    let broken = rows.replace("2;03.12.2026", "2;32.12.2026");
    let check = office.unchecked("liste.csv", &broken).await;
    let checked = office.anew(&check, &[("absagen", "1")]).await;
    checked.says("Abgesagt wird nichts: eine Zeile der Datei ist nicht zu lesen").says("Es gibt nichts zu übernehmen");
    assert!(!checked.text().contains("Er wird deshalb abgesagt"), "{}", checked.text());
    let more = broken.clone() + "3;04.12.2026;9:00;Ali Neu;;Personalausweis\r\n";
    let check = office.unchecked("liste.csv", &more).await;
    let checked = office.anew(&check, &[("absagen", "1")]).await;
    office.applied(&checked).await.says("Abgesagt wurde nichts: eine Zeile der Datei war nicht zu lesen");
    assert_eq!(office.appointments().await, 3);
    office.server.stop().await;
}

#[tokio::test]
async fn whoever_has_not_seen_what_is_compared_does_not_carry_it_out() {
    let office = Office::open().await;
    office.applied(&office.checked(BEFORE).await).await;
    let check =
        office.unchecked("liste.csv", &(only_first(BEFORE) + "3;04.12.2026;9:00;Ali Neu;;Personalausweis\r\n")).await;
    let seen = office.anew(&check, &[("absagen", "1")]).await;
    seen.says("Er wird deshalb abgesagt");
    let colleague = office.send(&seen, "form[action$=fassung]", &[("fassung", "-")]).await;
    assert!(colleague.all("section[aria-labelledby=fehlt]").is_empty(), "nothing is missing from another calendar");
    let refused = office.send(&seen, "form[action$=uebernehmen]", &[]).await;
    refused.says("Inzwischen hat sich etwas geändert");
    let back = office.of_the_first(&refused).await;
    office.applied(&back).await.says("Ein Eintrag deshalb abgesagt");
    office.server.stop().await;
}

#[tokio::test]
async fn whoever_wants_to_cancel_what_is_gone_is_asked_what_it_is_compared_with() {
    let office = Office::open().await;
    office.applied(&office.checked(BEFORE).await).await;
    let header = BEFORE.lines().next().unwrap();
    let check =
        office.unchecked("andere.csv", &format!("{header}\r\n9;04.12.2026;9:00;Ali Neu;;Personalausweis\r\n")).await;
    let asked = "details.edition[open]";
    let shown = office.anew(&check, &[]).await;
    assert!(!shown.all("details.edition").is_empty() && shown.all(asked).is_empty(), "it shares no row with the list");
    let wished = office.anew(&shown, &[("absagen", "1")]).await;
    assert!(!wished.all(asked).is_empty(), "the wish has no effect until somebody says with what it is compared");
    office.server.stop().await;
}

#[tokio::test]
async fn many_missing_ones_come_a_page_at_a_time() {
    let office = Office::open().await;
    let head = "ID;Datum;Uhrzeit;Name;Anliegen\r\n";
    let row = |number: u32| {
        format!("{number};{:02}.12.2026;{}:00;Person {number};Personalausweis\r\n", 2 + number / 8, 8 + number % 8)
    };
    let all: String = (0..120).map(row).collect();
    office.applied(&office.checked(format!("{head}{all}")).await).await;
    let few: String = (0..61).map(row).collect();
    let checked = office.checked(format!("{head}{few}")).await;
    checked.says("59 früher übernommene Einträge stehen nicht mehr in der Datei");
    assert_eq!(missing(&checked).len(), 50);
    let next = checked.all("section[aria-labelledby=fehlt] .row a")[0].attr("href").unwrap();
    let next = office.admin.get(next.strip_prefix("/termine").unwrap().trim_end_matches("#fehlt")).await;
    assert_eq!(missing(&next).len(), 9);
    next.says("Zum Anfang");
    office.server.stop().await;
}

#[tokio::test]
async fn more_phrases_than_anybody_works_through_are_said_to_be_more() {
    let office = Office::open().await;
    let word = |number: u32| char::from_u32(u32::from(b'a') + number % 26).unwrap();
    let subject = |number: u32| format!("Qx{}{}{}", word(number), word(number / 26), word(number / 7));
    let rows: String = (0..520).map(|number| format!("03.12.2026;9:00;Lea Beispiel;{}\r\n", subject(number))).collect();
    let columns = office.upload("viele.csv", format!("Datum;Uhrzeit;Name;Anliegen\r\n{rows}")).await;
    let concerns = office.send(&columns, "main form", &[("fertig", "1")]).await;
    concerns.says("Hier stehen die 500 häufigsten Ausdrücke, mehr nicht");
    office.server.stop().await;
}

/// The list without its second row.
fn only_first(list: &str) -> String {
    list.lines().take(2).map(|line| format!("{line}\r\n")).collect()
}
