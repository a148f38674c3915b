//! Edits by several processes at once, some of them killed: no acknowledged one may be lost, and what is stored shows
//! no key.
//!
//! The processes are this test binary again, running [`an_editor`]. How edits find their way into the tree is tested
//! in `gempool-state`, with every interleaving; here the stores and the kills are real.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Sender, channel};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use futures::FutureExt as _;
use gempool_cli::backend::Backend;
use gempool_kv::{Store, StoreUrl};
use gempool_pool::{ApiKey, KeyRecord, KeySpec, UnixMillis};
use gempool_redis_fixture::Server;
use gempool_state::{
    Change, EditError, Head, Ledger, MasterKey, PAUSE, PoolConfig, PoolId, Vault, current_head,
    find_pool, load_pool_keys,
};

/// Processes that edit at once.
const EDITORS: usize = 8;
/// Edits of each.
const EDITS: usize = 50;
/// Runs of the whole in an ordinary test; all of the twenty with [`RUNS`] set.
const FEW_RUNS: usize = 2;
/// Names the number of runs.
const RUNS: &str = "GEMPOOL_EDIT_RUNS";
/// Tells a process which editor it is: `STORE URL|NUMBER|FIRST EDIT`.
const EDITOR: &str = "GEMPOOL_EDITOR";
/// In front of what an editor says it has been told was done.
const DONE: &str = "done: ";

const MASTER_KEY: [u8; 32] = *b"0123456789abcdefghijklmnopqrstuv";

/// A clock that stands: nothing here depends on how late it is.
fn now() -> UnixMillis {
    UnixMillis(1_800_000_000_000)
}

fn vault() -> Vault {
    Vault::new(&MasterKey::from_bytes(MASTER_KEY).unwrap(), None)
}

fn pool() -> PoolId {
    "shared".parse().unwrap()
}

/// The key that an editor adds with an edit.
fn key(editor: usize, edit: usize) -> String {
    format!("AIza-editor-{editor:02}-edit-{edit:03}-canary")
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

struct Desk {
    backend: Backend,
    vault: Vault,
}

impl Desk {
    fn open(url: &str) -> Self {
        let store: StoreUrl = url.parse().unwrap();
        Self {
            backend: Backend::new(store.open().unwrap()),
            vault: vault(),
        }
    }

    async fn edit(&self, change: Change) -> Result<(), EditError> {
        let ledger = Ledger {
            store: &self.backend,
            counters: &self.backend,
            rng: &self.backend,
            vault: &self.vault,
            clock: &now,
            pause: &|| tokio::time::sleep(PAUSE).boxed_local(),
        };
        ledger.edit("test", vec![change]).await.map(drop)
    }

    async fn head(&self) -> Head {
        current_head(&self.backend, &self.vault)
            .await
            .unwrap()
            .unwrap()
    }

    async fn config(&self) -> PoolConfig {
        let head = self.head().await;
        let root = find_pool(&self.backend, &self.vault, &head, &pool()).await;
        root.unwrap().unwrap().config
    }

    async fn keys(&self) -> Vec<KeyRecord> {
        let head = self.head().await;
        let root = find_pool(&self.backend, &self.vault, &head, &pool())
            .await
            .unwrap()
            .unwrap();
        let whole = load_pool_keys(&self.backend, &self.vault, &root)
            .await
            .unwrap();
        assert!(whole.damaged.is_empty(), "{:?}", whole.damaged);
        whole.records
    }
}

/// One editor: adds keys, and now and then counts up the number in the pool's description, which others do, too.
#[test]
#[ignore = "started by the other tests as a process of its own"]
fn an_editor() {
    let Ok(orders) = std::env::var(EDITOR) else {
        return;
    };
    let mut parts = orders.split('|');
    let url = parts.next().unwrap();
    let mut number = || parts.next().unwrap().parse::<usize>().unwrap();
    let (editor, first) = (number(), number());
    let desk = Desk::open(url);
    wait(async {
        for edit in first..EDITS {
            let text = key(editor, edit);
            let record = KeyRecord::from(KeySpec::from(ApiKey::new(&text).unwrap()));
            let add = Change::AddKeys {
                pool: pool(),
                keys: vec![record],
            };
            match desk.edit(add).await {
                Ok(()) => println!("{DONE}key {edit}"),
                // Logged or not, nobody was told that it is done.
                Err(error) => println!("failed: {error}"),
            }
            if edit % 5 == 0 {
                count_up(&desk).await;
            }
        }
    });
    println!("{DONE}all {EDITS}");
}

/// A read, a change and a write that must not swallow somebody else's: conflicts are tried again.
async fn count_up(desk: &Desk) {
    loop {
        let mut config = desk.config().await;
        let base = Some(config.stamp);
        let count: usize = config.description.parse().unwrap();
        config.description = (count + 1).to_string();
        let put = Change::PutPool {
            config: Box::new(config),
            base,
        };
        match desk.edit(put).await {
            Ok(()) => return println!("{DONE}count"),
            Err(EditError::Conflict { .. }) => {}
            Err(error) => return println!("failed: {error}"),
        }
    }
}

/// What an editor said.
enum Said {
    Key { editor: usize, edit: usize },
    Count,
    Ended { editor: usize },
}

fn start(url: &str, editor: usize, first: usize, said: &Sender<Said>) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "an_editor", "--ignored", "--nocapture"])
        .env(EDITOR, format!("{url}|{editor}|{first}"))
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let said = said.clone();
    std::thread::spawn(move || {
        for line in out.lines().map_while(Result::ok) {
            // The first line follows libtest's own words.
            let Some((_, done)) = line.split_once(DONE) else {
                continue;
            };
            let message = match done.split_once(' ') {
                Some(("key", edit)) => Said::Key {
                    editor,
                    edit: edit.parse().unwrap(),
                },
                Some(_) => continue,
                None => Said::Count,
            };
            let _ = said.send(message);
        }
        let _ = said.send(Said::Ended { editor });
    });
    child
}

/// Eight editors at once, every second one killed once in the middle and started again where it was.
fn run(url: &str, seed: usize) {
    let desk = Desk::open(url);
    wait(async {
        let mut config = PoolConfig::new(pool(), now());
        config.description = "0".to_owned();
        let put = Change::PutPool {
            config: Box::new(config),
            base: Some(0),
        };
        desk.edit(put).await.unwrap();
    });
    let (sender, said) = channel();
    let mut editors: BTreeMap<usize, Child> = (0..EDITORS)
        .map(|editor| (editor, start(url, editor, 0, &sender)))
        .collect();
    let mut kills: BTreeMap<usize, usize> = (0..EDITORS)
        .step_by(2)
        .map(|editor| (editor, 3 + (seed * 7 + editor * 5) % (EDITS - 10)))
        .collect();
    let mut acknowledged = BTreeSet::new();
    let mut counted = 0;
    while !editors.is_empty() {
        match said.recv().unwrap() {
            Said::Count => counted += 1,
            Said::Key { editor, edit } => {
                acknowledged.insert((editor, edit));
                if kills.get(&editor).is_some_and(|at| edit >= *at)
                    && let Some(child) = editors.get_mut(&editor)
                {
                    child.kill().unwrap();
                }
            }
            Said::Ended { editor } => {
                let mut child = editors.remove(&editor).unwrap();
                child.wait().unwrap();
                if kills.remove(&editor).is_some() {
                    let done = acknowledged.iter().filter(|(by, _)| *by == editor);
                    let first = done.map(|(_, edit)| edit + 1).max().unwrap_or(0);
                    editors.insert(editor, start(url, editor, first, &sender));
                }
            }
        }
    }
    wait(async {
        let stored: Vec<String> = desk
            .keys()
            .await
            .iter()
            .map(|record| record.key.expose().to_owned())
            .collect();
        let distinct: BTreeSet<&String> = stored.iter().collect();
        assert_eq!(distinct.len(), stored.len(), "a key is there twice");
        for (editor, edit) in &acknowledged {
            assert!(
                distinct.contains(&key(*editor, *edit)),
                "seed {seed}: edit {edit} of editor {editor} was acknowledged and is lost"
            );
        }
        // An edit whose editor was killed before it was told may be there as well, once for each kill.
        let count: usize = desk.config().await.description.parse().unwrap();
        assert!(
            (counted..=counted + EDITORS / 2).contains(&count),
            "seed {seed}: {counted} counts were acknowledged, {count} are there"
        );
        assert_eq!(
            acknowledged.len(),
            EDITORS * EDITS,
            "seed {seed}: every edit was made"
        );
    });
}

fn runs() -> usize {
    std::env::var(RUNS).map_or(FEW_RUNS, |runs| runs.parse().unwrap())
}

#[test]
fn no_acknowledged_edit_is_lost_on_sqlite_flt35_flt46() {
    for seed in 0..runs() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("edits.db");
        run(&format!("sqlite:{}", path.display()), seed);
        assert_shows_no_key("the files of SQLite", &files(folder.path()));
    }
}

#[test]
fn no_acknowledged_edit_is_lost_on_redis_flt39_flt46() {
    for seed in 0..runs() {
        let Some(server) = Server::start(&["--appendonly", "yes", "--appendfsync", "always"])
        else {
            return;
        };
        run(&server.url(), seed);
        let dump = wait(dump(
            &*server.url().parse::<StoreUrl>().unwrap().open().unwrap(),
        ));
        assert_shows_no_key("what Redis gives back", &dump);
        assert_shows_no_key("the files of Redis", &files(&server.folder()));
    }
}

/// Every file below a folder, one after the other.
fn files(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            bytes.extend(files(&path));
        } else if path.is_file() {
            bytes.extend(std::fs::read(&path).unwrap());
        }
    }
    assert!(!bytes.is_empty(), "{} is empty", folder.display());
    bytes
}

/// Every name and value of a store.
async fn dump(store: &dyn Store) -> Vec<u8> {
    let mut bytes = Vec::new();
    for name in store.names("default").await.unwrap() {
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend(
            store
                .get("default", &name)
                .await
                .unwrap()
                .unwrap_or_default(),
        );
    }
    bytes
}

/// No key as it is, in hexadecimal, in base64 at any offset, or backwards.
fn assert_shows_no_key(what: &str, bytes: &[u8]) {
    let canary = "AIza-editor-";
    let mut forms = vec![
        canary.as_bytes().to_vec(),
        canary.bytes().rev().collect(),
        canary
            .bytes()
            .flat_map(|byte| format!("{byte:02x}").into_bytes())
            .collect(),
        canary
            .bytes()
            .flat_map(|byte| format!("{byte:02X}").into_bytes())
            .collect(),
    ];
    for offset in 0..3 {
        let shifted = [&b"xxx"[..offset], canary.as_bytes()].concat();
        for text in [STANDARD.encode(&shifted), URL_SAFE_NO_PAD.encode(&shifted)] {
            // The first and the last characters depend on what is around.
            forms.push(text.as_bytes()[4..text.len() - 5].to_vec());
        }
    }
    for form in forms {
        let found = bytes.windows(form.len()).any(|window| window == form);
        assert!(
            !found,
            "{what}: a key is there as {}",
            String::from_utf8_lossy(&form)
        );
    }
}

#[test]
fn a_key_in_the_open_would_be_found() {
    for text in [
        "xAIza-editor-01".to_owned(),
        STANDARD.encode("yyAIza-editor-01"),
        "41497a612d656469746f722d".to_owned(),
    ] {
        let found = std::panic::catch_unwind(|| assert_shows_no_key("it", text.as_bytes()));
        assert!(found.is_err(), "{text}");
    }
}
