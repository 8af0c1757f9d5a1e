//! The demo's colleagues, as its greeting introduces them.

use identity::{Entry, Role};
use stadttermin::demo::staff::{COLLEAGUES, PASSWORD, SECRET, employ};

use crate::office::{Office, after, code, now};

#[tokio::test]
async fn there_is_one_of_each_role_and_each_comes_in_as_the_greeting_says() {
    let office = Office::open().await;
    let shown = employ(office.tx().await, &office.vault, now()).await.unwrap();
    assert_eq!(COLLEAGUES.map(|(role, ..)| role), Role::ALL);
    for (role, email, name) in COLLEAGUES {
        match office.sign_in(email, PASSWORD, now()).await.unwrap() {
            Entry::In(staff) => assert_eq!((staff.role, staff.name.as_str()), (role, name)),
            Entry::NeedsCode(id) => {
                assert_eq!(role, Role::Admin);
                for typed in [&code(SECRET, now()), &shown[0]] {
                    assert_eq!(office.type_code(id, typed, now()).await.unwrap().role, Role::Admin, "{typed}");
                }
            }
            Entry::MustSetUpCode(staff) => panic!("{staff:?}"),
        }
    }
}

#[tokio::test]
async fn the_next_start_keeps_the_accounts_and_shows_fresh_recovery_codes() {
    let office = Office::open().await;
    let first = employ(office.tx().await, &office.vault, now()).await.unwrap();
    let admin = identity::find_by_email(&mut office.tx().await, "admin@demo.example").await.unwrap().unwrap();
    let second = employ(office.tx().await, &office.vault, after(3600)).await.unwrap();
    assert_eq!(identity::people::list(&mut office.tx().await).await.unwrap().len(), COLLEAGUES.len());
    assert!(office.type_code(admin.staff.id, &first[0], after(3600)).await.is_err());
    assert!(office.type_code(admin.staff.id, &second[0], after(3600)).await.is_ok());
}
