//! The command line as an operator meets it: whoever forgets something is told what to set.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::path::Path;
use std::process::{Command, Output};

fn stadttermin(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut command = Command::new(env!("CARGO_BIN_EXE_stadttermin"));
    command.env_clear().envs(variables.iter().copied()).args(arguments).current_dir(root).output().unwrap()
}

fn complaint(arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let output = stadttermin(arguments, variables);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

const SMTP: (&str, &str) = ("STADTTERMIN_SMTP_URL", "smtp://mail.example:25");
const SECRET: (&str, &str) = ("STADTTERMIN_SECRET", "0123456789abcdef0123456789abcdef");
const NOWHERE: (&str, &str) = ("DATABASE_URL", "postgres://app@localhost/none?host=/nowhere");

#[test]
fn nothing_starts_without_a_mail_server() {
    for role in ["serve", "work"] {
        let said = complaint(&[role], &[SECRET, NOWHERE]);
        assert!(said.contains("STADTTERMIN_SMTP_URL is not set"), "{said}");
        let said = complaint(&[role], &[SECRET, NOWHERE, ("STADTTERMIN_SMTP_URL", "mail.example")]);
        assert!(said.contains("smtp"), "{said}");
    }
}

#[test]
fn each_missing_variable_is_named() {
    for (variables, name) in [
        (vec![SMTP, NOWHERE], "STADTTERMIN_SECRET is not set"),
        (vec![SMTP, NOWHERE, ("STADTTERMIN_SECRET", "short")], "STADTTERMIN_SECRET has 5 bytes"),
        (vec![SMTP, SECRET], "DATABASE_URL is not set"),
        (vec![SMTP, SECRET, NOWHERE, ("STADTTERMIN_LISTEN", "werne")], "STADTTERMIN_LISTEN is “werne”"),
        (vec![SMTP, SECRET, NOWHERE, ("STADTTERMIN_TRUSTED_PROXIES", "x")], "STADTTERMIN_TRUSTED_PROXIES"),
    ] {
        let said = complaint(&["serve"], &variables);
        assert!(said.contains(name), "{said}");
    }
    assert!(complaint(&["migrate"], &[NOWHERE]).contains("STADTTERMIN_ADMIN_DATABASE_URL is not set"));
}

#[test]
fn the_packs_of_the_house_are_good() {
    let output = stadttermin(&["tenant", "check", "tenants/werne", "tenants/porta-westfalica", "tenants/example"], &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
