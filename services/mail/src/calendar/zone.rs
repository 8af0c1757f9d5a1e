//! VTIMEZONE (RFC 5545, section 3.6.5): what the zone's name means, for programs that do not know it.

use jiff::Timestamp;
use jiff::civil::{DateTime, Weekday};
use jiff::tz::{Offset, TimeZone, TimeZoneTransition};

use super::lines::Lines;

/// Writes the rules that hold at `first`, the earliest time in the file, and go on every year.
///
/// They are read off the last two switches before it, so a zone must keep to its rule while people book: true for
/// Europe since 1996.
pub(super) fn write(lines: &mut Lines, zone: &TimeZone, name: &str, first: Timestamp) {
    lines.raw("BEGIN", "VTIMEZONE");
    lines.raw("TZID", name);
    let before: Vec<TimeZoneTransition> = zone.preceding(first).take(3).collect();
    match &before[..] {
        [last, second, third] => {
            write_switch(lines, second, third.offset());
            write_switch(lines, last, second.offset());
        }
        // A zone that never switches.
        _ => write_for_ever(lines, zone.to_offset(first)),
    }
    lines.raw("END", "VTIMEZONE");
}

/// One switch, repeated every year.
fn write_switch(lines: &mut Lines, switch: &TimeZoneTransition, from: Offset) {
    let kind = if switch.dst().is_dst() { "DAYLIGHT" } else { "STANDARD" };
    // The clock as it stood just before, as the standard wants it.
    let clock = from.to_datetime(switch.timestamp());
    lines.raw("BEGIN", kind);
    lines.raw("DTSTART", &clock.strftime("%Y%m%dT%H%M%S").to_string());
    lines.raw("RRULE", &format!("FREQ=YEARLY;BYMONTH={};BYDAY={}", clock.month(), nth_weekday(clock)));
    lines.raw("TZOFFSETFROM", &written(from));
    lines.raw("TZOFFSETTO", &written(switch.offset()));
    lines.raw("TZNAME", switch.abbreviation());
    lines.raw("END", kind);
}

fn write_for_ever(lines: &mut Lines, offset: Offset) {
    lines.raw("BEGIN", "STANDARD");
    lines.raw("DTSTART", "19700101T000000");
    lines.raw("TZOFFSETFROM", &written(offset));
    lines.raw("TZOFFSETTO", &written(offset));
    lines.raw("END", "STANDARD");
}

/// `-1SU` for the last Sunday of the month, `2SU` for the second.
fn nth_weekday(clock: DateTime) -> String {
    let day = match clock.weekday() {
        Weekday::Monday => "MO",
        Weekday::Tuesday => "TU",
        Weekday::Wednesday => "WE",
        Weekday::Thursday => "TH",
        Weekday::Friday => "FR",
        Weekday::Saturday => "SA",
        Weekday::Sunday => "SU",
    };
    let is_last = clock.day() + 7 > clock.date().days_in_month();
    if is_last { format!("-1{day}") } else { format!("{}{day}", (clock.day() - 1) / 7 + 1) }
}

/// `+0100`.
fn written(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    format!("{sign}{:02}{:02}", seconds.abs() / 3600, seconds.abs() / 60 % 60)
}
