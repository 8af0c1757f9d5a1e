//! By which rules a town books.

use jiff::civil::Time;
use serde::{Deserialize, Serialize};

/// Whether the details page asks for a telephone number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneField {
    /// Not asked: name and e-mail are enough.
    #[default]
    Off,
    /// Asked, and may stay empty.
    Optional,
}

/// The `[rules]` of a town. Every key may be left out; then the default stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Several concerns in one joint appointment (as in Werne).
    pub combined: bool,
    /// Several appointments in one booking, each for itself (as in Porta Westfalica).
    pub separate: bool,
    /// Longest appointment, in minutes.
    pub max_total_minutes: u16,
    /// Most appointments in one booking.
    pub max_appointments: u8,
    /// Most upcoming appointments under one e-mail address.
    pub bookings_per_email: u16,
    /// Shortest time between booking online and the appointment, in minutes.
    pub lead_minutes: u32,
    /// How many days ahead citizens can book.
    pub horizon_days: u16,
    /// How many days ahead staff are offered times; where citizens may look further, staff look as far as they.
    pub staff_horizon_days: u16,
    /// How long a place is kept for a citizen who is typing, in minutes. WCAG 2.2.1 wants it extendable.
    pub hold_minutes: u16,
    /// How often that can be extended.
    pub hold_extensions: u8,
    /// How long a cancelled place stays closed against trading, in minutes; 0: bookable at once.
    pub release_delay_minutes: u16,
    /// Local time of the reminder on the day before.
    pub reminder_at: Time,
    /// Whether a telephone number is asked for.
    pub phone_field: PhoneField,
    /// Until how many minutes before the start a citizen may cancel or move; 0: until the start.
    pub cancel_until_minutes: u32,
    /// After how many days a past booking is reduced to counts.
    pub retention_days: u16,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            combined: true,
            separate: false,
            max_total_minutes: 120,
            max_appointments: 5,
            bookings_per_email: 5,
            lead_minutes: 60,
            horizon_days: 42,
            staff_horizon_days: 182,
            hold_minutes: 15,
            hold_extensions: 10,
            release_delay_minutes: 0,
            reminder_at: Time::constant(17, 0, 0, 0),
            phone_field: PhoneField::Off,
            cancel_until_minutes: 0,
            retention_days: 14,
        }
    }
}

impl Rules {
    /// How many days ahead staff are offered times: never fewer than citizens.
    pub fn staff_horizon(&self) -> u16 {
        self.staff_horizon_days.max(self.horizon_days)
    }
}
