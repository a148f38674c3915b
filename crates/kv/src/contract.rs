//! What every backend must do, run against each of them.
//!
//! Backend-specific promises, such as surviving a crash, are tested beside the backend.

use std::collections::BTreeSet;
use std::sync::Arc;

use gempool_redis_fixture::Server;

use crate::memory::Memory;
use crate::redis::Redis;
use crate::sqlite::Sqlite;
use crate::{MAX_NAME_BYTES, MAX_VALUE_BYTES, Store, StoreError};

/// Runs `future` on a runtime of its own, which has neither timers nor sockets: no store may need its caller's.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

/// Runs `claim` against every backend, each fresh. Redis is among them where it is installed.
fn for_each_backend<F: Future<Output = ()>>(claim: impl Fn(Arc<dyn Store>) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = Sqlite::open(&folder.path().join("contract.db")).unwrap();
    let mut backends: Vec<Arc<dyn Store>> = vec![Arc::new(Memory::default()), Arc::new(sqlite)];
    let server = Server::start(&[]);
    if let Some(server) = &server {
        backends.push(Arc::new(
            Redis::open(&server.url().parse().unwrap()).unwrap(),
        ));
    }
    for store in backends {
        block_on(claim(store));
    }
}

#[test]
fn missing_name_reads_as_none_and_deletes_without_error() {
    for_each_backend(|store| async move {
        assert_eq!(store.get("default", "nothing").await, Ok(None));
        assert_eq!(store.exists("default", "nothing").await, Ok(false));
        assert_eq!(store.delete("default", "nothing").await, Ok(()));
        assert_eq!(store.names("default").await, Ok(vec![]));
    });
}

#[test]
fn set_overwrites_and_delete_removes() {
    for_each_backend(|store| async move {
        store.set("default", "a", b"one".to_vec()).await.unwrap();
        store.set("default", "a", b"two".to_vec()).await.unwrap();
        assert_eq!(store.get("default", "a").await, Ok(Some(b"two".to_vec())));
        assert_eq!(store.exists("default", "a").await, Ok(true));
        store.delete("default", "a").await.unwrap();
        assert_eq!(store.get("default", "a").await, Ok(None));
    });
}

#[test]
fn labels_share_nothing() {
    for_each_backend(|store| async move {
        store.set("one", "a", b"1".to_vec()).await.unwrap();
        store.set("two", "a", b"2".to_vec()).await.unwrap();
        store.increment("two", "count", 1).await.unwrap();
        store.delete("two", "a").await.unwrap();
        assert_eq!(store.get("one", "a").await, Ok(Some(b"1".to_vec())));
        assert_eq!(store.names("one").await, Ok(vec!["a".to_owned()]));
        assert_eq!(store.names("two").await, Ok(vec!["count".to_owned()]));
    });
}

#[test]
fn values_are_bytes_and_may_be_empty() {
    for_each_backend(|store| async move {
        let every_byte: Vec<u8> = (0..=255).collect();
        for value in [vec![], vec![0], every_byte] {
            store.set("default", "bytes", value.clone()).await.unwrap();
            assert_eq!(store.get("default", "bytes").await, Ok(Some(value)));
        }
    });
}

#[test]
fn limits_are_inclusive_and_one_more_is_refused() {
    for_each_backend(|store| async move {
        let (largest, longest) = (vec![7; MAX_VALUE_BYTES], "n".repeat(MAX_NAME_BYTES));
        assert_eq!(
            store.set("default", &longest, largest.clone()).await,
            Ok(())
        );
        assert_eq!(store.get("default", &longest).await, Ok(Some(largest)));
        let too_large = store
            .set("default", "a", vec![7; MAX_VALUE_BYTES + 1])
            .await;
        assert_eq!(too_large, Err(StoreError::ValueTooLarge));
        for name in [String::new(), format!("{longest}n")] {
            assert_eq!(
                store.set("default", &name, vec![]).await,
                Err(StoreError::Name)
            );
            assert_eq!(
                store.increment("default", &name, 1).await,
                Err(StoreError::Name)
            );
        }
    });
}

#[test]
fn listing_is_sorted_and_survives_writes_to_the_same_label() {
    for_each_backend(|store| async move {
        for index in 0..100 {
            store
                .set("default", &format!("k{index:03}"), vec![])
                .await
                .unwrap();
        }
        let (names, ()) = tokio::join!(store.names("default"), async {
            for index in 100..200 {
                store
                    .set("default", &format!("k{index:03}"), vec![])
                    .await
                    .unwrap();
                store.get("default", "k000").await.unwrap();
            }
        });
        let names = names.unwrap();
        assert!(names.is_sorted());
        assert!(names.len() >= 100, "{}", names.len());
        assert_eq!(store.names("default").await.unwrap().len(), 200);
    });
}

#[test]
fn increments_from_eight_threads_lose_nothing_and_return_every_sum_once() {
    for_each_backend(|store| async move {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let store = Arc::clone(&store);
                std::thread::spawn(move || {
                    block_on(async {
                        let mut sums = Vec::new();
                        for _ in 0..100 {
                            sums.push(store.increment("default", "count", 1).await.unwrap());
                        }
                        sums
                    })
                })
            })
            .collect();
        let sums: BTreeSet<i64> = threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect();
        assert_eq!(sums, (1..=800).collect());
        assert_eq!(
            store.get("default", "count").await,
            Ok(Some(b"800".to_vec()))
        );
    });
}

#[test]
fn counters_and_values_do_not_mix() {
    for_each_backend(|store| async move {
        store
            .set("default", "value", b"12345678".to_vec())
            .await
            .unwrap();
        assert_eq!(
            store.increment("default", "value", 1).await,
            Err(StoreError::WrongKind)
        );
        store.increment("default", "count", -3).await.unwrap();
        assert_eq!(
            store.set("default", "count", vec![]).await,
            Err(StoreError::WrongKind)
        );
        assert_eq!(
            store.get("default", "count").await,
            Ok(Some(b"-3".to_vec()))
        );
        store.delete("default", "count").await.unwrap();
        assert_eq!(store.set("default", "count", vec![]).await, Ok(()));
    });
}

#[test]
fn counter_overflow_is_an_error_and_changes_nothing() {
    for_each_backend(|store| async move {
        store.increment("default", "count", i64::MAX).await.unwrap();
        assert_eq!(
            store.increment("default", "count", 1).await,
            Err(StoreError::Overflow)
        );
        assert_eq!(
            store.increment("default", "count", -1).await,
            Ok(i64::MAX - 1)
        );
    });
}
