//! The settings of a private cluster.

use std::path::Path;

/// What a power cut may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Nothing that was committed: the demo, and every measurement.
    Full,
    /// Everything: the tests, which start over anyway.
    None,
}

/// The whole `postgresql.conf`. Written at each start, so that a moved checkout finds its new socket.
pub(super) fn file(socket: &Path, durability: Durability) -> String {
    let socket = socket.display().to_string().replace('\'', "''");
    let (connections, locks) = match durability {
        // A dump of many towns holds a lock on every table at once.
        Durability::Full => (200, 1024),
        // As many tests at once as the machine has cores, each with a web server and workers.
        Durability::None => (800, 256),
    };
    let mut lines = vec![
        "# Written by Stadttermin at every start.".to_owned(),
        "listen_addresses = ''".to_owned(),
        format!("unix_socket_directories = '{socket}'"),
        "unix_socket_permissions = 0700".to_owned(),
        format!("max_connections = {connections}"),
        "shared_buffers = '256MB'".to_owned(),
        format!("max_locks_per_transaction = {locks}"),
        "timezone = 'UTC'".to_owned(),
        "log_min_messages = warning".to_owned(),
        "log_min_error_statement = panic".to_owned(),
    ];
    if cfg!(target_os = "linux") {
        // After a crash the default opens every file of every town.
        lines.push("recovery_init_sync_method = syncfs".to_owned());
    }
    if durability == Durability::None {
        lines.extend(["fsync", "synchronous_commit", "full_page_writes"].map(|name| format!("{name} = off")));
    }
    lines.join("\n") + "\n"
}
