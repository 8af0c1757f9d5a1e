//! What a clerk should look at stays marked until a clerk has looked.

use booking::desk::{self, Relocation};
use tenancy::town::Town;

use crate::hall::{Hall, YILDIZ, now};

#[tokio::test]
async fn a_move_does_not_take_the_mark_away() {
    let hall = Hall::open().await;
    hall.applied(&["14.12.2026;18:00;Eva Spät;;;Personalausweis;Schalter 1;"]).await;
    let late = hall.booked().await.remove(0);
    assert!(late.import_flag.is_some(), "outside the hours");
    let mut tx = hall.test.tx("probe").await;
    let rules = Town::load(&mut tx).await.unwrap().rules;
    let start = "2026-12-14T09:00:00Z".parse().unwrap();
    let wish = Relocation { id: late.id, counter: 2, location: 1, start, over: &[], seen_version: late.version };
    desk::move_to(&mut tx, &wish, &YILDIZ, &rules, now()).await.unwrap();
    tx.commit().await.unwrap();
    let moved = hall.booked().await.remove(0);
    assert_eq!((moved.counter_id, moved.at.as_str()), (2, "2026-12-14 10:00"));
    assert_eq!(moved.import_flag, late.import_flag);
}
