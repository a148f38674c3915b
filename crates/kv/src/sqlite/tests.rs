//! What only a file can promise: it survives, and it is private.

use std::path::Path;
use std::process::Command;

use super::*;

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

fn integrity(path: &Path) -> String {
    connect(path)
        .unwrap()
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap()
}

#[test]
fn acknowledged_writes_survive_a_reopen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = Sqlite::open(&path).unwrap();
    block_on(store.set("default", "a", b"kept".to_vec())).unwrap();
    drop(store);
    let store = Sqlite::open(&path).unwrap();
    assert_eq!(
        block_on(store.get("default", "a")),
        Ok(Some(b"kept".to_vec()))
    );
}

/// Plays the process that dies: runs only when `acknowledged_writes_survive_a_kill` starts it.
#[test]
fn writes_until_killed_when_asked_to() {
    let Ok(path) = std::env::var("GEMPOOL_TEST_WRITE_TO") else {
        return;
    };
    let store = Sqlite::open(Path::new(&path)).unwrap();
    for index in 0..1000 {
        block_on(store.set("default", &format!("k{index}"), vec![1; 100])).unwrap();
        block_on(store.increment("default", "count", 1)).unwrap();
        println!("acknowledged {}", index + 1);
    }
    // SIGKILL for oneself: no destructor, no flush, no goodbye.
    std::process::abort();
}

#[test]
fn acknowledged_writes_survive_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("killed.db");
    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "sqlite::tests::writes_until_killed_when_asked_to",
            "--nocapture",
        ])
        .env("GEMPOOL_TEST_WRITE_TO", &path)
        .output()
        .unwrap();
    assert!(!output.status.success(), "the writer was to die");
    let acknowledged = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter(|line| line.contains("acknowledged"))
        .count();
    assert_eq!(acknowledged, 1000);

    assert_eq!(integrity(&path), "ok");
    let store = Sqlite::open(&path).unwrap();
    assert_eq!(block_on(store.names("default")).unwrap().len(), 1001);
    assert_eq!(
        block_on(store.get("default", "count")),
        Ok(Some(b"1000".to_vec()))
    );
}

#[test]
fn a_burst_shares_commits_and_every_write_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("burst.db");
    let store = Sqlite::open(&path).unwrap();
    let names: Vec<_> = (0..500).map(|index| format!("k{index}")).collect();
    let writes = names.iter().map(|name| store.set("default", name, vec![1]));
    let results = block_on(futures::future::join_all(writes));
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    assert_eq!(block_on(store.names("default")).unwrap().len(), 500);
}

#[test]
fn refuses_a_file_of_a_newer_version() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("newer.db");
    connect(&path)
        .unwrap()
        .pragma_update(None, "user_version", SCHEMA_VERSION + 1)
        .unwrap();
    let error = Sqlite::open(&path).unwrap_err();
    assert!(format!("{error:#}").contains("newer"), "{error:#}");
}

#[test]
fn refuses_a_file_that_is_no_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("text.db");
    std::fs::write(&path, "this is not a database, it is a text of some length").unwrap();
    assert!(Sqlite::open(&path).is_err());
}

#[cfg(unix)]
#[test]
fn file_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("private.db");
    let store = Sqlite::open(&path).unwrap();
    block_on(store.set("default", "a", vec![1])).unwrap();
    for suffix in ["", "-wal"] {
        let mode = std::fs::metadata(format!("{}{suffix}", path.display()))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{suffix}");
    }
}
