//! `stadttermin import`, as an operator types it.

use std::path::Path;
use std::process::ExitCode;

use stadttermin::import::{ImportOptions, run};
use tenancy::TenantSlug;

use crate::hall::{Hall, file, list, now};

/// What is typed: `--apply`, `--another`, `--replaces`.
#[derive(Default)]
struct Typed<'t> {
    apply: bool,
    another: bool,
    replaces: Option<&'t str>,
}

/// The same for a file.
fn options(file: &Path, typed: &Typed<'_>) -> ImportOptions {
    ImportOptions {
        town: TenantSlug::parse("probe").unwrap(),
        file: file.to_owned(),
        profile: None,
        another: typed.another,
        replaces: typed.replaces.map(str::to_owned),
        apply: typed.apply,
    }
}

/// What is typed for a dry run of this file.
pub fn dry_run(file: &Path) -> ImportOptions {
    options(file, &Typed::default())
}

async fn typed(hall: &Hall, content: &str, typed: Typed<'_>) -> (String, anyhow::Result<ExitCode>) {
    let file = file(content);
    let options = options(file.path(), &typed);
    let mut out = Vec::new();
    let code = run(&options, hall.test.db(), || Ok(hall.links.clone()), now(), &mut out).await;
    (String::from_utf8(out).unwrap(), code)
}

async fn said(hall: &Hall, content: &str, apply: bool) -> (String, ExitCode) {
    let (words, code) = typed(hall, content, Typed { apply, ..Typed::default() }).await;
    (words, code.unwrap())
}

#[tokio::test]
async fn the_command_says_what_would_become_of_the_rows_and_does_it_only_when_told() {
    let hall = Hall::open().await;
    let content =
        list(&["01.12.2026;09:00;Lea Beispiel;;;Personalausweis;;", "30.02.2027;09:00;Ali Muster;;;Personalausweis;;"]);
    let (words, code) = said(&hall, &content, false).await;
    assert!(words.contains("1 ready, 0 with a warning, 1 with errors, 0 left out"), "{words}");
    assert!(words.contains(":3: error: no_such_day"), "{words}");
    assert!(words.contains("nothing was changed") && !words.contains("Muster"), "{words}");
    assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::from(2)));
    assert_eq!(hall.booked().await, []);
    let (words, _) = said(&hall, &content, true).await;
    assert!(words.contains("1 new") && words.contains("applied as batch"), "{words}");
    assert_eq!(hall.booked().await.len(), 1);
}

#[tokio::test]
async fn what_is_no_list_is_refused_with_exit_code_1() {
    let hall = Hall::open().await;
    let (words, code) = said(&hall, "%PDF-1.7\n%âãÏÓ\n1 0 obj\n", true).await;
    assert!(words.contains("not a list of appointments"), "{words}");
    assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::from(1)));
    assert_eq!(hall.count("SELECT count(*) FROM import_batch").await, 0);
}

#[tokio::test]
async fn the_command_says_what_has_changed_without_naming_anybody() {
    let hall = Hall::open().await;
    let row = "01.12.2026;09:00;Lea Beispiel;;;Personalausweis;Schalter 1;bringt Foto";
    said(&hall, &list(&[row]), true).await;
    let (words, _) =
        said(&hall, &list(&[&row.replace("Schalter 1;bringt Foto", "Schalter 2;bringt Bild")]), true).await;
    assert!(words.contains(":2: changed: place Schalter 1 → Schalter 2, note"), "{words}");
    assert!(!words.contains("Bild") && !words.contains("Lea"), "{words}");
}

#[tokio::test]
async fn the_command_says_which_list_a_file_is_the_next_edition_of_and_is_told_otherwise() {
    let hall = Hall::open().await;
    let rows = [
        "01.12.2026;09:00;Lea Beispiel;;;Personalausweis;;",
        "01.12.2026;10:00;Ali Muster;;;Personalausweis;;",
        "01.12.2026;11:00;Eva Neu;;;Personalausweis;;",
    ];
    said(&hall, &list(&rows), true).await;
    let (words, _) = said(&hall, &list(&rows[..2]), false).await;
    assert!(words.contains("the next edition of list") && words.contains("2 of 3 ahead"), "{words}");
    assert!(words.contains("1 gone from the file"), "{words}");
    let (words, _) = typed(&hall, &list(&rows[..2]), Typed { another: true, ..Typed::default() }).await;
    assert!(words.contains("0 gone from the file"), "{words}");
    let (words, _) = said(&hall, &list(&rows[..1]), false).await;
    assert!(words.contains("another calendar than those before") && words.contains("0 gone from the file"), "{words}");
    let origin = words.split("no edition of list ").nth(1).and_then(|rest| rest.split(' ').next()).expect("the list");
    let (words, _) = typed(&hall, &list(&rows[..1]), Typed { replaces: Some(origin), ..Typed::default() }).await;
    assert!(words.contains("2 gone from the file"), "{words}");
    let (_, code) = typed(&hall, &list(&rows), Typed { replaces: Some("nobodys"), ..Typed::default() }).await;
    assert!(code.is_err_and(|error| error.to_string().contains("there is no list nobodys")));
    assert_eq!(hall.count("SELECT count(*) FROM import_batch").await, 1, "dry runs leave nothing behind");
}

#[tokio::test]
async fn the_command_names_the_sheets_it_does_not_read() {
    let hall = Hall::open().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), crate::samples::sheet::excel()).unwrap();
    let options = ImportOptions {
        town: TenantSlug::parse("probe").unwrap(),
        file: file.path().to_owned(),
        profile: None,
        another: false,
        replaces: None,
        apply: false,
    };
    let mut out = Vec::new();
    run(&options, hall.test.db(), || Ok(hall.links.clone()), now(), &mut out).await.unwrap();
    let words = String::from_utf8(out).unwrap();
    assert!(words.contains("only the sheet “März” is read, not “April”"), "{words}");
}
