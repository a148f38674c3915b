//! A store in memory, for `--demo`, tests and machines without a disk.
//!
//! Keeps nothing across a restart.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;
use std::fmt;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures::FutureExt as _;
use futures::future::{self, BoxFuture};

use crate::{MAX_LISTED_NAMES, Store, StoreError, check};

/// Bytes of names and values together. A quarter GiB holds a million keys with their states.
const MAX_TOTAL_BYTES: usize = 256 * 1024 * 1024;

/// The store.
#[derive(Default)]
pub struct Memory(Mutex<Content>);

#[derive(Default)]
struct Content {
    entries: BTreeMap<(String, String), Entry>,
    bytes: usize,
}

enum Entry {
    Value(Vec<u8>),
    Counter(i64),
}

impl fmt::Debug for Memory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("memory:")
    }
}

impl Memory {
    /// No operation leaves the content half changed, so a panic elsewhere does not make it unusable.
    fn content(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_now(&self, label: &str, name: &str, value: Vec<u8>) -> Result<(), StoreError> {
        check(name, &value)?;
        let mut content = self.content();
        let key = (label.to_owned(), name.to_owned());
        let old = match content.entries.get(&key) {
            None => 0,
            Some(Entry::Value(old)) => name.len() + old.len(),
            Some(Entry::Counter(_)) => return Err(StoreError::WrongKind),
        };
        let bytes = content.bytes - old + name.len() + value.len();
        if bytes > MAX_TOTAL_BYTES {
            return Err(StoreError::Full);
        }
        content.bytes = bytes;
        content.entries.insert(key, Entry::Value(value));
        Ok(())
    }

    fn delete_now(&self, label: &str, name: &str) {
        let mut content = self.content();
        match content.entries.remove(&(label.to_owned(), name.to_owned())) {
            Some(Entry::Value(old)) => content.bytes -= name.len() + old.len(),
            Some(Entry::Counter(_)) => content.bytes -= name.len(),
            None => {}
        }
    }

    fn increment_now(&self, label: &str, name: &str, delta: i64) -> Result<i64, StoreError> {
        check(name, &[])?;
        let mut content = self.content();
        let room = MAX_TOTAL_BYTES - content.bytes;
        match content.entries.entry((label.to_owned(), name.to_owned())) {
            Slot::Occupied(mut slot) => match slot.get_mut() {
                Entry::Value(_) => Err(StoreError::WrongKind),
                Entry::Counter(count) => {
                    *count = count.checked_add(delta).ok_or(StoreError::Overflow)?;
                    Ok(*count)
                }
            },
            Slot::Vacant(_) if room < name.len() => Err(StoreError::Full),
            Slot::Vacant(slot) => {
                slot.insert(Entry::Counter(delta));
                content.bytes += name.len();
                Ok(delta)
            }
        }
    }

    fn names_now(&self, label: &str) -> Result<Vec<String>, StoreError> {
        let content = self.content();
        let from = (label.to_owned(), String::new());
        let names: Vec<_> = content
            .entries
            .range((Bound::Included(from), Bound::Unbounded))
            .take_while(|((of, _), _)| of == label)
            .take(MAX_LISTED_NAMES + 1)
            .map(|((_, name), _)| name.clone())
            .collect();
        if names.len() > MAX_LISTED_NAMES {
            Err(StoreError::TooManyNames)
        } else {
            Ok(names)
        }
    }
}

impl Store for Memory {
    fn get<'a>(
        &'a self,
        label: &'a str,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, StoreError>> {
        let content = self.content();
        let entry = content.entries.get(&(label.to_owned(), name.to_owned()));
        let value = entry.map(|entry| match entry {
            Entry::Value(value) => value.clone(),
            Entry::Counter(count) => count.to_string().into_bytes(),
        });
        future::ready(Ok(value)).boxed()
    }

    fn set<'a>(
        &'a self,
        label: &'a str,
        name: &'a str,
        value: Vec<u8>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        future::ready(self.set_now(label, name, value)).boxed()
    }

    fn delete<'a>(
        &'a self,
        label: &'a str,
        name: &'a str,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        self.delete_now(label, name);
        future::ready(Ok(())).boxed()
    }

    fn names<'a>(&'a self, label: &'a str) -> BoxFuture<'a, Result<Vec<String>, StoreError>> {
        future::ready(self.names_now(label)).boxed()
    }

    fn increment<'a>(
        &'a self,
        label: &'a str,
        name: &'a str,
        delta: i64,
    ) -> BoxFuture<'a, Result<i64, StoreError>> {
        future::ready(self.increment_now(label, name, delta)).boxed()
    }

    fn exists<'a>(
        &'a self,
        label: &'a str,
        name: &'a str,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        let found = self
            .content()
            .entries
            .contains_key(&(label.to_owned(), name.to_owned()));
        future::ready(Ok(found)).boxed()
    }
}
