//! Name, telephone and address of a row.

use booking::{EmailAddress, PhoneNumber};

use super::cells::{Named, Row};
use crate::subject::Parts;
use crate::{Cell, Field, Reason, State};

/// The name of a row that has columns for it, the first name in front; empty otherwise.
pub(super) fn name(row: &Row<'_>) -> String {
    let names = [Field::FirstName, Field::Name].map(|field| row.text(field).replace('\n', " "));
    names.join(" ").trim().to_owned()
}

/// The telephone number: the first good one of the columns, else that of the subject. All others go to the note.
pub(super) fn phone(row: &Row<'_>, parts: &mut Parts, reasons: &mut Vec<Reason>) -> String {
    let mut phone = String::new();
    for named in row.cells(Field::Phone) {
        let written = named.text();
        match mended(named, &written) {
            Mended::LostDigits => {
                reasons.push(Reason::new(State::Warning, "lost_digits", written.as_str()).about(named.column));
                parts.add_note(&written);
                continue;
            }
            Mended::WithZero(number) => {
                reasons.push(Reason::new(State::Ready, "zero_added", number.as_str()).about(named.column));
                put_phone(number, named.column, &mut phone, parts, reasons);
            }
            Mended::AsWritten(number) => put_phone(number, named.column, &mut phone, parts, reasons),
        }
    }
    let said = without_signs(&std::mem::take(&mut parts.phone));
    if !said.is_empty() {
        put_phone(said, "", &mut phone, parts, reasons);
    }
    phone
}

/// The first good number is the row's; another, or a bad one, is a remark.
fn put_phone(number: String, column: &str, phone: &mut String, parts: &mut Parts, reasons: &mut Vec<Reason>) {
    if number.is_empty() || *phone == number {
        return;
    }
    let is_good = PhoneNumber::parse(&number).is_ok();
    if is_good && phone.is_empty() {
        *phone = number;
        return;
    }
    if !is_good {
        reasons.push(Reason::new(State::Warning, "bad_phone", number.as_str()).about(column));
    }
    parts.add_note(&number);
}

/// The address: the first good one of the columns, else that of the subject. All others go to the note.
pub(super) fn email(row: &Row<'_>, parts: &mut Parts, reasons: &mut Vec<Reason>) -> String {
    let mut email = String::new();
    let written = row.cells(Field::Email).map(|named| (named.text(), named.column));
    let said = (std::mem::take(&mut parts.email), "");
    for (text, column) in written.chain([said]).filter(|(text, _)| !text.is_empty()) {
        let address = without_scheme(&text);
        match EmailAddress::parse(address) {
            Ok(address) if email.is_empty() => email = address.as_str().to_owned(),
            Ok(address) if address.as_str() == email => {}
            Ok(_) => parts.add_note(&text),
            Err(_) => {
                reasons.push(Reason::new(State::Warning, "bad_email", text.as_str()).about(column));
                parts.add_note(&text);
            }
        }
    }
    email
}

fn without_scheme(text: &str) -> &str {
    text.strip_prefix("mailto:").or_else(|| text.strip_prefix("SMTP:")).unwrap_or(text)
}

/// What Excel has done to a telephone number, mended where that can be.
enum Mended {
    AsWritten(String),
    WithZero(String),
    LostDigits,
}

fn mended(named: Named<'_>, written: &str) -> Mended {
    let is_digits = !written.is_empty() && written.bytes().all(|b| b.is_ascii_digit());
    if is_scientific(written) {
        return Mended::LostDigits;
    }
    // 49… from a sheet is the country's code without its plus; with a zero before it, it would be another number.
    if is_digits && written.starts_with("49") && written.len() >= 11 {
        return Mended::AsWritten(format!("+{written}"));
    }
    let is_number = matches!(named.cell, Cell::Number(_)) && (9..=12).contains(&written.len());
    let is_mobile =
        matches!(written.len(), 10 | 11) && ["15", "16", "17"].iter().any(|start| written.starts_with(start));
    if is_digits && !written.starts_with('0') && (is_number || is_mobile) {
        return Mended::WithZero(format!("0{written}"));
    }
    Mended::AsWritten(without_signs(written))
}

/// `1,7E+11`: the digits behind are gone for good.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let is_mantissa = mantissa.starts_with(|c: char| c.is_ascii_digit())
        && mantissa.chars().all(|c| c.is_ascii_digit() || ".,".contains(c));
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    is_mantissa && !exponent.is_empty() && exponent.bytes().all(|b| b.is_ascii_digit())
}

/// Signs that people's word processors put in the place of a hyphen or a blank; a label in front.
fn without_signs(number: &str) -> String {
    let number = number.replace(['–', '—', '‐', '‑'], "-").replace(['\u{a0}', '\n'], " ");
    let unlabelled = number.trim_start_matches(|c: char| c.is_alphabetic() || ".: ".contains(c));
    let begins_as_number = unlabelled.starts_with(|c: char| c.is_ascii_digit() || "+(".contains(c));
    if begins_as_number { unlabelled.trim().to_owned() } else { number.trim().to_owned() }
}
