//! Which day stands above a row, and when nobody can say.

use super::*;

/// Goes through rows; the day above each that is no heading, and whether the table is one of blocks.
fn above(rows: &[&[&str]]) -> (Vec<String>, bool) {
    let mut headings = Headings::default();
    let mut days = Vec::new();
    for (row, line) in rows.iter().zip(1..) {
        let cell = |text: &&str| if text.is_empty() { Cell::Empty } else { Cell::Text((*text).to_owned()) };
        if !headings.take(&Record::new(line, row.iter().map(cell).collect())) {
            days.push(match headings.day() {
                Cell::Text(day) => day,
                _ => "-".to_owned(),
            });
        }
    }
    (days, headings.are_needed())
}

#[test]
fn a_row_has_the_day_above_it() {
    let rows: [&[&str]; 6] = [
        &["Montag, 14.12.2026", ""],
        &["9:00", "Lea"],
        &["9:30", "Ali"],
        &["Dienstag", "15.12.2026"],
        &["9:00", "Eva"],
        &["Pause", ""],
    ];
    let expected = ["Montag, 14.12.2026", "Montag, 14.12.2026", "15.12.2026", "15.12.2026"];
    assert_eq!(above(&rows), (expected.map(str::to_owned).to_vec(), true));
}

#[test]
fn a_heading_that_cannot_be_read_is_no_reason_to_take_the_day_before() {
    for heading in [
        &["Dienstag, den 15. Dezember", ""],
        &["Di 15.12.2026 (nur vormittags)", ""],
        &["Di.", ""],
        &["15. Dez. 2026 / Frau Koch", ""],
        &["Di 15.12.2026", "Frau Koch"],
        &["15.12.2026", "8:00"],
    ] {
        let rows: [&[&str]; 4] = [&["Mo 14.12.2026", ""], &["9:00", "Lea"], heading, &["9:00", "Eva"]];
        let (days, _) = above(&rows);
        assert_ne!(days.last().unwrap(), "Mo 14.12.2026", "{heading:?}");
    }
}

#[test]
fn the_day_of_printing_above_a_list_is_nobodys_day() {
    let rows: [&[&str]; 5] = [
        &["27.11.2026", "", ""],
        &["Datum", "Uhrzeit", "Name"],
        &["14.12.2026", "9:00", "Lea"],
        &["14.12.2026", "9:30", "Ali"],
        &["", "10:00", "Eva"],
    ];
    assert!(!above(&rows).1);
}

#[test]
fn a_day_of_birth_is_not_the_day_of_a_row() {
    let rows: [&[&str]; 3] =
        [&["Mo 14.12.2026", "", ""], &["9:00", "Lea", "1.2.1980"], &["9:30", "Ali", "3. März 1990"]];
    assert_eq!(above(&rows), (vec!["Mo 14.12.2026".to_owned(); 2], true));
    let own: [&[&str]; 3] = [&["27.11.2026", ""], &["14. Dezember 2026", "9:00"], &["9:30", "14.12.2026"]];
    assert!(!above(&own).1);
}
