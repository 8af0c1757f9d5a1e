//! What `catalog.toml` must say beyond its form: keys that exist, numbers in range, forms that are there.

use std::collections::BTreeSet;

use tenancy::pack::{PackDir, Problem, TomlFile, is_phone, is_web_address};

use super::entries::{BookingWay, CatalogFile, ConcernEntry, FeeEntry, FormEntry};
use crate::concern::MAX_QUANTITY;

/// Largest form, in bytes.
const MAX_FORM_BYTES: usize = 5 * 1024 * 1024;

/// Keys of a concern that may be marked as yet to be confirmed.
const CONFIRMABLE: [&str; 21] = [
    "category",
    "name",
    "summary",
    "keywords",
    "duration_minutes",
    "further_minutes",
    "max_quantity",
    "booking",
    "phone",
    "phone_note",
    "who",
    "who_note",
    "leika",
    "online_url",
    "alone",
    "neutral",
    "documents",
    "fees",
    "quantity_label",
    "online_label",
    "popular",
];

/// Everything wrong with the content of the file and its forms.
pub(super) fn check(file: &TomlFile<CatalogFile>, pack: &PackDir, longest_minutes: Option<u16>) -> Vec<Problem> {
    let mut check = Check { file, longest_minutes, problems: Vec::new() };
    let catalog = &file.value;
    let categories = check.keys("category", catalog.category.iter().map(|entry| &entry.key));
    let forms = check.keys("form", catalog.form.iter().map(|entry| &entry.key));
    let documents = check.keys("document", catalog.document.iter().map(|entry| &entry.key));
    check.keys("concern", catalog.concern.iter().map(|entry| &entry.key));
    if catalog.concern.is_empty() {
        check.report("concern", "no concern; expected at least one [[concern]]".to_owned());
    }
    for (index, form) in catalog.form.iter().enumerate() {
        check.form(&format!("form[{index}]"), form, &catalog.form[..index], pack);
    }
    for (index, document) in catalog.document.iter().enumerate() {
        if let Some(form) = &document.form {
            check.reference(&format!("document[{index}].form"), "form", form, &forms);
        }
    }
    for (index, concern) in catalog.concern.iter().enumerate() {
        let path = format!("concern[{index}]");
        check.reference(&format!("{path}.category"), "category", &concern.category, &categories);
        check.needed(&path, concern, &documents);
        check.numbers(&path, concern);
        check.ways(&path, concern);
        check.fees(&path, &concern.fees);
    }
    let mut problems = check.problems;
    problems.extend(orphans(catalog, pack));
    problems
}

struct Check<'f> {
    file: &'f TomlFile<CatalogFile>,
    longest_minutes: Option<u16>,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn report(&mut self, path: &str, message: String) {
        self.problems.push(self.file.problem(path, message));
    }

    /// Looks at the keys of a list, and returns them.
    fn keys<'k>(&mut self, list: &str, keys: impl Iterator<Item = &'k String>) -> BTreeSet<&'k str> {
        let mut known = BTreeSet::new();
        for (index, key) in keys.enumerate() {
            let path = format!("{list}[{index}].key");
            if !is_key(key) {
                let message = format!("“{key}” is no key; expected small letters, digits and hyphens, a letter first");
                self.report(&path, message);
            }
            if !known.insert(key.as_str()) {
                self.report(&path, format!("there is another {list} with the key “{key}”; expected each key once"));
            }
        }
        known
    }

    fn reference(&mut self, path: &str, list: &str, key: &str, known: &BTreeSet<&str>) {
        if !known.contains(key) {
            let near =
                known.iter().max_by(|a, b| strsim::jaro_winkler(key, a).total_cmp(&strsim::jaro_winkler(key, b)));
            let hint = near.filter(|near| strsim::jaro_winkler(key, near) > 0.85);
            let hint = hint.map(|near| format!(" (did you mean “{near}”?)")).unwrap_or_default();
            self.report(path, format!("there is no {list} “{key}”{hint}; expected the key of a [[{list}]]"));
        }
    }

    fn form(&mut self, path: &str, form: &FormEntry, before: &[FormEntry], pack: &PackDir) {
        let file = &form.file;
        let name = format!("{path}.file");
        if !file.strip_suffix(".pdf").is_some_and(is_file_stem) {
            self.report(&name, format!("“{file}” is no file name; expected such as vollmacht-abholung.pdf"));
        } else if before.iter().any(|other| other.file == *file) {
            self.report(&name, format!("another form has the file “{file}” already; expected each file once"));
        } else {
            match pack.bytes(&form.path()) {
                None => self.report(&name, format!("the file {} is missing; expected a PDF there", form.path())),
                Some(bytes) if !bytes.starts_with(b"%PDF-") || bytes.len() > MAX_FORM_BYTES => {
                    self.report(&name, format!("{} is no PDF of at most 5 MB", form.path()));
                }
                Some(_) => {}
            }
        }
        if !tenancy::i18n::is_language(&form.language) {
            self.report(
                &format!("{path}.language"),
                format!("“{}” is no language; expected such as de", form.language),
            );
        }
    }

    fn needed(&mut self, path: &str, concern: &ConcernEntry, documents: &BTreeSet<&str>) {
        for (index, needed) in concern.documents.iter().enumerate() {
            let path = format!("{path}.documents[{index}].document");
            self.reference(&path, "document", &needed.document, documents);
            if concern.documents[..index].iter().any(|other| other.document == needed.document) {
                self.report(&path, format!("the document “{}” is listed twice", needed.document));
            }
        }
        for (index, key) in concern.to_confirm.iter().enumerate() {
            if !CONFIRMABLE.contains(&key.as_str()) {
                let message = format!("there is no “{key}” to confirm; expected one of: {}", CONFIRMABLE.join(", "));
                self.report(&format!("{path}.to_confirm[{index}]"), message);
            }
        }
    }

    fn numbers(&mut self, path: &str, concern: &ConcernEntry) {
        let duration = concern.duration_minutes;
        if !(5..=480).contains(&duration) || !duration.is_multiple_of(5) {
            let message = format!("{duration} minutes can't be planned; expected 5, 10, 15 … 480");
            self.report(&format!("{path}.duration_minutes"), message);
        }
        if let Some(longest) = self.longest_minutes.filter(|longest| duration > *longest)
            && concern.booking == BookingWay::Online
        {
            let message =
                format!("{duration} minutes can't be booked; expected at most rules.max_total_minutes, {longest}");
            self.report(&format!("{path}.duration_minutes"), message);
        }
        if let Some(further) = concern.further_minutes.filter(|m| *m > 480 || !m.is_multiple_of(5)) {
            let message = format!("{further} minutes can't be planned; expected 0, 5, 10 … 480");
            self.report(&format!("{path}.further_minutes"), message);
        }
        if !(1..=MAX_QUANTITY).contains(&concern.max_quantity) {
            let message = format!("max_quantity is {}; expected 1 to {MAX_QUANTITY}", concern.max_quantity);
            self.report(&format!("{path}.max_quantity"), message);
        }
        if let Some(leika) = concern.leika.as_ref().filter(|l| l.len() != 14 || !l.bytes().all(|b| b.is_ascii_digit()))
        {
            self.report(&format!("{path}.leika"), format!("“{leika}” is no LeiKa key; expected 14 digits"));
        }
    }

    fn ways(&mut self, path: &str, concern: &ConcernEntry) {
        let calls = concern.phone.is_some() || concern.phone_note.is_some();
        match concern.booking {
            BookingWay::Phone if !calls => {
                let message = "nobody knows whom to call; expected phone = \"…\" or phone_note = { de = \"…\" }";
                self.report(&format!("{path}.booking"), message.to_owned());
            }
            BookingWay::Online if calls => {
                let message = "phone and phone_note are for booking = \"phone\"; expected that, or neither of them";
                self.report(&format!("{path}.phone"), message.to_owned());
            }
            _ => {}
        }
        if let Some(phone) = concern.phone.as_ref().filter(|phone| !is_phone(phone)) {
            let message = format!("“{phone}” is no telephone number; expected such as 0571 791-0");
            self.report(&format!("{path}.phone"), message);
        }
        if let Some(url) = concern.online_url.as_ref().filter(|url| !is_web_address(url)) {
            let message = format!("“{url}” is no web address; expected such as https://…");
            self.report(&format!("{path}.online_url"), message);
        }
        if concern.online_label.is_some() && concern.online_url.is_none() {
            let message = "online_label without online_url; expected both or neither";
            self.report(&format!("{path}.online_label"), message.to_owned());
        }
    }

    fn fees(&mut self, path: &str, fees: &[FeeEntry]) {
        for (index, fee) in fees.iter().enumerate() {
            let path = format!("{path}.fees[{index}]");
            if let (Some(from), Some(until)) = (fee.valid_from, fee.valid_until)
                && from > until
            {
                self.report(&path, format!("valid_from {from} is after valid_until {until}"));
            }
            let same = |other: &&FeeEntry| other.label == fee.label && other.condition == fee.condition;
            if fees[..index].iter().filter(same).any(|other| overlap(other, fee)) {
                let message = "two fees hold on the same day; expected days that don't overlap, or a label for each";
                self.report(&path, message.to_owned());
            }
        }
    }
}

/// PDFs that no form names: a forgotten entry, or a file to delete.
fn orphans<'a>(catalog: &'a CatalogFile, pack: &'a PackDir) -> impl Iterator<Item = Problem> + 'a {
    let named = |name: &str| catalog.form.iter().any(|form| form.path() == name);
    pack.names()
        .filter(move |name| name.starts_with(super::FORMS) && !named(name))
        .map(|name| Problem::of_file(name, "no [[form]] in catalog.toml names this file"))
}

fn overlap(one: &FeeEntry, other: &FeeEntry) -> bool {
    let before = |until: Option<_>, from: Option<_>| matches!((until, from), (Some(until), Some(from)) if until < from);
    !before(one.valid_until, other.valid_from) && !before(other.valid_until, one.valid_from)
}

fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase()) && is_file_stem(text) && text.len() <= 60
}

fn is_file_stem(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with('-')
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
