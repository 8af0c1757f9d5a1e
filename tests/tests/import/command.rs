//! `stadttermin import`, as an operator types it.

use std::process::ExitCode;

use stadttermin::import::{ImportOptions, run};
use tenancy::TenantSlug;

use crate::hall::{Hall, file, list, now};

async fn said(hall: &Hall, content: &str, apply: bool) -> (String, ExitCode) {
    let file = file(content);
    let options =
        ImportOptions { town: TenantSlug::parse("probe").unwrap(), file: file.path().to_owned(), profile: None, apply };
    let mut out = Vec::new();
    let code = run(&options, hall.test.db(), || Ok(hall.links.clone()), now(), &mut out).await.unwrap();
    (String::from_utf8(out).unwrap(), code)
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
