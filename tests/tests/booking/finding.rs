//! A booking is found by its link, or by code and address, in its own town only.

use booking::{BookingCode, EmailAddress};

use crate::office::{Office, now, tuesday, wish};

#[tokio::test]
async fn a_link_leads_to_its_booking_in_its_own_town() {
    let office = Office::open().await;
    office.book(&wish(1, tuesday("09:00")), now()).await;
    let token = office.key(1).token;
    assert_eq!(office.view(1).await.booking.id, office.id(1));
    let mut elsewhere = office.test.tx("other").await;
    assert_eq!(booking::find_by_token(&mut elsewhere, &token).await.unwrap(), None);
    assert_eq!(booking::find(&mut elsewhere, office.id(1)).await.unwrap(), None);
    let mut tx = office.tx().await;
    for wrong in ["", "x", "\0", &token[1..], &office.key(2).token, &"a".repeat(1_000_000)] {
        assert_eq!(booking::find_by_token(&mut tx, wrong).await.unwrap(), None);
    }
    assert!(booking::find(&mut tx, office.id(1)).await.unwrap().is_some());
}

#[tokio::test]
async fn the_database_keeps_no_token() {
    let office = Office::open().await;
    office.book(&wish(1, tuesday("09:00")), now()).await;
    let row: String =
        sqlx::query_scalar("SELECT booking::text FROM booking").fetch_one(office.tx().await.conn()).await.unwrap();
    assert!(!row.contains(&office.key(1).token), "{row}");
}

#[tokio::test]
async fn a_code_works_only_with_its_address() {
    let office = Office::open().await;
    office.hold(&wish(1, tuesday("09:00")), now()).await.unwrap();
    let code = office.confirm(1, "Lea@example.org", now()).await.unwrap().code;
    let typed = BookingCode::parse(&format!(" {} ", code.to_string().to_lowercase())).unwrap();
    let mut tx = office.tx().await;
    for (address, is_found) in [("lea@EXAMPLE.org", true), ("max@example.org", false), ("lea_example@org.de", false)] {
        let email = EmailAddress::parse(address).unwrap();
        let found = booking::find_by_code_and_email(&mut tx, &typed, &email).await.unwrap();
        assert_eq!(found.is_some(), is_found, "{address}");
    }
    let view = office.view(1).await;
    assert!(booking::send_link(&mut tx, &view, now()).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(office.mails(1).await, ["confirmation/waiting", "manage_link/waiting", "reminder/waiting"]);
}
