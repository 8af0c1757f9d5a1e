//! Calendars.

/// A calendar of these events, with lines as the standard ends them.
pub fn calendar(events: &str) -> Vec<u8> {
    let lines: Vec<&str> = events.lines().map(|line| line.strip_prefix("        ").unwrap_or(line)).collect();
    let body = lines.join("\r\n");
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Stadt//DE\r\n{}\r\nEND:VCALENDAR\r\n", body.trim())
        .into_bytes()
}
