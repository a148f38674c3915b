//! The writing thread: group commit.
//!
//! Answers only after the commit, so that an acknowledged write is on disk.

use std::sync::mpsc::Receiver;

use rusqlite::types::ValueRef;
use rusqlite::{
    Connection, ErrorCode, OptionalExtension as _, Transaction, TransactionBehavior, params,
};
use tokio::sync::oneshot;

use super::failure;
use crate::StoreError;

/// Writes in one transaction: 256 of 64 KiB are 16 MiB of journal, and a commit (0.7 ms) is shared well.
const MAX_BATCH: usize = 256;

/// A queued write.
#[derive(Debug)]
pub(super) struct Write {
    pub(super) label: String,
    pub(super) name: String,
    pub(super) change: Change,
    pub(super) answer: oneshot::Sender<Result<i64, StoreError>>,
}

/// What to do.
#[derive(Debug)]
pub(super) enum Change {
    Set(Vec<u8>),
    Delete,
    Increment(i64),
}

/// Writes until the queue is closed and empty.
pub(super) fn run(mut connection: Connection, queue: &Receiver<Write>) {
    while let Ok(first) = queue.recv() {
        let mut batch = vec![first];
        batch.extend(queue.try_iter().take(MAX_BATCH - 1));
        commit(&mut connection, batch);
    }
}

fn commit(connection: &mut Connection, batch: Vec<Write>) {
    let outcome = apply(connection, &batch);
    for (index, write) in batch.into_iter().enumerate() {
        let result = match &outcome {
            Ok(results) => results.get(index).cloned().unwrap_or(Err(StoreError::Busy)),
            Err(error) => Err(failure(error)),
        };
        // The asker may be gone; its write counts all the same.
        let _ = write.answer.send(result);
    }
}

/// One transaction for all of `batch`. A refused write fails alone: SQLite undoes just its statement.
fn apply(
    connection: &mut Connection,
    batch: &[Write],
) -> rusqlite::Result<Vec<Result<i64, StoreError>>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let results = batch
        .iter()
        .map(|write| change(&transaction, write))
        .collect();
    transaction.commit()?;
    Ok(results)
}

fn change(transaction: &Transaction<'_>, write: &Write) -> Result<i64, StoreError> {
    let Write { label, name, .. } = write;
    match &write.change {
        Change::Set(value) => set(transaction, label, name, value),
        Change::Delete => transaction
            .prepare_cached("DELETE FROM kv WHERE store = ?1 AND name = ?2")
            .and_then(|mut statement| statement.execute(params![label, name]))
            .map(|_| 0)
            .map_err(|error| failure(&error)),
        Change::Increment(delta) => increment(transaction, label, name, *delta),
    }
}

fn set(
    transaction: &Transaction<'_>,
    label: &str,
    name: &str,
    value: &[u8],
) -> Result<i64, StoreError> {
    let changed = transaction
        .prepare_cached(
            "INSERT INTO kv (store, name, value) VALUES (?1, ?2, ?3)
             ON CONFLICT (store, name) DO UPDATE SET value = excluded.value WHERE typeof(value) = 'blob'",
        )
        .and_then(|mut statement| statement.execute(params![label, name, value]))
        .map_err(|error| failure(&error))?;
    if changed == 0 {
        Err(StoreError::WrongKind)
    } else {
        Ok(0)
    }
}

fn increment(
    transaction: &Transaction<'_>,
    label: &str,
    name: &str,
    delta: i64,
) -> Result<i64, StoreError> {
    let sum = transaction
        .prepare_cached(
            "INSERT INTO kv (store, name, value) VALUES (?1, ?2, ?3)
             ON CONFLICT (store, name) DO UPDATE SET value = value + excluded.value
             WHERE typeof(value) = 'integer' RETURNING value",
        )
        .and_then(|mut statement| {
            statement
                .query_row(params![label, name, delta], |row| match row.get_ref(0)? {
                    ValueRef::Integer(sum) => Ok(sum),
                    other => Ok(other.as_i64()?),
                })
                .optional()
        })
        .map_err(|error| match error.sqlite_error_code() {
            // A sum beyond 64 bits becomes a floating-point number, which the CHECK refuses.
            Some(ErrorCode::ConstraintViolation) => StoreError::Overflow,
            _ => failure(&error),
        })?;
    sum.ok_or(StoreError::WrongKind)
}
