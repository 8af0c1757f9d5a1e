//! `stadttermin staff …`, as an operator types it.

use clap::{FromArgMatches as _, Subcommand as _};
use identity::{Role, State};
use stadttermin::staff::{StaffCommand, run};

use crate::office::{Office, SECRET, after, now};

/// What the command says.
async fn said(office: &Office, line: &str) -> anyhow::Result<String> {
    let parser = StaffCommand::augment_subcommands(clap::Command::new("staff").no_binary_name(true));
    let command = StaffCommand::from_arg_matches(&parser.try_get_matches_from(line.split(' '))?)?;
    let mut out = Vec::new();
    run(&command, office.test.db(), || Ok(office.vault.clone()), now(), &mut out).await?;
    Ok(String::from_utf8(out)?)
}

#[tokio::test]
async fn the_first_admin_is_invited_from_the_command_line() {
    let office = Office::open().await;
    assert!(said(&office, "list --town probe").await.unwrap().contains("Nobody has an account yet"));
    let invite = "invite --town probe --role admin --name Lea new@probe.example";
    for _ in 0..2 {
        assert!(said(&office, invite).await.unwrap().contains("new@probe.example: the invitation is in the queue"));
    }
    let listed = said(&office, "list --town probe").await.unwrap();
    assert_eq!(listed, "new@probe.example  admin  invited  -  never signed in  Lea\n");
    assert!(said(&office, "list --town other").await.unwrap().contains("Nobody"));
    let mails: i64 = sqlx::query_scalar("SELECT count(*) FROM mail WHERE kind = 'invitation'")
        .fetch_one(office.tx().await.conn())
        .await
        .unwrap();
    assert_eq!(mails, 2);
}

#[tokio::test]
async fn accounts_are_switched_off_and_on_and_a_lost_second_factor_is_forgotten() {
    let office = Office::open().await;
    let lea = office.employ_with_app("lea@probe.example", Role::Clerk).await;
    office.type_code(lea.id, &crate::office::code(SECRET, after(5)), after(5)).await.unwrap();
    let listed = said(&office, "list --town probe").await.unwrap();
    assert!(listed.contains("active  second factor  signed in 2026-11-30T06:00:05Z"), "{listed}");
    assert!(said(&office, "disable --town probe LEA@probe.example").await.unwrap().contains("switched off"));
    assert_eq!(office.account(lea.id).await.state, State::Disabled);
    assert!(said(&office, "enable --town probe lea@probe.example").await.unwrap().contains("active"));
    said(&office, "forget-second-factor --town probe lea@probe.example").await.unwrap();
    assert!(!office.account(lea.id).await.has_second_factor);
}

#[tokio::test]
async fn a_town_whose_only_admin_was_entered_anew_at_the_provider_finds_back_in() {
    let office = Office::open().await;
    let admin = office.employ("admin@probe.example", Role::Admin).await;
    let mut tx = office.tx().await;
    sqlx::query("UPDATE staff SET oidc_subject = 'https://login.example a', password_hash = NULL")
        .execute(tx.conn())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    said(&office, "forget-provider --town probe admin@probe.example").await.unwrap();
    let account = office.account(admin.id).await;
    assert!(!account.is_from_provider);
    assert_eq!(account.state, State::Invited, "the next one with the address is let in");
}

#[tokio::test]
async fn what_is_not_possible_is_said() {
    let office = Office::open().await;
    office.employ("admin@probe.example", Role::Admin).await;
    for (line, says) in [
        ("list --town nowhere", "there is no town nowhere"),
        ("disable --town probe who@probe.example", "see `stadttermin staff list`"),
        ("disable --town probe admin@probe.example", "without an admin"),
        ("invite --town probe --role clerk --name Lea admin@probe.example", "has an account already: admin, active"),
        ("invite --town probe --role king --name Lea lea@probe.example", "phone, clerk, lead, admin, reader"),
        ("invite --town probe --role clerk --name Lea lea", "lea"),
    ] {
        let error = said(&office, line).await.unwrap_err().to_string();
        assert!(error.contains(says), "{line}: {error}");
    }
}
