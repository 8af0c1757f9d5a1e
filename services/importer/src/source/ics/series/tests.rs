//! What rules give, against what the standard says they give (RFC 5545, 3.8.5.3); and that none runs away.

use jiff::civil::date;

use super::*;

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

/// The occurrences from 1997 to 2007 of a rule that begins at this time, as `MM-DD HH:MM` of the first few.
fn of(start: &str, rule: &str) -> String {
    let rule = Rule::parse(rule, &TimeZone::get("America/New_York").unwrap(), false).expect(rule);
    let window = (date(1997, 1, 1), date(2007, 12, 31));
    let found = rule.occurrences(at(start), window, &mut Steps::default()).expect("a series");
    let shown = found.iter().take(6).map(|at| at.strftime("%y-%m-%d %H:%M").to_string());
    format!("{} {}", found.len(), shown.collect::<Vec<_>>().join(", "))
}

#[test]
fn rules_of_the_standard() {
    let nine = "1997-09-02T09:00:00";
    for (start, rule, expected) in [
        (nine, "FREQ=DAILY;COUNT=3", "3 97-09-02 09:00, 97-09-03 09:00, 97-09-04 09:00"),
        (nine, "FREQ=DAILY;UNTIL=19970904T130000Z", "3 97-09-02 09:00, 97-09-03 09:00, 97-09-04 09:00"),
        (
            nine,
            "freq=weekly;until=19970911;wkst=su;byday=tu,th",
            "4 97-09-02 09:00, 97-09-04 09:00, 97-09-09 09:00, 97-09-11 09:00",
        ),
        (
            nine,
            "FREQ=WEEKLY;INTERVAL=2;COUNT=3;WKST=SU;BYDAY=TU,TH",
            "3 97-09-02 09:00, 97-09-04 09:00, 97-09-16 09:00",
        ),
        ("1997-09-22T09:00:00", "FREQ=MONTHLY;COUNT=3;BYDAY=-2MO", "3 97-09-22 09:00, 97-10-20 09:00, 97-11-17 09:00"),
        ("1997-09-28T09:00:00", "FREQ=MONTHLY;BYMONTHDAY=-3;COUNT=2", "2 97-09-28 09:00, 97-10-29 09:00"),
        (
            "1997-01-01T09:00:00",
            "FREQ=YEARLY;INTERVAL=3;COUNT=4;BYYEARDAY=1,100,200",
            "4 97-01-01 09:00, 97-04-10 09:00, 97-07-19 09:00, 00-01-01 09:00",
        ),
        ("1997-05-19T09:00:00", "FREQ=YEARLY;BYDAY=20MO;COUNT=3", "3 97-05-19 09:00, 98-05-18 09:00, 99-05-17 09:00"),
        (
            "1997-05-12T09:00:00",
            "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;COUNT=3",
            "3 97-05-12 09:00, 98-05-11 09:00, 99-05-17 09:00",
        ),
        ("1997-06-05T09:00:00", "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8;COUNT=2", "2 97-06-05 09:00, 97-06-12 09:00"),
        (nine, "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=2", "2 98-02-13 09:00, 98-03-13 09:00"),
        (
            "1997-09-04T09:00:00",
            "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
            "3 97-09-04 09:00, 97-10-07 09:00, 97-11-06 09:00",
        ),
        (
            "1997-09-29T09:00:00",
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=2",
            "2 97-09-29 09:00, 97-10-30 09:00",
        ),
        (nine, "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z", "3 97-09-02 09:00, 97-09-02 12:00, 97-09-02 15:00"),
        (
            nine,
            "FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,20,40;COUNT=4",
            "4 97-09-02 09:00, 97-09-02 09:20, 97-09-02 09:40, 97-09-02 10:00",
        ),
        (nine, "FREQ=DAILY;BYHOUR=9,12,17;BYSETPOS=-1;COUNT=2", "2 97-09-02 17:00, 97-09-03 17:00"),
        (
            "1997-08-05T09:00:00",
            "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
            "4 97-08-05 09:00, 97-08-10 09:00, 97-08-19 09:00, 97-08-24 09:00",
        ),
        (
            "1997-08-05T09:00:00",
            "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
            "4 97-08-05 09:00, 97-08-17 09:00, 97-08-19 09:00, 97-08-31 09:00",
        ),
        (nine, "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=3", "3 97-09-15 09:00, 97-09-30 09:00, 97-10-15 09:00"),
        (nine, "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "0 "),
        // Not every day of the week: what a rule does not say, the beginning does.
        ("1997-05-12T09:00:00", "FREQ=YEARLY;BYWEEKNO=20;COUNT=2", "2 97-05-12 09:00, 98-05-11 09:00"),
        (
            "1997-10-27T09:00:00",
            "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1MO;COUNT=3",
            "3 97-10-27 09:00, 97-12-29 09:00, 98-02-23 09:00",
        ),
    ] {
        assert_eq!(of(start, rule), expected, "{rule}");
    }
}

#[test]
fn no_switch_to_summer_time_moves_or_loses_an_occurrence() {
    let rule = Rule::parse("FREQ=DAILY;COUNT=3", &TimeZone::get("Europe/Berlin").unwrap(), false).unwrap();
    let window = (date(2027, 1, 1), date(2027, 12, 31));
    let found = rule.occurrences(at("2027-03-27T02:30:00"), window, &mut Steps::default()).unwrap();
    let days: Vec<String> = found.iter().map(DateTime::to_string).collect();
    assert_eq!(days, ["2027-03-27T02:30:00", "2027-03-28T02:30:00", "2027-03-29T02:30:00"]);
}

#[test]
fn what_is_no_rule_is_none() {
    let zone = TimeZone::UTC;
    for text in [
        "",
        "FREQ",
        "FREQ=SECONDLY",
        "FREQ=MINUTELY",
        "FREQ=DAILY;BYSECOND=0,1",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;COUNT=x",
        "FREQ=DAILY;UNTIL=bald",
        "FREQ=WEEKLY;BYDAY=ÄÖ",
        // The crate takes these for every day, for every Monday, and for no day at all.
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=DAILY;BYDAY=-1FR",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=2MO",
        "FREQ=MONTHLY;BYDAY=0MO",
        "FREQ=MONTHLY;BYDAY=MO,-1TU",
    ] {
        assert!(Rule::parse(text, &zone, false).is_none(), "{text}");
    }
    let window = (date(2027, 1, 1), date(2027, 12, 31));
    for text in [
        "FREQ=OFTEN",
        "FREQ=DAILY;BYMONTH=13",
        "FREQ=DAILY;BYDAY=X",
        "FREQ=DAILY;INTERVAL=99999",
        "BYDAY=MO",
        "FREQ=DAILY;SKIP=OMIT",
    ] {
        let rule = Rule::parse(text, &zone, false).expect(text);
        let found = rule.occurrences(at("2027-01-01T09:00:00"), window, &mut Steps::default());
        assert_eq!(found, Err("unknown_series"), "{text}");
    }
}

#[test]
fn series_without_end_cost_no_more_than_a_file_may_cost() {
    let window = (date(2027, 1, 1), date(2028, 2, 5));
    let rule = Rule::parse("FREQ=HOURLY;BYMINUTE=0,10,20,30,40,50", &TimeZone::UTC, false).unwrap();
    let many = rule.occurrences(at("2027-01-01T09:00:00"), window, &mut Steps::default());
    assert_eq!(many, Err("endless_series"), "more than a counter can have");
    let mut steps = Steps(250_000);
    let rule = Rule::parse("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", &TimeZone::UTC, false).unwrap();
    for _ in 0..3 {
        assert_eq!(rule.occurrences(at("2027-01-01T09:00:00"), window, &mut steps), Ok(Vec::new()));
    }
    let daily = Rule::parse("FREQ=DAILY", &TimeZone::UTC, false).unwrap();
    let late = daily.occurrences(at("2027-01-01T09:00:00"), window, &mut steps);
    assert_eq!(late, Err("endless_series"), "the file has used up what it may cost");
}

#[test]
fn days_looked_at_in_vain_are_counted_between_two_occurrences_too() {
    let window = (date(2027, 1, 1), date(2028, 2, 5));
    let cost = |rule: &str| {
        let mut steps = Steps::default();
        let all = steps.0;
        let rule = Rule::parse(rule, &TimeZone::UTC, false).unwrap();
        let _ = rule.occurrences(at("1827-01-01T09:00:00"), window, &mut steps);
        all - steps.0
    };
    let days = 73_000;
    assert!(cost("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29") > days, "48 occurrences in 200 years");
    assert!(cost("FREQ=HOURLY;BYHOUR=5;BYMONTH=2;BYMONTHDAY=29") > 24 * days, "each hour of them");
    assert!((days..days + 1_000).contains(&cost("FREQ=WEEKLY")));
    let hours: Vec<String> = (0..24).map(|hour| hour.to_string()).collect();
    let minutes: Vec<String> = (0..60).map(|minute| minute.to_string()).collect();
    let full = format!("FREQ=YEARLY;BYDAY=MO;BYHOUR={};BYMINUTE={}", hours.join(","), minutes.join(","));
    assert!(cost(&full) > 366 * 24 * 60, "a year is laid out at once, even if little of it is taken");
}
