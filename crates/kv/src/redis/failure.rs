//! What Redis' errors mean for the caller.
//!
//! Keeps codes and drops texts, which name users and commands. Repeats nothing: whether to try again is the
//! caller's to decide.

use ::redis::{ErrorKind, RedisError};

use crate::StoreError;

/// The error of a call. Codes: redis.io/docs/latest/develop/reference/protocol-spec and `src/server.c` of
/// Redis 7.0, read 2026-11.
pub(super) fn failure(error: &RedisError) -> StoreError {
    match (error.code(), error.kind()) {
        (Some("WRONGTYPE"), _) => StoreError::WrongKind,
        (Some("ERR"), _) => match error.detail() {
            Some(text) if text.contains("overflow") => StoreError::Overflow,
            // Somebody else's string where a counter should be.
            Some(text) if text.contains("not an integer") => StoreError::WrongKind,
            _ => StoreError::Failed("Redis refused a command".to_owned()),
        },
        (Some("OOM"), _) => StoreError::Full,
        (Some("READONLY"), _) => StoreError::ReadOnly("READONLY, this Redis is a replica"),
        (Some("MISCONF"), _) => StoreError::ReadOnly("MISCONF, Redis cannot write to its disk"),
        (Some("NOREPLICAS"), _) => StoreError::ReadOnly("NOREPLICAS, too few replicas"),
        (Some("NOAUTH" | "WRONGPASS" | "NOPERM"), _) | (_, ErrorKind::AuthenticationFailed) => {
            StoreError::Denied
        }
        (Some("BUSY"), _) => StoreError::Busy,
        (Some(code), _) => StoreError::Failed(format!("Redis answers {code}")),
        (None, _) => away(error.category()),
    }
}

/// The error of every call while there is no connection.
pub(super) fn away(why: &str) -> StoreError {
    StoreError::Failed(format!("Redis is away: {why}"))
}

/// Whether the server answers calls, though it refused this one. A server that loads its data or wants a
/// password does not.
pub(super) fn answers(error: &RedisError) -> bool {
    match error.code() {
        Some("LOADING" | "MASTERDOWN" | "NOAUTH" | "WRONGPASS") | None => false,
        Some(_) => true,
    }
}

/// Whether the connection may be lost, so that the keeper should look.
pub(super) fn is_suspicious(error: &RedisError) -> bool {
    error.is_io_error() || error.is_unrecoverable_error()
}
