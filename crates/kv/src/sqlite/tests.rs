//! What only a file can promise: it survives, and it is private.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::*;
use crate::contract::block_on;

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

/// Where the process that plays another one writes.
const WRITE_TO: &str = "GEMPOOL_TEST_WRITE_TO";
/// How many rounds it writes.
const ROUNDS: &str = "GEMPOOL_TEST_ROUNDS";

/// Plays another process: runs only when [`another_process`] starts it.
#[test]
fn writes_when_asked_to() {
    let (Ok(path), Ok(rounds)) = (std::env::var(WRITE_TO), std::env::var(ROUNDS)) else {
        return;
    };
    let store = Sqlite::open(Path::new(&path)).unwrap();
    for index in 0..rounds.parse::<u32>().unwrap() {
        block_on(store.set("default", &format!("k{index}"), vec![1; 100])).unwrap();
        block_on(store.increment("default", "count", 1)).unwrap();
        println!("acknowledged {}", index + 1);
    }
}

/// A process that writes to `path`, and the lines in which it acknowledges.
fn another_process(path: &Path, rounds: u32) -> (Child, impl Iterator<Item = String>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "sqlite::tests::writes_when_asked_to",
            "--nocapture",
        ])
        .env(WRITE_TO, path)
        .env(ROUNDS, rounds.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let acknowledged = lines
        .map_while(Result::ok)
        .filter(|line| line.contains("acknowledged"));
    (child, acknowledged)
}

fn count(store: &Sqlite) -> i64 {
    block_on(store.increment("default", "count", 0)).unwrap()
}

#[test]
fn acknowledged_writes_and_increments_survive_kill_9_flt35() {
    for kill_after in [1, 50, 300] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("killed.db");
        let (mut child, mut lines) = another_process(&path, u32::MAX);
        let seen = lines.by_ref().take(kill_after).count();
        child.kill().unwrap();
        assert!(!child.wait().unwrap().success(), "the writer was to die");
        let acknowledged = i64::try_from(seen + lines.count()).unwrap();

        assert_eq!(integrity(&path), "ok");
        let store = Sqlite::open(&path).unwrap();
        // What it was writing when it died may be there or not.
        let count = count(&store);
        assert!(
            (acknowledged..=acknowledged + 1).contains(&count),
            "{count} of {acknowledged}"
        );
        for index in 0..acknowledged {
            let name = format!("k{index}");
            assert_eq!(block_on(store.exists("default", &name)), Ok(true), "{name}");
        }
    }
}

#[test]
fn two_processes_on_one_file_take_turns_and_lose_nothing_flt34() {
    const EACH: u32 = 500;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shared.db");
    // All three open a file that is not there yet.
    let others = [another_process(&path, EACH), another_process(&path, EACH)];
    let store = Sqlite::open(&path).unwrap();
    for index in 0..EACH {
        block_on(store.set("default", &format!("k{index}"), vec![2])).unwrap();
        block_on(store.increment("default", "count", 1)).unwrap();
    }
    for (mut child, lines) in others {
        assert_eq!(lines.count(), usize::try_from(EACH).unwrap());
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(count(&store), i64::from(3 * EACH));
    assert_eq!(integrity(&path), "ok");
}

#[test]
fn a_write_that_waits_for_another_process_delays_no_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("held.db");
    let store = Sqlite::open(&path).unwrap();
    block_on(store.set("default", "a", vec![1])).unwrap();
    let mut holder = connect(&path).unwrap();
    let held = holder
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .unwrap();
    let write = store.set("default", "a", vec![2]);
    assert_eq!(block_on(store.get("default", "a")), Ok(Some(vec![1])));
    held.commit().unwrap();
    block_on(write).unwrap();
    assert_eq!(block_on(store.get("default", "a")), Ok(Some(vec![2])));
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
