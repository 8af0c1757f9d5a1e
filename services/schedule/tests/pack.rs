//! Every way to break `offices.toml`, and what the town is told: the line, and what was expected.

use schedule::Channel;
use schedule::pack::{Day, OfficesPart};
use tenancy::pack::PackDir;

const GOOD: &str = r#"[[location]]
key = "hall"
name = { de = "Rathaus" }
street = "Markt 1"
zip = "12345"
city = "Probe"
[[location]]
key = "branch"
name = { de = "Außenstelle" }
street = "Dorfstr. 2"
zip = "12345"
city = "Probe"
[[counter]]
key = "one"
location = "hall"
name = "Schalter 1"
concerns = ["*"]
except = ["pension"]
[[counter]]
key = "two"
location = "branch"
name = "Schalter 2"
concerns = ["passport"]
[[opening]]
location = "hall"
counters = ["one"]
weekdays = ["mo", "sa"]
nth = [1, -1]
from = "08:00"
until = "12:30"
step_minutes = 10
channel = "staff"
released_days_before = 42
released_at = "07:00"
falls_online_hours_before = 24
valid_from = "2026-01-01"
valid_until = "2026-12-31"
every_weeks = 2
[[closure]]
location = "hall"
counter = "one"
first = "2026-12-24"
last = "2026-12-31"
from = "08:00"
until = "10:00"
reason = { de = "Fortbildung" }
"#;

#[test]
fn a_good_file_is_read_as_it_says_and_written_back_alike() {
    let part = read(GOOD).expect("a good file");
    let opening = &part.file.opening[0];
    assert_eq!(opening.weekdays, [Day::Monday, Day::Saturday]);
    assert_eq!((opening.channel, opening.nth.as_slice(), opening.every_weeks), (Channel::Staff, &[1, -1][..], 2));
    let mut pack = PackDir::default();
    part.write(&mut pack).unwrap();
    assert_eq!(OfficesPart::read(&pack, Some(&["passport", "pension"])).unwrap(), part);
    assert_eq!(OfficesPart::diff(Some(&part), &part).unwrap(), []);
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let broken = [
        ("key = \"branch\"", "key = \"hall\"", "another location has the key “hall” already"),
        ("key = \"one\"", "key = \"One\"", "“One” is no key"),
        ("location = \"branch\"", "location = \"attic\"", "there is no location “attic”"),
        ("except = [\"pension\"]", "except = [\"pensions\"]", "there is no concern “pensions”"),
        (
            "counters = [\"one\"]",
            "counters = [\"two\"]",
            "the counter “two” stands at “branch”; expected one at “hall”",
        ),
        ("counters = [\"one\"]", "counters = [\"three\"]", "there is no counter “three”"),
        ("counters = [\"one\"]", "counters = []", "expected keys of counters"),
        ("nth = [1, -1]", "nth = [0]", "0 is no place in a month"),
        ("until = \"12:30\"", "until = \"07:30\"", "closes at 07:30 before it opens at 08:00"),
        ("until = \"12:30\"", "until = \"half past\"", "is no time of day"),
        ("from = \"08:00\"", "from = \"08:02\"", "steps of five minutes"),
        ("step_minutes = 10", "step_minutes = 7", "7 minutes are no step"),
        ("channel = \"staff\"", "channel = \"online\"", "only what is kept for staff can fall online"),
        ("released_days_before = 42", "released_days_before = 4000", "expected 0 to 400 days"),
        ("released_days_before = 42", "", "expected released_days_before too"),
        ("valid_until = \"2026-12-31\"", "valid_until = \"2025-12-31\"", "valid_until is before valid_from"),
        ("valid_from = \"2026-01-01\"", "", "expected valid_from too"),
        ("every_weeks = 2", "every_weeks = 0", "expected 1 to 52 weeks"),
        ("last = \"2026-12-31\"", "last = \"2026-12-23\"", "ends on 2026-12-23 before it begins on 2026-12-24"),
        ("until = \"10:00\"", "", "expected both, from and until, or neither"),
        ("counter = \"one\"", "counter = \"two\"", "there is no counter “two” at this location"),
    ];
    for (from, to, says) in broken {
        assert!(GOOD.contains(from), "{from}");
        let text = GOOD.replacen(from, to, 1);
        let problems = read(&text).expect_err(says);
        let told = problems.iter().map(ToString::to_string).collect::<Vec<_>>();
        // Told at the line that was changed; if one was removed, or two do not go together, at another of the entry.
        let lines: Vec<usize> =
            (1..).zip(text.lines()).filter(|(_, line)| *line == to).map(|(number, _)| number).collect();
        let is_here = |line: usize| lines.contains(&line) || to.is_empty() || says.contains("fall online");
        let fits = |it: &tenancy::pack::Problem| it.message.contains(says) && it.line.is_some_and(is_here);
        assert!(problems.iter().any(fits), "{from} → {to}: expected …{says}…, got {told:#?}");
        assert!(problems.iter().all(|it| it.file == "offices.toml"), "{told:#?}");
    }
}

#[test]
fn a_town_without_offices_is_told() {
    let problems = read("").expect_err("nothing there");
    assert!(problems[0].message.contains("expected at least one [[location]]"));
}

#[test]
fn without_a_catalogue_concerns_are_taken_as_they_are() {
    let mut pack = PackDir::default();
    pack.insert("offices.toml", GOOD.replace("pension", "unknown"));
    assert!(OfficesPart::read(&pack, None).is_ok());
}

fn read(text: &str) -> Result<OfficesPart, Vec<tenancy::pack::Problem>> {
    let mut pack = PackDir::default();
    pack.insert("offices.toml", text);
    OfficesPart::read(&pack, Some(&["passport", "pension"]))
}
