//! The rules of planning, each with a choice that keeps it and one that breaks it.

use catalog::{Category, Fee, Who};
use jiff::civil::date;
use tenancy::i18n::I18n;

use super::*;

const TODAY: Date = date(2026, 12, 3);

fn concern(id: ConcernId, key: &str, minutes: u16, max_quantity: u8) -> Concern {
    Concern {
        id,
        key: key.to_owned(),
        category: "alles".to_owned(),
        name: I18n::german(key),
        summary: None,
        keywords: Vec::new(),
        duration_minutes: minutes,
        further_minutes: 10,
        max_quantity,
        quantity_label: None,
        booking: Booking::Online,
        who: Who::Anyone,
        who_note: None,
        leika: None,
        online: None,
        alone: false,
        neutral: false,
        popular: None,
        documents: Vec::new(),
        fees: vec![Fee { cents: 100, label: None, condition: None, valid_from: None, valid_until: None }],
        to_confirm: Vec::new(),
    }
}

fn catalog() -> Catalog {
    let by_phone = Booking::Phone { phone: None, note: None };
    let concerns = vec![
        concern(1, "ausweis", 15, 4),
        concern(2, "pass", 20, 8),
        Concern { booking: by_phone, ..concern(3, "einbuergerung", 60, 1) },
        Concern { alone: true, ..concern(4, "austritt", 30, 1) },
    ];
    Catalog::new(vec![Category { key: "alles".to_owned(), name: I18n::german("Alles") }], concerns)
}

fn choose(choices: &[(&str, u8)], mode: Mode, rules: &Rules) -> Result<Vec<Planned>, Vec<SelectionProblem>> {
    let choice = |(concern, quantity): &(&str, u8)| Choice { concern: (*concern).to_owned(), quantity: *quantity };
    plan(&catalog(), rules, &choices.iter().map(choice).collect::<Vec<_>>(), mode, TODAY)
}

fn both() -> Rules {
    Rules { combined: true, separate: true, ..Rules::default() }
}

#[test]
fn a_combined_choice_is_one_appointment() {
    let planned = choose(&[("ausweis", 2), ("pass", 1)], Mode::Combined, &both()).unwrap();
    assert_eq!(planned.len(), 1);
    assert_eq!((planned[0].minutes, planned[0].fee_cents), (45, 300));
    assert_eq!(planned[0].concern_ids, [1, 2]);
    assert_eq!(planned[0].items[0].quantity, 2);
}

#[test]
fn a_separate_choice_is_one_appointment_each_in_its_order() {
    let planned = choose(&[("pass", 1), ("ausweis", 1), ("austritt", 1)], Mode::Separate, &both()).unwrap();
    assert_eq!(planned.iter().map(|it| it.concern_ids.clone()).collect::<Vec<_>>(), [[2], [1], [4]]);
}

#[test]
fn a_concern_named_twice_counts_together() {
    let planned = choose(&[("ausweis", 1), ("pass", 1), ("ausweis", 2)], Mode::Separate, &both()).unwrap();
    assert_eq!(planned.iter().map(|it| it.items[0].quantity).collect::<Vec<_>>(), [3, 1]);
    let problems = choose(&[("ausweis", 200), ("ausweis", 200)], Mode::Combined, &both()).unwrap_err();
    assert_eq!(problems, [SelectionProblem::Quantity { concern: "ausweis".to_owned(), quantity: 255, max: 4 }]);
}

#[test]
fn everything_wrong_is_said_at_once() {
    let choices = [("ausweis", 5), ("einbuergerung", 1), ("gibt-es-nicht", 1), ("pass", 0)];
    let problems = choose(&choices, Mode::Combined, &both()).unwrap_err();
    let names = |key: &str| key.to_owned();
    let expected = [
        SelectionProblem::Quantity { concern: names("ausweis"), quantity: 5, max: 4 },
        SelectionProblem::PhoneOnly { concern: names("einbuergerung") },
        SelectionProblem::Unknown { concern: names("gibt-es-nicht") },
        SelectionProblem::Quantity { concern: names("pass"), quantity: 0, max: 8 },
    ];
    assert_eq!(problems, expected);
    assert_eq!(choose(&[], Mode::Combined, &both()), Err(vec![SelectionProblem::Empty]));
    assert_eq!(choose(&[], Mode::Separate, &both()), Err(vec![SelectionProblem::Empty]));
}

#[test]
fn what_must_be_alone_is_not_combined() {
    let problems = choose(&[("ausweis", 1), ("austritt", 1)], Mode::Combined, &both()).unwrap_err();
    assert_eq!(problems, [SelectionProblem::Alone { concern: "austritt".to_owned() }]);
    assert!(choose(&[("austritt", 1)], Mode::Combined, &both()).is_ok());
    assert!(choose(&[("ausweis", 1), ("austritt", 1)], Mode::Separate, &both()).is_ok());
}

#[test]
fn no_appointment_is_longer_than_the_town_allows() {
    let longest = choose(&[("pass", 8), ("ausweis", 1)], Mode::Combined, &both()).unwrap();
    assert_eq!(longest[0].minutes, 105);
    let problems = choose(&[("pass", 8), ("ausweis", 3)], Mode::Combined, &both()).unwrap_err();
    assert_eq!(problems, [SelectionProblem::TooLong { minutes: 125, max: 120 }]);
    assert!(choose(&[("pass", 8), ("ausweis", 3)], Mode::Separate, &both()).is_ok());
}

#[test]
fn a_town_may_offer_only_one_way() {
    let two = [("ausweis", 1), ("pass", 1)];
    let only_combined = Rules { separate: false, ..both() };
    let only_separate = Rules { combined: false, ..both() };
    assert_eq!(choose(&two, Mode::Separate, &only_combined), Err(vec![SelectionProblem::ModeNotOffered]));
    assert_eq!(choose(&two, Mode::Combined, &only_separate), Err(vec![SelectionProblem::ModeNotOffered]));
    assert!(choose(&two[..1], Mode::Combined, &only_separate).is_ok());
    assert!(choose(&two[..1], Mode::Separate, &only_combined).is_ok());
    let one_each = Rules { max_appointments: 1, ..both() };
    assert_eq!(
        choose(&two, Mode::Separate, &one_each),
        Err(vec![SelectionProblem::TooMany { appointments: 2, max: 1 }])
    );
}
