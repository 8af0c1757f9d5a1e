//! “A morning at the Bürgerbüro”: five booked citizens, two without an appointment, one who calls, one who does not come,
//! and a colleague who is ill. One clerk, one keyboard, and axe-core finds nothing.

mod town;

use e2e::browser::{self, Device};
use e2e::Keys;
use stadttermin::demo::staff::PASSWORD;

use town::Town;

#[test]
fn a_morning_at_the_buergerbuero() {
    browser::run(async {
        let town = Town::open().await;
        for (name, mail, time) in [
            ("Jonas Keller", "keller@example.org", "07:30"),
            ("Leyla Demir", "demir@example.org", "07:50"),
            ("Sven Richter", "richter@example.org", "07:50"),
            ("Anna Kowalska", "kowalska@example.org", "08:30"),
            ("Minh Nguyen", "nguyen@example.org", "09:00"),
        ] {
            town.book(name, mail, time).await;
        }
        town.at("07:00");
        let mut clerk = Keys::sit_down(Device::DESK).await;
        clerk.open(&town.url("/verwaltung")).await;
        clerk.expect_focus("E-Mail").await;
        clerk.look_twice("morgen-01-anmelden").await;
        clerk.write("leitung@demo.example").await;
        clerk.press("Tab").await;
        clerk.write(PASSWORD).await;
        clerk.press("Enter").await;
        clerk.expect("Jonas Keller").await;
        println!("{} {}", clerk.address(), clerk.text().await);
        println!("focus {}", clerk.focused().await);
    });
}
