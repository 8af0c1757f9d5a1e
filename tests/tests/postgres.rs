//! The private database cluster of the demo: starts from nothing, keeps its data, touches no other.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use sqlx::Connection;
use sqlx::postgres::PgConnection;
use stadttermin::postgres::{ADMIN_ROLE, APP_ROLE, Cluster, Durability};

async fn ask(cluster: &Cluster, question: &'static str) -> String {
    let mut connection = PgConnection::connect(&cluster.address(ADMIN_ROLE, "probe")).await.unwrap();
    sqlx::query_scalar(question).fetch_one(&mut connection).await.unwrap()
}

/// A folder that the server's user can reach: under `/tmp`, open to all.
fn reachable() -> tempfile::TempDir {
    let folder = tempfile::Builder::new().prefix("stadttermin-").tempdir_in("/tmp").unwrap();
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
    folder
}

#[tokio::test]
async fn it_starts_from_nothing_and_keeps_its_data() {
    let folder = reachable();
    let home = folder.path().join("postgres");
    let cluster = Cluster::start(&home, Durability::Full).await.unwrap();
    assert!(!cluster.was_running());
    cluster.ensure_database("probe").await.unwrap();
    assert_eq!(ask(&cluster, "SELECT lower('ÄÖÜ')").await, "äöü");
    assert_eq!(ask(&cluster, "SHOW listen_addresses").await, "", "nobody reaches it through the network");
    assert_eq!(ask(&cluster, "SHOW fsync").await, "on");
    let login =
        "SELECT rolcanlogin || ' ' || rolinherit || ' ' || rolsuper FROM pg_roles WHERE rolname = 'stadttermin_app'";
    assert_eq!(ask(&cluster, login).await, "true false false");
    let mut owner = PgConnection::connect(&cluster.address(ADMIN_ROLE, "probe")).await.unwrap();
    sqlx::query("CREATE TABLE kept AS SELECT 'yes'::text AS answer").execute(&mut owner).await.unwrap();

    // Whoever starts it again, with other settings, finds it running.
    let again = Cluster::start(&home, Durability::None).await.unwrap();
    assert!(again.was_running());
    again.ensure_database("probe").await.unwrap();
    assert_eq!(ask(&again, "SELECT answer FROM kept").await, "yes");

    cluster.stop().await.unwrap();
    cluster.stop().await.unwrap();
    assert!(PgConnection::connect(&cluster.address(APP_ROLE, "probe")).await.is_err());
    let cluster = Cluster::start(&home, Durability::Full).await.unwrap();
    assert_eq!(ask(&cluster, "SELECT answer FROM kept").await, "yes");
    Cluster::remove(&home).await.unwrap();
    assert!(!home.join("data").exists());
}

#[tokio::test]
async fn where_the_server_cannot_live_it_lives_under_var_tmp() {
    let folder = reachable();
    let deep =
        folder.path().join("a-very-long-name-for-a-folder-in-which-somebody-keeps-projects/and-another-one/postgres");
    let cluster = Cluster::start(&deep, Durability::None).await.unwrap();
    assert!(cluster.socket_directory().starts_with("/var/tmp"), "{:?}", cluster.socket_directory());
    Cluster::remove(&deep).await.unwrap();
    assert!(!cluster.socket_directory().exists());

    let closed = folder.path().join("closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::set_permissions(&closed, PermissionsExt::from_mode(0o700)).unwrap();
    let home = closed.join("postgres");
    let cluster = Cluster::start(&home, Durability::None).await.unwrap();
    let is_root = std::process::Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    let expected = if is_root { Path::new("/var/tmp") } else { closed.as_path() };
    assert!(cluster.socket_directory().starts_with(expected), "{:?}", cluster.socket_directory());
    Cluster::remove(&home).await.unwrap();
}
