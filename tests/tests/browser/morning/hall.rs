//! The hall: who is called, served, sent on and missed.

use e2e::Keys;
use e2e::browser::Device;

use super::Morning;

impl Morning {
    /// A quarter of an hour before, at the telephone in his own hand, with nothing but the code of his mail.
    pub async fn a_citizen_checks_in(&mut self) {
        self.town.at("07:18");
        let mut citizen = Keys::sit_down(Device::PHONE).await;
        citizen.open(&self.town.url("/ankunft/buergerbuero")).await;
        citizen.tab_to("#nummer").await;
        citizen.write(&self.town.code_of("Jonas Keller").await.to_lowercase()).await;
        citizen.look("werne-ankunft-1").await;
        citizen.press("Enter").await;
        citizen.expect("Schön, dass Sie da sind").await;
        citizen.expect("A101").await;
        citizen.expect_some_focus().await;
        citizen.look("werne-ankunft-2").await;
        self.day.expect("ist da").await;
    }

    /// Chosen once: at counter 1, and it stays so.
    pub async fn takes_her_seat(&mut self) {
        self.town.at("07:22");
        let clerk = &mut self.clerk;
        clerk.follow("Warteschlange").await;
        clerk.expect("Es wartet 1 Person").await;
        clerk.tab_to("Mein Schalter").await;
        clerk.write("Schalter 1").await;
        clerk.press("Tab").await;
        clerk.press("Enter").await;
        clerk.expect("Jetzt bei Schalter 1").await;
        clerk.expect_focus("Jetzt bei Schalter 1").await;
        clerk.look_twice("werne-verwaltung-09-warteschlange").await;
    }

    /// One key, a few letters, Enter: the number. One more key: the slip.
    pub async fn somebody_comes_without_an_appointment(&mut self) {
        self.town.at("07:24");
        let clerk = &mut self.clerk;
        clerk.command("o").await;
        clerk.expect_focus("#q").await;
        clerk.write("sperrm").await;
        clerk.expect("1 Anliegen passt").await;
        clerk.look_twice("werne-verwaltung-10-nummer").await;
        clerk.press("Enter").await;
        clerk.expect("Nummer B101 ist vergeben").await;
        clerk.expect_some_focus().await;
        clerk.command("d").await;
        clerk.expect("Vor Ihnen").await;
        clerk.expect_focus("Drucken").await;
        clerk.look_twice("werne-verwaltung-11-zettel").await;
        clerk.follow("Zur Warteschlange").await;
        clerk.expect("Es warten 2 Personen").await;
    }

    /// One key calls, one repeats it, one begins. The screen shows a number and a counter, and no name.
    pub async fn calls_the_first(&mut self) {
        self.town.at("07:30");
        self.command("n", "A101 ist aufgerufen").await;
        self.screen.expect("A101").await;
        self.screen.expect("Schalter 1").await;
        assert!(!self.screen.text().await.contains("Keller"), "a name on the screen");
        self.screen.look("werne-aufruf").await;
        self.command("r", "2-mal gerufen").await;
        self.command("b", "A101 wird bedient").await;
        self.clerk.look_twice("werne-verwaltung-12-bedienen").await;
    }

    /// Presses one key in the queue and waits for what comes of it; the focus is not lost.
    async fn command(&mut self, key: &str, comes: &str) {
        self.clerk.command(key).await;
        self.clerk.expect(comes).await;
        self.clerk.expect_some_focus().await;
    }

    /// In the other tab: by arrow keys to the card, Enter, and “Ist da”. The queue has heard of it by itself.
    pub async fn somebody_arrives_and_is_marked_in_the_day(&mut self) {
        self.town.at("07:44");
        let day = &mut self.day;
        day.tab_to("Jonas Keller").await;
        day.press("ArrowDown").await;
        day.expect_focus("Leyla Demir").await;
        day.press("Enter").await;
        day.expect_focus("#panel-h").await;
        day.look_twice("werne-verwaltung-13-termin").await;
        day.follow("Ist da").await;
        day.expect_focus("Leyla Demir").await;
        day.expect_focus("ist da").await;
        self.clerk.expect("A102").await;
        // And once more somebody without an appointment, in the meantime.
        let clerk = &mut self.clerk;
        clerk.command("o").await;
        clerk.expect_focus("#q").await;
        clerk.write("ummelden").await;
        clerk.expect("Anliegen passen").await;
        clerk.tab_to("Wohnung ummelden").await;
        clerk.press("Space").await;
        clerk.press("Enter").await;
        clerk.expect("Nummer B102 ist vergeben").await;
    }

    /// Done, and whoever is next, with one key: the appointment that is due, then whoever has waited longest.
    pub async fn the_next_one_and_the_one_after(&mut self) {
        self.town.at("07:50");
        self.command("n", "A102 ist aufgerufen").await;
        self.command("b", "A102 wird bedient").await;
        self.screen.expect("A102").await;
    }

    pub async fn calls_this_one(&mut self) {
    }
    pub async fn one_does_not_come(&mut self) {}
    pub async fn everybody_else_has_their_turn(&mut self) {}
    pub async fn the_hall_is_empty(&mut self) {}
    pub async fn the_record_says_who_did_what(&mut self) {}
}
