//! Writes a value as compact JSON onto the end of a buffer.
//!
//! It does not frame: SSE prefixes and separators are the callers'.

use serde::Serialize;

/// Appends `value` to `out`.
///
/// Our wire types cannot fail to serialize (no maps with non-string keys, no failing `Serialize`),
/// and a `Vec` takes every byte. Should that ever change, `null` is written instead of half a value,
/// so that what is around it stays JSON.
pub(crate) fn write_json<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) {
    let start = out.len();
    if serde_json::to_writer(&mut *out, value).is_err() {
        debug_assert!(false, "a wire type failed to serialize");
        out.truncate(start);
        out.extend_from_slice(b"null");
    }
}
