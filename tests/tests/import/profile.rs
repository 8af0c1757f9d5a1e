//! What a town says about its files once is known for the next one.

use std::collections::BTreeMap;

use catalog::Catalog;
use importer::batch::{self, Choices};
use importer::concerns::Table;

use crate::hall::{Hall, list};

const ROW: &str = "01.12.2026;09:00;Lea Beispiel;;;Hexerei;;";

#[tokio::test]
async fn columns_and_meanings_are_kept_as_a_profile_and_taken_for_the_next_file() {
    let hall = Hall::open().await;
    let id = hall.upload("termine.csv", list(&[ROW, ROW]).as_bytes()).await;
    let mut tx = hall.test.tx("probe").await;
    let catalog = Catalog::load(&mut tx).await.unwrap();
    let phrases = batch::phrases(&mut tx, id, &catalog).await.unwrap();
    assert!(phrases.iter().any(|it| it.phrase.to_lowercase().contains("hexerei")), "{phrases:?}");
    let table = Table(BTreeMap::from([("Hexerei".to_owned(), vec!["reisepass".to_owned()])]));
    batch::save_table(&mut tx, id, &table, Some("ummeldung")).await.unwrap();
    let mapping = batch::find(&mut tx, id).await.unwrap().unwrap().mapping;
    batch::save_mapping(&mut tx, id, &mapping).await.unwrap();
    batch::save_profile(&mut tx, id, "Liste der Pforte").await.unwrap();
    tx.commit().await.unwrap();
    let next = hall.upload("andere.csv", list(&[ROW]).as_bytes()).await;
    let found = hall.find(next).await;
    assert_eq!((found.profile.as_deref(), &found.table), (Some("Liste der Pforte"), &table), "the same columns");
    let checked = hall.check(next, &Choices::default()).await;
    assert_eq!((checked.numbers.add, checked.numbers.error), (1, 0));
    let mut tx = hall.test.tx("probe").await;
    assert_eq!(batch::profiles(&mut tx).await.unwrap(), ["Liste der Pforte"]);
    assert!(!batch::use_profile(&mut tx, next, "eine andere").await.unwrap());
    assert!(batch::use_profile(&mut tx, next, "Liste der Pforte").await.unwrap());
    let shape = found.shape.expect("its shape");
    let corrected = batch::correct(&mut tx, next, &shape).await.unwrap();
    assert_eq!(corrected.columns, shape.columns);
    batch::discard(&mut tx, next).await.unwrap();
    assert!(batch::find(&mut tx, next).await.unwrap().is_none());
    assert_eq!(batch::list(&mut tx).await.unwrap().len(), 1);
}
