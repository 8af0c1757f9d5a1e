//! The day: signing in, the timetable, the caller, the ill colleague, and what the record says in the end.

use stadttermin::demo::staff::PASSWORD;

use super::Morning;

impl Morning {
    /// The first field has the focus when the page comes: address, Tab, password, Enter.
    pub async fn signs_in(&mut self) {
        self.town.at("07:00");
        let clerk = &mut self.clerk;
        clerk.open(&self.town.url("/verwaltung")).await;
        clerk.expect_focus("#email").await;
        clerk.look_twice("werne-verwaltung-01-anmelden").await;
        clerk.write("leitung@demo.example").await;
        clerk.press("Tab").await;
        clerk.write(PASSWORD).await;
        clerk.press("Enter").await;
        clerk.expect("Jonas Keller").await;
        assert_eq!(clerk.presses, 2);
    }

    pub async fn looks_at_the_day(&mut self) {
        self.day.open(&self.town.url("/verwaltung/tag")).await;
        for name in ["Anna Kowalska", "Jonas Keller", "Leyla Demir", "Sven Richter", "Minh Nguyen"] {
            self.day.expect(name).await;
        }
        assert_eq!(self.day.count(".appt").await, 5);
        self.day.look_twice("werne-verwaltung-02-tag").await;
        self.day.follow("Liste").await;
        self.day.expect("Termine nach Uhrzeit").await;
        self.day.look_twice("werne-verwaltung-03-liste").await;
        self.day.follow("Plan").await;
        self.day.expect("Schalter 2").await;
    }

    /// Before the doors open: counter 2 stays empty today.
    pub async fn a_colleague_is_ill(&mut self) {
        self.town.at("07:04");
        let clerk = &mut self.clerk;
        clerk.follow_above("Ausfall").await;
        clerk.expect("Jemand fehlt").await;
        clerk.look_twice("werne-verwaltung-04-ausfall").await;
        clerk.tab_to("Wer oder was fällt aus?").await;
        clerk.write("Schalter 2").await;
        clerk.tab_to("Notiz").await;
        clerk.write("krank").await;
        clerk.press("Enter").await;
        clerk.expect("Schließen: Schalter 2").await;
        clerk.expect("Es betrifft 3 Termine.").await;
        for (who, becomes) in
            [("Anna Kowalska", "Neu: "), ("Sven Richter", "Neu: "), ("Minh Nguyen", "Gleiche Zeit, Schalter 1")]
        {
            clerk.go("Tab", who).await;
            assert!(clerk.chosen().await.contains(becomes), "{who}: {}", clerk.chosen().await);
        }
        clerk.look_twice("werne-verwaltung-05-ausfall-vorschau").await;
        clerk.follow("Schließen und Termine ändern").await;
        clerk.expect("Geschlossen: Schalter 2").await;
        clerk.expect_some_focus().await;
        clerk.expect("Eine E-Mail geht um 07:14 Uhr hinaus").await;
        clerk.look_twice("werne-verwaltung-06-ausfall-erledigt").await;
    }

    /// Who has left no address is called; the others' mails go when nothing can be taken back any more.
    pub async fn the_ill_colleagues_citizens_are_told(&mut self) {
        self.town.at("07:06");
        let clerk = &mut self.clerk;
        assert!(clerk.read("section[aria-labelledby=anrufen]").await.contains("02389 5550"));
        clerk.follow("Angerufen: Anna Kowalska").await;
        clerk.expect("07:06").await;
        clerk.expect_some_focus().await;
        self.town.at("07:15");
        self.town.let_the_mails_go().await;
        let mail = self.town.mail("richter@example.org", "Verschoben").await;
        assert!(mail.text.contains("Sven Richter"), "{}", mail.text);
        clerk.follow_above("Ausfall").await;
        clerk.expect("Zurzeit geschlossen").await;
        clerk.follow("Schalter 2").await;
        clerk.expect("Eine E-Mail ging um 07:14 Uhr hinaus").await;
    }

    /// The telephone rings: from the first letter to the code, five keys besides what is typed. At half a second for
    /// each that is less than half a minute; what the pages take, `bench day` measures.
    pub async fn somebody_calls(&mut self) {
        let clerk = &mut self.clerk;
        clerk.follow("Termin eintragen").await;
        clerk.expect_focus("#q").await;
        let before = (clerk.presses, clerk.letters);
        clerk.write("perso").await;
        clerk.press("Enter").await;
        clerk.expect("Zusammen 15 Minuten").await;
        clerk.press("Enter").await;
        clerk.expect_focus("#z-").await;
        clerk.press("Enter").await;
        clerk.expect_focus("#name").await;
        clerk.write("Ilse Brandt").await;
        clerk.look_twice("werne-verwaltung-07-anruf").await;
        clerk.press("Tab").await;
        clerk.expect_focus("#tel").await;
        clerk.write("02389 71234").await;
        clerk.press("Enter").await;
        clerk.expect("Gebucht für Ilse Brandt").await;
        clerk.expect_focus("Nächster Anruf").await;
        assert_eq!((clerk.presses - before.0, clerk.letters - before.1), (5, 27));
        let code = self.town.code_of("Ilse Brandt").await;
        assert!(clerk.read("#code").await.replace('-', "").ends_with(&code));
        clerk.look_twice("werne-verwaltung-08-anruf-fertig").await;
        // The other tab has heard of it by itself.
        self.day.expect("Ilse Brandt").await;
    }

    /// Who did what, and when: in the numbers of the day, and in the history of each booking.
    pub async fn the_record_says_who_did_what(&mut self) {
        self.day.expect("erledigt 5").await;
        self.day.expect("nicht erschienen 1").await;
        self.day.look_twice("werne-verwaltung-15-tag-mittags").await;
        for (name, history) in [
            ("Keller", ["als angekommen gemeldet · Bürgerin oder Bürger", "erledigt · Sabine Lohmann"]),
            ("Kowalska", ["verschoben · Sabine Lohmann", "als angekommen gemeldet · Sabine Lohmann"]),
            ("Richter", ["als nicht erschienen gemeldet · Sabine Lohmann", "zurückgenommen · Sabine Lohmann"]),
        ] {
            self.finds(name).await;
            self.clerk.follow(name).await;
            self.clerk.expect("Verlauf").await;
            for line in history {
                self.clerk.expect(line).await;
            }
        }
        self.clerk.look_twice("werne-verwaltung-16-verlauf").await;
        self.finds("02389 71234").await;
        self.clerk.expect("Ilse Brandt").await;
        self.clerk.look_twice("werne-verwaltung-17-suche").await;
    }

    async fn finds(&mut self, words: &str) {
        self.clerk.follow_above("Suche").await;
        self.clerk.expect_focus("#suchwort").await;
        self.clerk.write(words).await;
        self.clerk.press("Enter").await;
        self.clerk.expect("1 Termin gefunden").await;
    }
}
