//! Booking for a caller and finding them again, through the pages, without scripts.

use std::sync::Arc;

use e2e::{Server, StaffClient, TestDb};
use identity::Role;
use jiff::Timestamp;
use reqwest::StatusCode;
use uuid::Uuid;

const HOME: &str = "/verwaltung/neu";
const LOOK: &str = "/verwaltung/neu/zeiten";

/// A small town on Tuesday, 1 December 2026, at 8:50, with an hour for staff only and a concern that is not online.
struct Switchboard {
    test: TestDb,
    server: Server,
}

impl Switchboard {
    async fn open() -> Self {
        Self::open_by(r#"{"combined": true, "separate": true}"#).await
    }

    /// A town with these rules.
    async fn open_by(rules: &str) -> Self {
        let test = TestDb::with_town("probe").await;
        let mut tx = test.tx("probe").await;
        sqlx::query("UPDATE town SET rules = $1::jsonb").bind(rules).execute(tx.conn()).await.unwrap();
        let more = "INSERT INTO opening_rule (location_id, counter_ids, weekdays, opens, closes, step_minutes, channel)
                    VALUES (1, '{}', '{3}', '14:00', '15:00', 20, 'staff');
                    INSERT INTO counter_concern (counter_id, concern_id) VALUES (1, 6);";
        sqlx::raw_sql(more).execute(tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
        let now: Timestamp = "2026-12-01T07:50:00Z".parse().unwrap();
        let server = Server::start_with(&test, Arc::new(move || now), web::Limits::standard()).await;
        Self { test, server }
    }

    async fn staff(&self, role: Role) -> StaffClient {
        self.server.sign_in(&self.test, "probe", role).await
    }

    async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(self.test.tx("probe").await.conn()).await.unwrap()
    }
}

/// A form for an identity card at 9:30 at the town hall, with `more`.
async fn send(staff: &StaffClient, path: &str, attempt: u128, more: &[(&str, &str)]) -> e2e::Answer {
    let attempt = Uuid::from_u128(attempt).to_string();
    let usual = [
        ("versuch", attempt.as_str()),
        ("anliegen", "personalausweis"),
        ("zeit", "2026-12-01T08:30:00Z@rathaus"),
        ("name", "Jürgen Müller"),
    ];
    let own = usual.into_iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
    let fields: Vec<(&str, &str)> = own.chain(more.iter().copied()).collect();
    staff.post(path, &fields).await
}

#[tokio::test]
async fn from_a_few_letters_to_a_code_without_scripts() {
    let desk = Switchboard::open().await;
    let phone = desk.staff(Role::Phone).await;
    let empty = phone.get(HOME).await;
    assert!(empty.all("input[name=q][autofocus]").len() == 1, "{}", empty.source);
    let attempt = empty.value("versuch");
    let taken = phone.post(LOOK, &[("q", "persso"), ("nimm", "1"), ("versuch", &attempt)]).await;
    assert_eq!(taken.all("input[name=anliegen][value=personalausweis][checked]").len(), 1, "{}", taken.text());
    assert_eq!((taken.value("q"), taken.value("versuch")), (String::new(), attempt.clone()));
    let time = taken.all("input[name=zeit][checked]")[0].attr("value").unwrap().to_owned();
    // No lead time for staff: ten minutes from now is on offer, and it is said that citizens could not have it.
    assert_eq!(time, "2026-12-01T07:50:00Z@rathaus");
    taken.says("zu kurzfristig");
    let fields = [("anliegen", "personalausweis"), ("versuch", &attempt), ("zeit", &time), ("name", "Jürgen Müller")];
    let done = phone.post(HOME, &fields).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    done.says("Gebucht für Jürgen Müller").says("8:50").says("Rathaus").says("bisheriger Ausweis").says("vorlesen");
    assert_eq!(done.all(".spelled li").len(), 8);
    assert!(done.all("#naechster[data-focus]").len() == 1);
    let slip = done.all("#zettel")[0].attr("href").unwrap().rsplit('/').next().unwrap().to_owned();
    phone.get(&format!("/verwaltung/neu/zettel/{slip}")).await.says("Ihr Termin").says("Jürgen Müller");
}

#[tokio::test]
async fn the_history_says_once_who_booked() {
    let desk = Switchboard::open().await;
    let phone = desk.staff(Role::Phone).await;
    let done = send(&phone, HOME, 1, &[]).await;
    let appointment = done.all("a[href*='/verwaltung/termine/']")[0].attr("href").unwrap();
    let path = &appointment[appointment.find("/verwaltung").unwrap()..];
    let page = phone.get(path).await;
    assert_eq!(page.all(".history li").len(), 1, "{}", page.source);
    page.says(&phone.name);
}

#[tokio::test]
async fn several_concerns_with_quantities_are_one_appointment() {
    let desk = Switchboard::open().await;
    let phone = desk.staff(Role::Phone).await;
    let more = [("anliegen", "reisepass"), ("anzahl-reisepass", "2"), ("anliegen", "personalausweis")];
    send(&phone, HOME, 1, &more).await.says("2 × Reisepass beantragen").says("50 Minuten");
    // What is not offered online is booked here, and said.
    let internal = [("anliegen", "einbuergerung"), ("tag", "3.12."), ("zeit", "")];
    send(&phone, LOOK, 2, &internal).await.says("„Einbürgerung“ gibt es online nicht.").says("3. Dezember");
}

#[tokio::test]
async fn days_are_typed_and_times_for_staff_are_marked() {
    let desk = Switchboard::open().await;
    let phone = desk.staff(Role::Phone).await;
    let wednesday = send(&phone, LOOK, 1, &[("tag", "mi"), ("zeit", "")]).await;
    let marked = wednesday.all(".chip small").iter().filter(|it| it.text().any(|it| it == "intern")).count();
    assert_eq!(marked, 3, "14:00, 14:20 and 14:40 are for staff only: {}", wednesday.text());
    send(&phone, HOME, 1, &[("zeit", "2026-12-02T13:20:00Z@rathaus")]).await.says("14:20");
    for (typed, says) in [
        ("so", "nicht geöffnet"),
        ("25.12.", "Feiertag"),
        ("1.9.27", "So weit im Voraus"),
        ("irgendwann", "verstehen wir nicht"),
    ] {
        send(&phone, LOOK, 2, &[("tag", typed), ("zeit", "")]).await.says(says);
    }
    let week = send(&phone, LOOK, 3, &[("tag", "nächste Woche"), ("standort", "aussenstelle"), ("zeit", "")]).await;
    let times = week.all("input[name=zeit]");
    assert!(!times.is_empty() && times.iter().all(|it| it.attr("value").unwrap().ends_with("@aussenstelle")));
    week.says("8. Dezember");
}

#[tokio::test]
async fn callers_get_times_that_citizens_do_not_see_yet() {
    let desk = Switchboard::open_by(r#"{"horizon_days": 7, "staff_horizon_days": 120}"#).await;
    let phone = desk.staff(Role::Phone).await;
    let far = send(&phone, LOOK, 1, &[("tag", "2.3.27"), ("zeit", "")]).await;
    far.says("2. März 2027").says("Online geht es nur 7 Tage im Voraus.");
    let marked = far.all(".chip small").iter().filter(|it| it.text().any(|it| it == "intern")).count();
    assert_eq!(marked, 0, "that none of the day is online is said once");
    let slot = "2027-03-02T08:30:00Z@rathaus";
    send(&phone, HOME, 1, &[("zeit", slot)]).await.says("Gebucht für").says("9:30");
    send(&phone, LOOK, 2, &[("tag", "1.4.27"), ("zeit", "")]).await.says("So weit im Voraus");
    send(&phone, HOME, 2, &[("zeit", "2027-04-01T07:30:00Z@rathaus")]).await.says("gerade vergeben worden");
    // Whoever asks on the town's page sees a week, and is told when more of it can be booked.
    let calendar = phone.get("/termin?anliegen=personalausweis&monat=2026-12").await;
    assert!(calendar.source.contains("tag=2026-12-08") && !calendar.source.contains("tag=2026-12-09"));
    let forced = [("anliegen", "personalausweis"), ("zeit", slot), ("position", "1")];
    assert!(!phone.post("/reservierung", &forced).await.status.is_success());
    // Whoever is moved from there finds a place there, too.
    let counter = desk.count("SELECT counter_id::bigint FROM appointment").await;
    let closed = format!("wer=schalter:{counter}&von=2027-03-02&bis=2027-03-02");
    let preview = desk.staff(Role::Lead).await.get(&format!("/verwaltung/ausfall/vorschau?{closed}")).await;
    assert_eq!(preview.all("select[name^=was-] option").len(), 3, "another place, a call, or nothing");
}

#[tokio::test]
async fn in_a_town_with_separate_appointments_a_caller_gets_one_for_each_concern() {
    let desk = Switchboard::open_by(r#"{"combined": false, "separate": true}"#).await;
    let phone = desk.staff(Role::Phone).await;
    let two = [("anliegen", "personalausweis"), ("anliegen", "reisepass")];
    let shown = send(&phone, LOOK, 1, &[&two[..], &[("zeit", ""), ("mail", "j@example.org")]].concat()).await;
    shown.says("Termin 1 von 2: Personalausweis beantragen").says("Termin 2 von 2: Reisepass beantragen");
    assert_eq!(ticked(&shown, "zeit"), "2026-12-01T07:50:00Z@rathaus");
    assert_eq!(
        ticked(&shown, "zeit-2"),
        "2026-12-01T08:05:00Z@rathaus",
        "directly after the first, at the same office"
    );
    // On a day that is named all its times are offered, those before the first appointment too, and none that overlaps.
    let day = send(&phone, LOOK, 1, &[&two[..], &[("tag", "heute")]].concat()).await;
    assert_eq!(ticked(&day, "zeit-2"), "2026-12-01T08:45:00Z@rathaus");
    let offered: Vec<_> = day.all("input[name=zeit-2]").iter().map(|it| it.attr("value").unwrap()).collect();
    assert!(offered.contains(&"2026-12-01T08:10:00Z@rathaus") && !offered.contains(&"2026-12-01T08:15:00Z@rathaus"));
    let overlaps =
        send(&phone, HOME, 1, &[&two[..], &[("tag", "heute"), ("zeit-2", "2026-12-01T08:40:00Z@rathaus")]].concat())
            .await;
    overlaps.says("Die Termine überschneiden sich");
    assert_eq!(ticked(&overlaps, "zeit-2"), "2026-12-01T08:45:00Z@rathaus");
    let missing = send(&phone, HOME, 1, &two).await;
    missing.says("Wählen Sie eine Zeit");
    let both = [&two[..], &[("zeit-2", "2026-12-01T08:45:00Z@rathaus"), ("mail", "j@example.org")]].concat();
    let done = send(&phone, HOME, 1, &both).await;
    done.says("Gebucht für").says("9:30").says("9:45").says("Termin 2 öffnen");
    assert_eq!(send(&phone, HOME, 1, &both).await.url, done.url, "sent twice, it is the same booking");
    assert_eq!(desk.count("SELECT count(*) FROM booking WHERE mode = 'separate'").await, 1);
    assert_eq!(desk.count("SELECT count(*) FROM appointment WHERE status = 'booked'").await, 2);
    let booking = done.url.path_segments().unwrap().next_back().unwrap();
    phone.get(&format!("{HOME}/zettel/{booking}")).await.says("Ihre Termine").says("9:45");
}

#[tokio::test]
async fn a_clerk_may_put_all_concerns_into_one_appointment_and_is_told() {
    let desk = Switchboard::open_by(r#"{"combined": false, "separate": true}"#).await;
    let lead = desk.staff(Role::Lead).await;
    let two = [("anliegen", "personalausweis"), ("anliegen", "reisepass")];
    let joint = [&two[..], &[("art", "gemeinsam")]].concat();
    let shown = send(&lead, LOOK, 1, &joint).await;
    shown.says("Online bekommt hier jedes Anliegen einen eigenen Termin.").says("Zusammen 35 Minuten");
    assert!(shown.all("input[name=zeit-2]").is_empty());
    let own = [("um", "10:20"), ("tag", "heute"), ("zeit-2", "2026-12-01T08:45:00Z@rathaus")];
    send(&lead, HOME, 1, &[&two[..], &own].concat()).await.says("geht nur für einen einzelnen Termin");
    send(&lead, HOME, 1, &[&joint[..], &own].concat()).await.says("Gebucht für").says("10:20");
    assert_eq!(desk.count("SELECT count(*) FROM appointment WHERE duration_minutes = 35").await, 1);
    // One concern alone has nothing to choose, nor have several where the town never keeps them apart.
    assert!(send(&lead, LOOK, 2, &[]).await.all("input[name=art]").is_empty());
    let joint_only = Switchboard::open_by(r#"{"combined": true, "separate": false}"#).await;
    let shown = send(&joint_only.staff(Role::Phone).await, LOOK, 1, &two).await;
    assert!(shown.all("input[name=art]").is_empty());
}

#[tokio::test]
async fn if_one_of_several_times_is_gone_nothing_is_booked_and_another_one_is_offered() {
    let desk = Switchboard::open_by(r#"{"combined": false, "separate": true}"#).await;
    let phone = desk.staff(Role::Phone).await;
    // Vehicles are registered at one counter alone.
    let vehicle = [("anliegen", "kfz"), ("zeit", "2026-12-01T09:00:00Z@rathaus")];
    send(&phone, HOME, 1, &vehicle).await.says("Gebucht für");
    let both = [("anliegen", "personalausweis"), ("anliegen", "kfz"), ("zeit-2", "2026-12-01T09:00:00Z@rathaus")];
    let gone = send(&phone, HOME, 2, &both).await;
    gone.says("Eine der Zeiten ist gerade vergeben worden");
    let next = gone.all("input[name=zeit-2][checked]")[0].attr("value").unwrap().to_owned();
    assert!(next.starts_with("2026-12-01T09:30:00Z") || next.starts_with("2026-12-01T08:"), "{next}");
    assert_eq!(desk.count("SELECT count(*) FROM booking").await, 1);
}

fn ticked(page: &e2e::Answer, name: &str) -> String {
    page.all(&format!("input[name={name}][checked]"))[0].attr("value").unwrap().to_owned()
}

#[tokio::test]
async fn a_ticked_time_stays_ticked_however_many_earlier_ones_are_free() {
    let desk = Switchboard::open().await;
    let phone = desk.staff(Role::Phone).await;
    let noon = "2026-12-01T11:00:00Z@rathaus";
    assert_eq!(ticked(&send(&phone, LOOK, 1, &[("zeit", noon)]).await, "zeit"), noon);
    let monday = "2026-12-07T11:00:00Z@rathaus";
    assert_eq!(ticked(&send(&phone, LOOK, 1, &[("zeit", monday), ("tag", "nächste Woche")]).await, "zeit"), monday);
    let day = send(&phone, LOOK, 1, &[("zeit", noon), ("tag", "do")]).await;
    assert!(ticked(&day, "zeit").starts_with("2026-12-03"), "another day is another wish");
}

#[tokio::test]
async fn what_follows_on_the_day_at_another_office_comes_before_another_day() {
    let desk = Switchboard::open_by(r#"{"combined": false, "separate": true}"#).await;
    let phone = desk.staff(Role::Phone).await;
    let two = [("anliegen", "personalausweis"), ("anliegen", "reisepass")];
    // The branch office closes at twelve, until next Tuesday.
    let last = [&two[..], &[("zeit", "2026-12-01T10:40:00Z@aussenstelle")]].concat();
    assert_eq!(ticked(&send(&phone, LOOK, 1, &last).await, "zeit-2"), "2026-12-01T10:55:00Z@rathaus");
    let early = [&two[..], &[("zeit", "2026-12-01T08:00:00Z@aussenstelle")]].concat();
    assert_eq!(ticked(&send(&phone, LOOK, 1, &early).await, "zeit-2"), "2026-12-01T08:20:00Z@aussenstelle");
}

#[tokio::test]
async fn a_day_with_room_for_one_of_two_appointments_is_no_day_too_far_away() {
    let desk = Switchboard::open_by(r#"{"combined": false, "separate": true}"#).await;
    let mut tx = desk.test.tx("probe").await;
    let saturday = "INSERT INTO opening_rule (location_id, counter_ids, weekdays, opens, closes, step_minutes)
                    VALUES (1, '{}', '{6}', '10:00', '10:20', 5)";
    sqlx::query(saturday).execute(tx.conn()).await.unwrap();
    sqlx::query("UPDATE town SET version = version + 1").execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    let two = [("anliegen", "personalausweis"), ("anliegen", "reisepass"), ("tag", "5.12."), ("zeit", "")];
    let shown = send(&desk.staff(Role::Phone).await, LOOK, 1, &two).await;
    shown.says("Neben den anderen Terminen ist an diesem Tag nichts frei");
    assert!(ticked(&shown, "zeit").starts_with("2026-12-05"));
}

/// A server knows within a second what another one has booked: meanwhile it must not offer again what was refused.
#[tokio::test]
async fn what_another_server_has_just_booked_is_not_offered_instead_of_itself() {
    let desk = Switchboard::open().await;
    let now: Timestamp = "2026-12-01T07:50:00Z".parse().unwrap();
    let other = Server::start_with(&desk.test, Arc::new(move || now), web::Limits::standard()).await;
    let elsewhere = other.sign_in(&desk.test, "probe", Role::Phone).await;
    let phone = desk.staff(Role::Phone).await;
    for attempt in 1..=2 {
        send(&elsewhere, HOME, attempt, &[]).await.says("Gebucht für");
    }
    send(&phone, LOOK, 4, &[]).await;
    send(&elsewhere, HOME, 3, &[]).await.says("Gebucht für");
    let gone = send(&phone, HOME, 4, &[("tag", "heute")]).await;
    gone.says("gerade vergeben worden");
    assert_ne!(ticked(&gone, "zeit"), "2026-12-01T08:30:00Z@rathaus");
}

#[tokio::test]
async fn sent_twice_it_is_one_booking() {
    let desk = Switchboard::open().await;
    let phone = desk.staff(Role::Phone).await;
    let contact = [("mail", "j@example.org"), ("tel", "02389 71-0")];
    let (one, other) = tokio::join!(send(&phone, HOME, 1, &contact), send(&phone, HOME, 1, &contact));
    let again = send(&phone, HOME, 1, &contact).await;
    assert_eq!((one.url.as_str(), one.url.as_str()), (other.url.as_str(), again.url.as_str()), "{}", again.text());
    again.says("Die Bestätigung geht an j@example.org");
    assert_eq!(desk.count("SELECT count(*) FROM appointment").await, 1);
    assert_eq!(desk.count("SELECT count(*) FROM mail WHERE kind = 'confirmation'").await, 1);
}

#[tokio::test]
async fn a_refusal_keeps_everything_that_was_typed() {
    let desk = Switchboard::open().await;
    let phone = desk.staff(Role::Phone).await;
    let typed = [
        ("name", ""),
        ("tel", "zwei"),
        ("mail", "j@"),
        ("notiz", "ruft <b>morgen</b> an"),
        ("tag", "heute"),
        ("q", "pass"),
    ];
    let refused = send(&phone, HOME, 1, &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.all(".errors li").len(), 3, "{}", refused.text());
    for (name, value) in [("tel", "zwei"), ("mail", "j@"), ("tag", "heute"), ("q", "pass")] {
        assert_eq!(refused.value(name), value);
    }
    assert_eq!(refused.value("versuch"), Uuid::from_u128(1).to_string());
    assert_eq!(refused.all("textarea[name=notiz]")[0].text().collect::<String>(), "ruft <b>morgen</b> an");
    let ticked = refused.all("input[name=zeit][checked]")[0].attr("value").unwrap();
    assert_eq!(ticked, "2026-12-01T08:30:00Z@rathaus");
    send(&phone, HOME, 1, &[("anliegen", "gibt-es-nicht")]).await.says("Wählen Sie mindestens ein Anliegen");
    assert_eq!(desk.count("SELECT count(*) FROM booking").await, 0);
}

#[tokio::test]
async fn a_time_that_is_gone_is_told_and_another_one_is_offered() {
    let desk = Switchboard::open().await;
    let phone = desk.staff(Role::Phone).await;
    for attempt in 1..=3 {
        assert_eq!(send(&phone, HOME, attempt, &[]).await.status, StatusCode::OK);
    }
    let gone = send(&phone, HOME, 4, &[("tag", "heute")]).await;
    assert_eq!(gone.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", gone.text());
    gone.says("gerade vergeben worden");
    assert_eq!(gone.value("name"), "Jürgen Müller");
    assert_eq!(gone.all("input[name=zeit][checked]").len(), 1);
}

#[tokio::test]
async fn overbooking_needs_the_right_and_a_warning_that_names_the_conflict() {
    let desk = Switchboard::open().await;
    let (phone, lead) = (desk.staff(Role::Phone).await, desk.staff(Role::Lead).await);
    for attempt in 1..=3 {
        send(&phone, HOME, attempt, &[]).await;
    }
    let own = [("um", "9:35"), ("tag", "heute"), ("standort", "rathaus"), ("zeit", "")];
    assert!(phone.get(HOME).await.all("#um").is_empty());
    send(&phone, HOME, 4, &own).await.says("Zu dieser Zeit ist nichts frei");
    let warned = send(&lead, HOME, 4, &own).await;
    assert_eq!(warned.status, StatusCode::UNPROCESSABLE_ENTITY);
    warned.says("09:30–09:45: Jürgen Müller").says("Trotzdem bei Schalter 1 buchen");
    let token = warned.all("button[name=trotzdem]")[0].attr("value").unwrap().to_owned();
    let pressed = |token| [own.as_slice(), &[("trotzdem", token)]].concat();
    send(&phone, HOME, 4, &pressed(&token)).await.says("Zu dieser Zeit ist nichts frei");
    send(&lead, HOME, 4, &pressed("1@1970-01-01T00:00:00Z+")).await.says("Inzwischen hat sich dort etwas geändert");
    assert_eq!(desk.count("SELECT count(*) FROM appointment WHERE overbooked").await, 0);
    let done = send(&lead, HOME, 4, &pressed(&token)).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    assert_eq!(desk.count("SELECT count(*) FROM appointment WHERE overbooked").await, 1);
    let again = send(&lead, HOME, 4, &pressed(&token)).await;
    assert_eq!(again.url, done.url, "sent twice, it is the same booking");
    // Outside the hours nobody stands in the way, and it is said all the same.
    let night = [("um", "20:00"), ("tag", "heute"), ("standort", "rathaus"), ("zeit", "")];
    send(&lead, HOME, 5, &night).await.says("Außerhalb der Öffnung");
}

#[tokio::test]
async fn more_appointments_than_citizens_may_have_are_told() {
    let desk = Switchboard::open().await;
    let phone = desk.staff(Role::Phone).await;
    let times = ["09:00", "09:30", "10:00", "10:30", "11:00"];
    for (attempt, time) in (1..).zip(times) {
        let slot = format!("2026-12-03T{time}:00Z@rathaus");
        send(&phone, HOME, attempt, &[("mail", "j@example.org"), ("zeit", &slot)]).await.says("Gebucht für");
    }
    send(&phone, LOOK, 9, &[("mail", "J@example.org")]).await.says("sind es dann 6 Termine. Online sind 5 erlaubt");
    send(&phone, HOME, 9, &[("mail", "J@example.org")]).await.says("6 Termine. Online sind 5 erlaubt");
}

#[tokio::test]
async fn who_may_not_book_does_not_and_other_towns_are_not_found() {
    let desk = Switchboard::open().await;
    let (phone, reader) = (desk.staff(Role::Phone).await, desk.staff(Role::Reader).await);
    assert_eq!(reader.get(HOME).await.status, StatusCode::FORBIDDEN);
    assert_eq!(send(&reader, HOME, 1, &[]).await.status, StatusCode::FORBIDDEN);
    let done = send(&phone, HOME, 1, &[]).await;
    let id = done.url.path_segments().unwrap().next_back().unwrap().to_owned();
    assert_eq!(reader.get(&format!("{HOME}/zettel/{id}")).await.status, StatusCode::OK);
    let elsewhere = desk.server.sign_in(&desk.test, "other", Role::Admin).await;
    for path in ["fertig", "zettel"] {
        assert_eq!(elsewhere.get(&format!("{HOME}/{path}/{id}")).await.status, StatusCode::NOT_FOUND);
    }
    assert!(elsewhere.get("/verwaltung/suche?q=M%C3%BCller").await.text().contains("Nichts gefunden"));
}

#[tokio::test]
async fn the_search_finds_and_says_what_next() {
    let desk = Switchboard::open().await;
    let (phone, reader) = (desk.staff(Role::Phone).await, desk.staff(Role::Reader).await);
    let done = send(&phone, HOME, 1, &[("tel", "02389 / 71-0"), ("mail", "j.mueller@example.org")]).await;
    let code = done.all("#code")[0].text().last().unwrap().trim().to_owned();
    for typed in ["mueler", "juergen", &code.to_lowercase(), &code[..4], "%2B49 2389 710", "j.mueller@", "M%C3%BCll"] {
        let found = reader.get(&format!("/verwaltung/suche?q={typed}")).await;
        found.says("1 Termin gefunden").says("Jürgen Müller").says(&code).says("Kommende Termine");
        let link = found.all(".found a")[0].attr("href").unwrap();
        assert!(link.contains("/verwaltung/termine/"), "{link}");
    }
    let nothing = phone.get("/verwaltung/suche?q=Schmitz").await;
    nothing.says("Nichts gefunden").says("Nur den Nachnamen").says("Neuen Termin buchen");
    assert!(!reader.get("/verwaltung/suche?q=Schmitz").await.text().contains("Neuen Termin buchen"));
}
