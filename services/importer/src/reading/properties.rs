//! What holds for any row: nothing panics, and no word is lost.

use proptest::prelude::*;

use super::tests::{cells, shape};
use super::*;
use crate::concerns::samples::WORDS;
use crate::subject::{is_label_or_link, take_apart, take_apart_without_name};
use crate::{Cell, DateOrder, Field};

/// Words of subjects, and anything.
fn fragment() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "Müller",
            "Hans",
            "PA",
            "RP",
            "Fz",
            "KFZ",
            "Anm.",
            "2x",
            "3",
            "Pers.",
            "Kind",
            "vorl.",
            "abholen",
            "und",
            "für",
            "0170 1234567",
            "+49 (0) 2389 71-0",
            "Tel.:",
            "lea@example.org",
            "Herr",
            "Fam.",
            "Dr.",
            "03.12.2026",
            "8:30",
            "bringt Foto mit",
            "Entsorgungsberatung",
            "x",
            "Frau",
            "12345",
            "E-Mail",
            "u.",
            "İstanbul",
            "e\u{301}",
        ])
        .prop_map(str::to_owned),
        "[a-zäöüß]{1,8}",
        "\\PC{0,6}",
    ]
}

fn subject() -> impl Strategy<Value = String> {
    let joint = prop::sample::select(vec![" ", ", ", " + ", "/", " - ", ";", ": ", "(", ") ", "\n", "", ".", "-", "&"]);
    prop::collection::vec((fragment(), joint), 0..10)
        .prop_map(|parts| parts.into_iter().map(|(word, joint)| word + joint).collect())
}

/// The words of a text, in any order.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(catalog::fold)
        .filter(|word| !word.is_empty() && !is_label_or_link(word))
        .collect();
    words.sort();
    words
}

proptest! {
    #[test]
    fn no_word_of_a_subject_is_lost(subject in subject(), with_name: bool) {
        let parts = if with_name { take_apart(&subject, &WORDS) } else { take_apart_without_name(&subject, &WORDS) };
        let all = [parts.name.clone(), parts.phone.clone(), parts.email.clone(), parts.subject(), parts.note.clone()];
        let kept = all.join(" , ");
        // A label can be glued to what it labels (“E-Mail”); its words are compared one by one.
        let (mut before, mut after) = (words(&subject), words(&kept));
        before.retain(|word| word != "e");
        after.retain(|word| word != "e");
        prop_assert_eq!(before, after, "{:?} → {:?}", subject, parts);
    }

    #[test]
    fn no_text_makes_a_date_or_time_panic(text in "\\PC{0,24}|[0-9:./ -]{0,20}") {
        for order in [None, Some(DateOrder::DayMonthYear), Some(DateOrder::MonthDayYear), Some(DateOrder::YearMonthDay)] {
            let _ = crate::dates::moment(&text, order, WORDS.zone());
        }
        let _ = crate::dates::hours(&text);
        let _ = crate::dates::minutes(&text);
        let _ = crate::dates::order_of([text.as_str()]);
    }

    #[test]
    fn no_row_makes_reading_panic(
        texts in prop::collection::vec(prop_oneof![subject(), "[0-9:./ -]{0,16}", "\\PC{0,12}"], 6),
        number in prop::num::f64::ANY,
    ) {
        let fields = [Field::Start, Field::End, Field::Subject, Field::Phone, Field::Email, Field::Note, Field::Minutes];
        let (shape, mapping) = shape(&fields);
        let mut cells = cells(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        cells.push(Cell::Number(number));
        let record = Record::new(2, cells);
        let read = entry(&record, &shape, &mapping, &WORDS);
        prop_assert!(read.start.is_some() || read.all_day.is_some() || read.reasons.iter().any(|r| r.state == State::Error));
        prop_assert!(read.end.is_none_or(|end| Some(end) > read.start));
        for reason in &read.reasons {
            prop_assert!(REASONS.iter().any(|(key, state)| *key == reason.key && *state <= reason.state), "{:?}", reason);
        }
    }

    #[test]
    fn every_good_day_is_read_back(days in 0_i64..36_000, minute in 0_i64..1440) {
        let moment = jiff::civil::date(2000, 1, 1).at(0, 0, 0, 0);
        let moment = moment.checked_add(jiff::Span::new().days(days).minutes(minute)).expect("in reach");
        for format in ["%d.%m.%Y %H:%M", "%Y-%m-%dT%H:%M:%S", "%a, %-d.%-m.%Y, %-H.%M Uhr", "%B %-d, %Y %I:%M %p"] {
            let text = moment.strftime(format).to_string();
            let read = crate::dates::moment(&text, None, WORDS.zone()).expect("a moment");
            let clock = read.hours.expect("a time").expect("a good time").start;
            prop_assert_eq!((read.day.date, i64::from(clock.minutes())), (moment.date(), minute), "{}", text);
        }
    }
}
