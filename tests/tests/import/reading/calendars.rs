//! Calendars of Outlook, Exchange, Thunderbird and Google.

use crate::samples::calendar::calendar;
use crate::samples::report;

/// The rows of a calendar, without the columns that are empty in all of these tests.
fn rows(events: &str) -> Vec<String> {
    report(&calendar(events)).lines().skip(1).map(|line| line.trim_end_matches('|').to_owned()).collect()
}

#[test]
fn outlook_with_windows_zone() {
    let rows = rows(
        "BEGIN:VEVENT
        UID:a
        DTSTART;TZID=\"W. Europe Standard Time\":20270301T083000
        DTEND;TZID=W. Europe Standard Time:20270301T084500
        SUMMARY:Müller\\, PA
         \\nund RP
        CLASS:PRIVATE
        BEGIN:VALARM
        DESCRIPTION:Reminder
        END:VALARM
        END:VEVENT",
    );
    assert_eq!(rows, ["4: a|w2027-03-01 08:30|w2027-03-01 08:45||Müller, PA⏎und RP|||||true"]);
}

#[test]
fn google_in_utc_and_thunderbird() {
    let rows = rows(
        "BEGIN:VEVENT
        UID:g
        DTSTART:20270701T063000Z
        DURATION:PT20M
        STATUS:CANCELLED
        ORGANIZER:mailto:amt@werne.de
        ATTENDEE;CN=Amt:mailto:amt@werne.de
        ATTENDEE;CUTYPE=ROOM;CN=Raum 1:mailto:raum@werne.de
        ATTENDEE;CN=\"Meier; Eva\":MAILTO:eva@example.org
        END:VEVENT
        BEGIN:VEVENT
        UID:t
        DTSTART;TZID=/mozilla.org/20050126_1/Europe/Berlin:20270701T083000
        END:VEVENT",
    );
    assert_eq!(
        rows,
        ["4: g|w2027-07-01 08:30|w2027-07-01 08:50|||||Meier, Eva <eva@example.org>|||true", "14: t|w2027-07-01 08:30"]
    );
}

#[test]
fn whole_days() {
    let rows = rows(
        "BEGIN:VEVENT
        UID:b
        DTSTART;VALUE=DATE:20270301
        DTEND;VALUE=DATE:20270306
        SUMMARY:Fortbildung
        END:VEVENT
        BEGIN:VEVENT
        UID:c
        DTSTART;VALUE=DATE:20270308
        END:VEVENT",
    );
    assert_eq!(rows, ["4: b|d2027-03-01|d2027-03-05|true|Fortbildung", "10: c|d2027-03-08|d2027-03-08|true"]);
}

#[test]
fn series_with_exception_and_moved_occurrence() {
    let rows = rows(
        "BEGIN:VEVENT
        UID:s
        DTSTART;TZID=Europe/Berlin:20261201T090000
        DTEND;TZID=Europe/Berlin:20261201T091500
        RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20270126T225959Z
        EXDATE:20270112T080000Z
        END:VEVENT
        BEGIN:VEVENT
        UID:s
        RECURRENCE-ID;TZID=Europe/Berlin:20270119T090000
        DTSTART;TZID=Europe/Berlin:20270120T100000
        END:VEVENT",
    );
    assert_eq!(
        rows,
        [
            "4 20270105T090000: s|w2027-01-05 09:00|w2027-01-05 09:15",
            "4 20270126T090000: s|w2027-01-26 09:00|w2027-01-26 09:15",
            "11 20270119T090000: s|w2027-01-20 10:00",
        ]
    );
}

#[test]
fn rules_of_months_and_years() {
    let starts = |rule: &str| -> Vec<String> {
        let event = format!("BEGIN:VEVENT\nUID:r\nDTSTART:20270101T080000\nRRULE:{rule}\nEND:VEVENT");
        rows(&event).iter().map(|row| row.split(['w', ' ']).nth(3).unwrap_or(row).to_owned()).collect()
    };
    let first = "2027-01-01";
    assert_eq!(starts("FREQ=MONTHLY;BYDAY=2TU;COUNT=2"), [first, "2027-01-12", "2027-02-09"], "the beginning counts");
    assert_eq!(starts("FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20270301"), [first, "2027-01-29", "2027-02-26"]);
    assert_eq!(starts("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3"), [first, "2027-01-31", "2027-03-31", "2027-05-31"]);
    assert_eq!(
        starts("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2"),
        [first, "2027-01-29", "2027-02-26"],
        "the last working day"
    );
    assert_eq!(starts("FREQ=DAILY;INTERVAL=10;COUNT=3"), ["2027-01-01", "2027-01-11", "2027-01-21"]);
    assert_eq!(starts("FREQ=YEARLY;COUNT=5"), ["2027-01-01"], "only within the window");
    assert_eq!(starts("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=3"), ["2027-01-01", "2027-01-11", "2027-01-15"]);
    assert_eq!(starts("FREQ=YEARLY;BYYEARDAY=1,-365;COUNT=2"), [first], "the second is beyond the window");
    assert_eq!(starts("FREQ=YEARLY;BYWEEKNO=2;BYDAY=MO"), [first, "2027-01-11"]);
    assert_eq!(starts("FREQ=HOURLY;BYDAY=FR;BYHOUR=8;COUNT=2"), [first, "2027-01-08"]);
    let of = |rule: &str| rows(&format!("BEGIN:VEVENT\nDTSTART:20270101T080000\n{rule}\nEND:VEVENT"));
    assert_eq!(of("RRULE:FREQ=SECONDLY"), ["6.0 unknown_series FREQ=SECONDLY"]);
    let hourly = "FREQ=HOURLY;BYMINUTE=0,10,20,30,40,50";
    assert_eq!(of(&format!("RRULE:{hourly}")), [format!("6.0 endless_series {hourly}")]);
    assert_eq!(of("RRULE:FREQ=DAILY\nEXRULE:FREQ=WEEKLY"), ["7.0 unknown_series EXRULE: FREQ=WEEKLY"]);
    assert_eq!(of("RRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY"), ["7.0 unknown_series RRULE: FREQ=WEEKLY"]);
    let following = of("RECURRENCE-ID;RANGE=THISANDFUTURE:20270101T080000");
    assert_eq!(following, ["6.0 unknown_series RECURRENCE-ID: 20270101T080000"]);
}

#[test]
fn times_of_day_within_a_series() {
    let rows = rows(
        "BEGIN:VEVENT
        UID:h
        DTSTART;TZID=Europe/Berlin:20270326T090000
        DURATION:PT15M
        RRULE:FREQ=DAILY;BYHOUR=9,14;BYMINUTE=0,30;BYDAY=MO,FR;COUNT=6
        END:VEVENT
        BEGIN:VEVENT
        UID:w
        DTSTART;VALUE=DATE:20270301
        RRULE:FREQ=WEEKLY;BYHOUR=9,14;COUNT=2
        END:VEVENT",
    );
    let starts: Vec<&str> = rows.iter().map(|row| row.split(['|', ' ']).nth(4).unwrap_or_default()).collect();
    assert_eq!(starts[..6], ["09:00", "09:30", "14:00", "14:30", "09:00", "09:30"], "summer time in between: {rows:?}");
    assert_eq!(rows.len(), 8, "times mean nothing in a series of whole days: {rows:?}");
}

#[test]
fn an_event_within_another_loses_neither_silently() {
    let rows = rows(
        "BEGIN:VEVENT
        UID:a
        DTSTART:20270301T080000
        SUMMARY:Ohne Ende
        BEGIN:VEVENT
        UID:b
        DTSTART:20270301T090000
        END:VEVENT
        begin:vevent
        UID:c
        DTSTART:20270301T100000
        end:vevent",
    );
    assert_eq!(rows, ["4.0 unfinished Ohne Ende", "8: b|w2027-03-01 09:00", "12: c|w2027-03-01 10:00"]);
}

#[test]
fn series_that_is_over_is_one_row() {
    let rows = rows("BEGIN:VEVENT\nUID:o\nDTSTART:20200101T080000\nRRULE:FREQ=DAILY;COUNT=4\nEND:VEVENT");
    assert_eq!(rows, ["4 20200101T080000: o|w2020-01-01 08:00"]);
}

#[test]
fn zone_that_the_file_describes() {
    let rows = rows(
        "BEGIN:VTIMEZONE
        TZID:Amtszeit
        BEGIN:STANDARD
        TZOFFSETTO:+0000
        END:STANDARD
        BEGIN:DAYLIGHT
        TZOFFSETTO:+0100
        END:DAYLIGHT
        END:VTIMEZONE
        BEGIN:VEVENT
        UID:z
        DTSTART;TZID=Amtszeit:20270701T083000
        END:VEVENT
        BEGIN:VEVENT
        UID:y
        DTSTART;TZID=Mond:20270701T083000
        END:VEVENT",
    );
    assert_eq!(rows, ["13: z|w2027-07-01 09:30", "19.0 unknown_zone Mond"]);
}

#[test]
fn events_that_are_broken() {
    let rows = rows(
        "BEGIN:VEVENT
        UID:n
        SUMMARY:Ohne Beginn
        END:VEVENT
        BEGIN:VEVENT
        UID:d
        DTSTART:20270230T080000
        END:VEVENT
        BEGIN:VEVENT
        DTSTART:20270301T080000
        SUMMARY:Abgerissen",
    );
    assert_eq!(rows, ["4.0 no_start Ohne Beginn", "10.0 bad_value 20270230T080000", "12.0 unfinished Abgerissen!"]);
}

#[test]
fn days_added_and_moved_are_told_by_the_day_alone() {
    let rows = rows(
        "BEGIN:VEVENT
        UID:r
        DTSTART;TZID=Europe/Berlin:20270301T083000
        DURATION:PT15M
        RRULE:FREQ=WEEKLY;COUNT=3
        RDATE;VALUE=DATE:20270303
        EXDATE;TZID=America/New_York:20270315T033000
        END:VEVENT
        BEGIN:VEVENT
        UID:r
        RECURRENCE-ID;VALUE=DATE:20270308
        DTSTART;TZID=Europe/Berlin:20270309T100000
        DURATION:PT15M
        END:VEVENT",
    );
    assert_eq!(
        rows,
        [
            "4 20270301T083000: r|w2027-03-01 08:30|w2027-03-01 08:45",
            "4 20270303T083000: r|w2027-03-03 08:30|w2027-03-03 08:45",
            "12 20270308T000000: r|w2027-03-09 10:00|w2027-03-09 10:15",
        ],
        "added at the time of the series; the moved one is there once; left out in another zone's words"
    );
}

#[test]
fn what_would_be_lost_of_a_series_is_told() {
    for line in
        ["RDATE;VALUE=PERIOD:20270308T083000/PT1H", "RRULE:FREQ=WEEKLY;BYDAY=2MO", "RRULE:FREQ=MONTHLY;BYDAY=MO,-1TU"]
    {
        let told = rows(&format!("BEGIN:VEVENT\nUID:p\nDTSTART:20270301T083000\n{line}\nEND:VEVENT"));
        assert_eq!(told.len(), 1, "{line}");
        assert!(told[0].contains("unknown_series"), "{told:?}");
    }
}

#[test]
fn an_offset_behind_a_time_is_not_passed_over() {
    for start in ["20270301T083000+0100", "20270301T083000-05", "20270301T083000x"] {
        let told = rows(&format!("BEGIN:VEVENT\nUID:o\nDTSTART:{start}\nEND:VEVENT"));
        assert!(told.len() == 1 && told[0].contains("bad_value"), "{told:?}");
    }
}

#[test]
fn a_length_beyond_all_calendars_is_none() {
    for (length, expected) in [
        ("P999999999W", "4: d|w2027-03-01 08:30"),
        ("P999999999WT999999999H999999999M999999999S", "4: d|w2027-03-01 08:30"),
        ("PT15M", "4: d|w2027-03-01 08:30|w2027-03-01 08:45"),
    ] {
        let told = rows(&format!("BEGIN:VEVENT\nUID:d\nDTSTART:20270301T083000\nDURATION:{length}\nEND:VEVENT"));
        assert_eq!(told, [expected], "{length}");
    }
    let many = format!("P{}", "999999999W".repeat(20_000));
    let told = rows(&format!("BEGIN:VEVENT\nUID:d\nDTSTART:20270301T083000\nDURATION:{many}\nEND:VEVENT"));
    assert_eq!(told.len(), 1);
    assert!(!told[0].contains("d|w"), "{:.80}", told[0]);
}

#[test]
fn nothing_that_an_event_repeats_grows_without_end() {
    let event = |lines: &str| rows(&format!("BEGIN:VEVENT\nUID:m\nDTSTART:20270301T083000\n{lines}\nEND:VEVENT"));
    let categories = event(&"CATEGORIES:Melde\n".repeat(10_000));
    assert!(categories[0].len() < 1_000, "{} bytes of categories", categories[0].len());
    let people = event(&"ATTENDEE;CN=Eva:mailto:eva@example.org\n".repeat(10_000));
    assert_eq!(people[0].matches("eva@example.org").count(), 50);
    for name in ["EXDATE", "RDATE"] {
        let days = event(&format!("RRULE:FREQ=DAILY\n{}", format!("{name}:20270301T083000\n").repeat(10_001)));
        assert_eq!(days.len(), 1, "{name}");
        assert!(days[0].contains("endless_series"), "{days:?}");
    }
    let left_out = event(&format!("RRULE:FREQ=DAILY;COUNT=2\n{}", "EXDATE:20270302T083000\n".repeat(10_000)));
    assert_eq!(left_out, ["4 20270301T083000: m|w2027-03-01 08:30"]);
}
