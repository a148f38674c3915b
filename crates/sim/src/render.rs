//! Writes JSON the way Google does: unary answers indented by two with a line feed at the end,
//! events on one line with a space after colons only.

use std::io::{self, Write};

use bytes::Bytes;
use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

/// The body of a unary answer.
pub(crate) fn document(value: &impl Serialize) -> Bytes {
    let mut text = write_with(value, PrettyFormatter::new());
    text.push(b'\n');
    Bytes::from(text)
}

/// `data: {…}`, CRLF twice.
pub(crate) fn event(value: &impl Serialize) -> Bytes {
    let json = write_with(value, EventFormatter);
    let mut text = Vec::with_capacity(json.len() + b"data: \r\n\r\n".len());
    text.extend_from_slice(b"data: ");
    text.extend_from_slice(&json);
    text.extend_from_slice(b"\r\n\r\n");
    Bytes::from(text)
}

/// One element of the array that a stream without `alt=sse` is, with what separates it from the
/// one before.
pub(crate) fn element(value: &impl Serialize, is_first: bool) -> Bytes {
    let mut text = if is_first {
        b"[".to_vec()
    } else {
        b",\r\n".to_vec()
    };
    text.extend(write_with(value, PrettyFormatter::new()));
    text.push(b'\n');
    Bytes::from(text)
}

/// The end of that array.
pub(crate) const ARRAY_END: &[u8] = b"]\n";

fn write_with(value: &impl Serialize, formatter: impl Formatter) -> Vec<u8> {
    let mut text = Vec::with_capacity(512);
    let mut serializer = Serializer::with_formatter(&mut text, formatter);
    // Writing to memory cannot fail, and no type here has a map with keys that are not strings; a
    // body cut short would be noticed by every test.
    let _ = value.serialize(&mut serializer);
    text
}

/// `{"a": 1,"b": 2}`
struct EventFormatter;

impl Formatter for EventFormatter {
    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn writes_the_spacing_of_the_real_api() {
        let value = json!({"a": [1, {"b": "c"}]});
        assert_eq!(event(&value), "data: {\"a\": [1,{\"b\": \"c\"}]}\r\n\r\n");
        assert_eq!(document(&json!({"a": 1})), "{\n  \"a\": 1\n}\n");
        assert_eq!(element(&json!({}), true), "[{}\n");
        assert_eq!(element(&json!({}), false), ",\r\n{}\n");
    }
}
