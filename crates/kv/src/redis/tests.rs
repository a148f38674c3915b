//! What only a server elsewhere can do to a store: be away, be silent, refuse.
//!
//! Times are asserted with room for a busy machine and none for a hang.

use std::time::Duration;

use ::redis::Commands as _;
use gempool_redis_fixture::Server;

use super::*;
use crate::contract::block_on;

/// Longest time of a call that has to fail at once, or to work. The time-out is 400 ms.
const AT_ONCE: Duration = Duration::from_millis(200);
/// Longest time until a server that is back is in use.
const RECOVERY: Duration = Duration::from_secs(1);
/// Longest time of a call, whatever the server does.
const LONGEST_CALL: Duration = RESPONSE_TIMEOUT.saturating_mul(2);

/// Waits for `work`, which may not take longer than `limit`.
fn within<T>(limit: Duration, work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap()
        .block_on(async { timeout(limit, work).await })
        .unwrap_or_else(|_| panic!("took longer than {limit:?}"))
}

fn open(url: &str) -> anyhow::Result<Redis> {
    Redis::open(&url.parse()?)
}

/// A connection past the store, for looking and for breaking things.
fn direct(server: &Server) -> ::redis::Connection {
    ::redis::Client::open(server.url())
        .unwrap()
        .get_connection()
        .unwrap()
}

fn set<'a>(store: &'a Redis, name: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
    store.set("default", name, b"value".to_vec())
}

fn is_away(error: &StoreError) -> bool {
    matches!(error, StoreError::Failed(text) if text.contains("away"))
}

/// Calls until one works.
async fn until_it_works(store: &Redis) {
    while let Err(error) = set(store, "again").await {
        assert!(is_away(&error), "{error}");
        tokio::task::yield_now().await;
    }
}

/// Calls that all fail, one after the other.
async fn fails(store: &Redis, times: u32) {
    for _ in 0..times {
        let error = set(store, "a").await.unwrap_err();
        assert!(is_away(&error), "{error}");
    }
}

#[test]
fn calls_fail_at_once_while_redis_is_dead_and_work_soon_after_its_return_flt28() {
    let Some(mut server) = Server::start(&[]) else {
        return;
    };
    let store = open(&server.url()).unwrap();
    block_on(set(&store, "a")).unwrap();
    server.kill();
    within(LONGEST_CALL, fails(&store, 1));
    within(AT_ONCE, fails(&store, 100));

    server.start_again();
    within(RECOVERY, until_it_works(&store));
}

#[test]
fn a_frozen_redis_delays_one_call_and_the_rest_fail_at_once_flt28() {
    let Some(server) = Server::start(&[]) else {
        return;
    };
    let store = open(&server.url()).unwrap();
    block_on(set(&store, "a")).unwrap();
    server.freeze();
    within(LONGEST_CALL, fails(&store, 1));
    // Far more than may be under way at once: nothing queues up behind a server that is silent.
    within(5 * AT_ONCE, fails(&store, 10_000));

    server.thaw();
    within(RECOVERY, until_it_works(&store));
}

#[test]
fn a_frozen_redis_takes_no_more_calls_than_may_be_under_way() {
    let Some(server) = Server::start(&[]) else {
        return;
    };
    let store = open(&server.url()).unwrap();
    server.freeze();
    let most = usize::try_from(MAX_IN_FLIGHT).unwrap();
    let names: Vec<_> = (0..2 * most).map(|index| format!("k{index}")).collect();
    let calls = names.iter().map(|name| store.set("default", name, vec![]));
    let results = within(LONGEST_CALL + AT_ONCE, future::join_all(calls));
    let busy = results.iter().filter(|it| **it == Err(StoreError::Busy));
    assert_eq!(busy.count(), most);
    server.thaw();
}

#[test]
fn a_write_that_failed_never_overwrites_a_later_one() {
    let Some(server) = Server::start(&[]) else {
        return;
    };
    let store = open(&server.url()).unwrap();
    for round in 0..3 {
        within(RECOVERY, until_it_works(&store));
        server.freeze();
        // Large, so that Redis reads it in many steps.
        let late = block_on(store.set("default", "a", vec![0; crate::MAX_VALUE_BYTES]));
        assert!(is_away(&late.unwrap_err()));
        server.thaw();
        within(RECOVERY, until_it_works(&store));
        block_on(store.set("default", "a", vec![round])).unwrap();
        for _ in 0..100 {
            assert_eq!(block_on(store.get("default", "a")), Ok(Some(vec![round])));
        }
    }
}

#[test]
fn a_redis_that_is_away_at_the_start_is_used_once_it_is_there() {
    let Some(mut server) = Server::start(&[]) else {
        return;
    };
    server.kill();
    let store = open(&server.url()).unwrap();
    within(AT_ONCE, fails(&store, 10));
    server.start_again();
    within(RECOVERY, until_it_works(&store));
}

#[test]
fn refuses_to_start_with_a_wrong_password_and_repeats_none_flt38() {
    let Some(server) = Server::start(&["--requirepass", "right"]) else {
        return;
    };
    for url in [server.url_with("hunter2"), server.url()] {
        let error = format!("{:?}", open(&url).unwrap_err());
        assert!(error.contains("credentials"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
    let store = open(&server.url_with("right")).unwrap();
    block_on(set(&store, "a")).unwrap();
    assert!(!format!("{store:?}").contains("right"), "{store:?}");
}

#[test]
fn a_replica_serves_reads_and_says_that_it_takes_no_writes_flt38() {
    let Some(server) = Server::start(&[]) else {
        return;
    };
    let store = open(&server.url()).unwrap();
    block_on(set(&store, "a")).unwrap();
    // Of a master that is not there.
    let () = ::redis::cmd("REPLICAOF")
        .arg("127.0.0.1")
        .arg(1)
        .query(&mut direct(&server))
        .unwrap();
    for result in [
        block_on(set(&store, "a")),
        block_on(store.increment("default", "n", 1)).map(drop),
    ] {
        assert!(matches!(result, Err(StoreError::ReadOnly(text)) if text.contains("READONLY")));
    }
    assert_eq!(
        block_on(store.get("default", "a")),
        Ok(Some(b"value".to_vec()))
    );
}

#[test]
fn a_redis_that_cannot_write_to_its_disk_says_so_and_serves_reads_flt38() {
    let Some(server) = Server::start(&["--stop-writes-on-bgsave-error", "yes"]) else {
        return;
    };
    let store = open(&server.url()).unwrap();
    block_on(set(&store, "a")).unwrap();
    let mut direct = direct(&server);
    let () = ::redis::cmd("CONFIG")
        .arg(&["SET", "save", "3600 1"])
        .query(&mut direct)
        .unwrap();
    std::fs::remove_dir_all(server.folder()).unwrap();
    let () = ::redis::cmd("BGSAVE").query(&mut direct).unwrap();
    loop {
        let info: String = ::redis::cmd("INFO").query(&mut direct).unwrap();
        if info.contains("rdb_last_bgsave_status:err") {
            break;
        }
        std::thread::yield_now();
    }
    for _ in 0..100 {
        let error = block_on(set(&store, "a")).unwrap_err();
        assert!(
            matches!(error, StoreError::ReadOnly(text) if text.contains("MISCONF")),
            "{error}"
        );
        // The connection is not to blame and stays.
        assert!(block_on(store.exists("default", "a")).unwrap());
    }
}

#[test]
fn a_full_redis_says_so_and_serves_reads_flt38() {
    let Some(server) = Server::start(&["--maxmemory", "4mb"]) else {
        return;
    };
    let store = open(&server.url()).unwrap();
    block_on(set(&store, "a")).unwrap();
    let fill = |index: i32| {
        let value = vec![1; crate::MAX_VALUE_BYTES];
        block_on(store.set("default", &format!("fill{index}"), value))
    };
    let full = (0..10).map(fill).find(Result::is_err);
    assert_eq!(full, Some(Err(StoreError::Full)));
    assert!(block_on(store.exists("default", "a")).unwrap());
}

#[test]
fn acknowledged_writes_survive_a_kill_with_an_append_only_file_flt36() {
    let Some(mut server) = Server::start(&["--appendonly", "yes", "--appendfsync", "always"])
    else {
        return;
    };
    let store = open(&server.url()).unwrap();
    let acknowledged = std::thread::scope(|scope| {
        let (tell, told) = std::sync::mpsc::channel();
        let store = &store;
        let writer = scope.spawn(move || {
            let mut acknowledged = 0;
            loop {
                let name = format!("k{acknowledged}");
                let both = block_on(set(store, &name)).is_ok()
                    && block_on(store.increment("default", "count", 1)).is_ok();
                if !both {
                    return acknowledged;
                }
                acknowledged += 1;
                tell.send(acknowledged).unwrap();
            }
        });
        while told.recv().unwrap() < 300 {}
        server.kill();
        writer.join().unwrap()
    });
    server.start_again();
    within(RECOVERY, until_it_works(&store));
    for index in 0..acknowledged {
        let name = format!("k{index}");
        assert_eq!(block_on(store.exists("default", &name)), Ok(true), "{name}");
    }
    let count = block_on(store.increment("default", "count", 0)).unwrap();
    assert!(
        (acknowledged..=acknowledged + 1).contains(&count),
        "{count}"
    );
}

#[test]
fn names_of_others_on_the_same_server_are_left_alone_flt40() {
    let Some(server) = Server::start(&[]) else {
        return;
    };
    let store = open(&server.url()).unwrap();
    let mut direct = direct(&server);
    let () = direct.set("a", "theirs").unwrap();
    let () = direct.set("gempool:other:a", "theirs").unwrap();
    let () = direct.set("gempool:default:text", "theirs").unwrap();
    block_on(set(&store, "a")).unwrap();
    let names = block_on(store.names("default"));
    assert_eq!(names, Ok(vec!["a".to_owned(), "text".to_owned()]));
    let increment = block_on(store.increment("default", "text", 1));
    assert_eq!(increment, Err(StoreError::WrongKind));
    let theirs: String = direct.get("a").unwrap();
    assert_eq!(theirs, "theirs");
}

#[test]
fn a_label_that_could_reach_into_another_is_refused() {
    let Some(server) = Server::start(&[]) else {
        return;
    };
    let store = open(&server.url()).unwrap();
    for label in ["a:b", "*", "a b"] {
        assert_eq!(
            block_on(store.set(label, "c", vec![])),
            Err(StoreError::Name),
            "{label}"
        );
        assert_eq!(block_on(store.names(label)), Err(StoreError::Name));
    }
}

#[test]
fn two_stores_on_one_server_add_to_the_same_counter_flt39() {
    let Some(server) = Server::start(&[]) else {
        return;
    };
    let stores = [(); 2].map(|()| open(&server.url()).unwrap());
    std::thread::scope(|scope| {
        for store in &stores {
            scope.spawn(move || {
                for _ in 0..500 {
                    block_on(store.increment("default", "count", 1)).unwrap();
                }
            });
        }
    });
    for store in &stores {
        assert_eq!(block_on(store.increment("default", "count", 0)), Ok(1000));
    }
}
