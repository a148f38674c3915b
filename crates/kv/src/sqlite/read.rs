//! The reading statements.
//!
//! Run on a reading thread; nothing here waits for a writer.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::MAX_LISTED_NAMES;

/// A queued read, which answers its asker itself.
pub(super) type Read = Box<dyn FnOnce(&Connection) + Send>;

/// The value or the digits of the counter at `name`.
pub(super) fn get(
    connection: &Connection,
    label: &str,
    name: &str,
) -> rusqlite::Result<Option<Vec<u8>>> {
    connection
        .prepare_cached("SELECT value FROM kv WHERE store = ?1 AND name = ?2")?
        .query_row(params![label, name], |row| match row.get_ref(0)? {
            ValueRef::Integer(count) => Ok(count.to_string().into_bytes()),
            other => Ok(other.as_bytes()?.to_vec()),
        })
        .optional()
}

/// Whether there is anything at `name`.
pub(super) fn exists(connection: &Connection, label: &str, name: &str) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM kv WHERE store = ?1 AND name = ?2")?
        .exists(params![label, name])
}

/// All names of a label, or `None` if there are too many. One statement reads one snapshot, so writes during
/// the listing neither disturb it nor wait for it.
pub(super) fn names(connection: &Connection, label: &str) -> rusqlite::Result<Option<Vec<String>>> {
    let limit = i64::try_from(MAX_LISTED_NAMES + 1).unwrap_or(i64::MAX);
    let names = connection
        .prepare_cached("SELECT name FROM kv WHERE store = ?1 ORDER BY name LIMIT ?2")?
        .query_map(params![label, limit], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    Ok((names.len() <= MAX_LISTED_NAMES).then_some(names))
}
