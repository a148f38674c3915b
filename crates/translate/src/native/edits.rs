//! Puts few things into a client's body without writing it anew: everything else stays byte for
//! byte, numbers, order and unknown fields included.
//!
//! It finds places in a body that is known to be a JSON object; what goes there is the caller's.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// Replacements in a text, made in one pass.
#[derive(Debug)]
pub(crate) struct Edits<'a> {
    body: &'a str,
    /// Start, length and what comes instead.
    made: Vec<(usize, usize, String)>,
}

impl<'a> Edits<'a> {
    /// None, in `body`, which is a JSON object.
    pub(crate) fn of(body: &'a str) -> Self {
        Self {
            body,
            made: Vec::new(),
        }
    }

    /// Puts `json` in the place of `value`, which was borrowed from the body.
    pub(crate) fn replace(&mut self, value: &RawValue, json: &str) {
        let (body, part) = (self.body.as_bytes(), value.get().as_bytes());
        let start = part.as_ptr().addr().checked_sub(body.as_ptr().addr());
        if let Some(start) = start.filter(|start| start + part.len() <= body.len()) {
            self.made.push((start, part.len(), json.to_owned()));
        }
    }

    /// Puts `name: json` at the front of the body's object.
    pub(crate) fn insert(&mut self, name: &str, json: &str) {
        if let Some(open) = self.body.find('{') {
            self.insert_after(open, name, json);
        }
    }

    /// Puts `name: json` at the front of `object`, which was borrowed from the body.
    pub(super) fn insert_into(&mut self, object: &RawValue, name: &str, json: &str) {
        let (body, part) = (self.body.as_bytes(), object.get().as_bytes());
        let start = part.as_ptr().addr().checked_sub(body.as_ptr().addr());
        if let Some(open) = start.filter(|open| body.get(*open) == Some(&b'{')) {
            self.insert_after(open, name, json);
        }
    }

    fn insert_after(&mut self, open: usize, name: &str, json: &str) {
        let rest = self.body.get(open + 1..).unwrap_or_default();
        let comma = if rest.trim_start().starts_with('}') {
            ""
        } else {
            ","
        };
        self.made
            .push((open + 1, 0, format!("\"{name}\":{json}{comma}")));
    }

    /// The body with all edits, copied once.
    pub(crate) fn apply(mut self) -> Vec<u8> {
        self.made.sort_unstable_by_key(|(start, ..)| *start);
        let body = self.body.as_bytes();
        let more: usize = self.made.iter().map(|(.., json)| json.len()).sum();
        let mut out = Vec::with_capacity(body.len().saturating_add(more));
        let mut copied = 0;
        for (start, length, json) in &self.made {
            out.extend_from_slice(body.get(copied..*start).unwrap_or_default());
            out.extend_from_slice(json.as_bytes());
            copied = start + length;
        }
        out.extend_from_slice(body.get(copied..).unwrap_or_default());
        out
    }
}

/// For fields whose `null` counts: serde makes it `None` otherwise, and where it stands is lost.
///
/// # Errors
/// None but the deserializer's.
pub(crate) fn present<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Two<'a> {
        #[serde(borrow, deserialize_with = "present")]
        a: Option<&'a RawValue>,
        #[serde(borrow, deserialize_with = "present")]
        b: Option<&'a RawValue>,
    }

    #[test]
    fn leaves_every_other_byte_as_it_was() {
        let body = "\n{ \"b\" : null ,\"x\": 1.0e2, \"a\":[ 1,\t2 ]}  ";
        let two: Two<'_> = serde_json::from_str(body).unwrap();
        let mut edits = Edits::of(body);
        edits.replace(two.a.unwrap(), "\"é\"");
        edits.replace(two.b.unwrap(), "true");
        edits.insert("c", "0");
        assert_eq!(
            String::from_utf8(edits.apply()).unwrap(),
            "\n{\"c\":0, \"b\" : true ,\"x\": 1.0e2, \"a\":\"é\"}  "
        );
    }

    #[test]
    fn an_empty_object_gets_no_comma() {
        for body in ["{}", "{ \n }", " {}"] {
            let mut edits = Edits::of(body);
            edits.insert("a", "1");
            let json = String::from_utf8(edits.apply()).unwrap();
            assert!(json.contains(r#"{"a":1"#) && !json.contains(','), "{json}");
            assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
        }
    }

    #[test]
    fn a_value_from_elsewhere_changes_nothing() {
        let other: Box<RawValue> = serde_json::from_str("[1]").unwrap();
        let mut edits = Edits::of("{}");
        edits.replace(&other, "2");
        assert_eq!(edits.apply(), b"{}");
    }
}
