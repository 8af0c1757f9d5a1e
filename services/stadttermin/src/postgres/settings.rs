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
    let mut lines = vec![
        "# Written by Stadttermin at every start.".to_owned(),
        "listen_addresses = ''".to_owned(),
        format!("unix_socket_directories = '{socket}'"),
        "unix_socket_permissions = 0700".to_owned(),
        "max_connections = 200".to_owned(),
        "shared_buffers = '256MB'".to_owned(),
        // A dump of many towns holds a lock on every table at once.
        "max_locks_per_transaction = 1024".to_owned(),
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
