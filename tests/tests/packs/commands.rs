//! The commands as a script calls them.

use std::path::{Path, PathBuf};

use e2e::TestDb;
use stadttermin::tenant::{TenantCommand, run};
use tenancy::TenantSlug;

use crate::{access, folder, with};

#[tokio::test]
async fn the_commands_answer_with_exit_codes_that_scripts_can_use() {
    let test = TestDb::empty().await;
    let werne = folder("werne");
    let bad = tempfile::tempdir().unwrap();
    with("tenant.toml", "state = \"NW\"", "state = \"XX\"").write(bad.path()).unwrap();
    let target = tempfile::tempdir().unwrap();

    let check = |folder: PathBuf| TenantCommand::Check { folders: vec![folder], unconfirmed: false };
    let apply =
        || TenantCommand::Apply { folders: vec![werne.clone()], primary_host: Some("{slug}.localhost:8080".into()) };
    let plan = |folder: &Path| TenantCommand::Plan { folder: folder.to_owned() };
    let slug = TenantSlug::parse("werne").unwrap();
    let export = || TenantCommand::Export { slug: slug.clone(), folder: target.path().to_owned() };
    let steps = [
        (check(werne.clone()), 0, "wait for the town's confirmation"),
        (check(bad.path().to_owned()), 1, "tenant.toml:"),
        (plan(&werne), 2, "+ catalog.toml concern reisepass"),
        (apply(), 0, "changes made"),
        (apply(), 0, "werne: nothing to change"),
        (plan(&werne), 2, "tenant.toml host werne.localhost:8080/terminvergabe"),
        (plan(bad.path()), 1, "1 problem"),
        (export(), 0, "without the comments"),
        (plan(target.path()), 0, "werne: nothing would change"),
    ];
    for (command, code, says) in steps {
        let shown = format!("{command:?}");
        let mut out = Vec::new();
        let answer = run(command, &mut out, async || Ok(access(&test))).await.unwrap();
        let out = String::from_utf8(out).unwrap();
        assert_eq!(format!("{answer:?}"), format!("{:?}", std::process::ExitCode::from(code)), "{shown}:\n{out}");
        assert!(out.contains(says), "{shown} said:\n{out}");
    }
    let refused = run(export(), &mut Vec::new(), async || Ok(access(&test))).await.unwrap_err();
    assert!(refused.to_string().contains("is not empty"), "{refused}");
}
