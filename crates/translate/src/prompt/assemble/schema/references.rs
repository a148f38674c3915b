//! References within one schema: what they lead to, and when they have led far enough.
//!
//! Other documents are not fetched.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::value::RawValue;

use super::fields::{find, read_fields};
use crate::json::MAX_DEPTH;

/// Most text that references may bring into one schema, in bytes, so that `$ref`s to `$ref`s cannot
/// multiply (SEC-066). Schemas of real tools are below 50 kB with everything written out.
const MAX_INLINED_BYTES: usize = 64 * 1024;

/// Most places that references of one schema may lead to, since each is read as a whole. Real ones
/// lead to `$defs` or `definitions`.
const MAX_PLACES: usize = 8;

/// The references of a schema while it is rewritten.
pub(super) struct References<'a> {
    root: &'a RawValue,
    /// Where references led to so far: the pointer, and what is there by name.
    places: Vec<(String, BTreeMap<Cow<'a, str>, &'a RawValue>)>,
    /// Those that are being followed: one that comes again is recursion.
    followed: Vec<Cow<'a, str>>,
    inlined_bytes: usize,
}

impl<'a> References<'a> {
    pub(super) fn new(root: &'a RawValue) -> Self {
        Self {
            root,
            places: Vec::new(),
            followed: Vec::new(),
            inlined_bytes: 0,
        }
    }

    /// What `reference` leads to; [`leave`](Self::leave) ends it. `None`: nowhere, back to itself,
    /// or too far.
    pub(super) fn follow(&mut self, reference: Cow<'a, str>) -> Option<&'a RawValue> {
        if self.followed.contains(&reference) {
            return None;
        }
        let target = self.resolve(&reference)?;
        // Also what is refused counts on, and a list may refer to the whole schema thousands of times.
        self.inlined_bytes = self.inlined_bytes.saturating_add(target.get().len());
        if self.inlined_bytes > MAX_INLINED_BYTES {
            return None;
        }
        self.followed.push(reference);
        Some(target)
    }

    /// The last reference that was followed is done with.
    pub(super) fn leave(&mut self) {
        self.followed.pop();
    }

    /// `#/$defs/Place`, from the root.
    fn resolve(&mut self, reference: &str) -> Option<&'a RawValue> {
        let Some((place, name)) = reference.rsplit_once('/') else {
            return (reference == "#").then_some(self.root);
        };
        let known = self.places.iter().position(|(other, _)| other == place);
        let index = match known {
            Some(index) => index,
            None if self.places.len() == MAX_PLACES => return None,
            None => {
                let fields = walk(self.root, place).and_then(read_fields);
                let fields = fields.into_iter().flatten().collect();
                self.places.push((place.to_owned(), fields));
                self.places.len() - 1
            }
        };
        let (_, fields) = self.places.get(index)?;
        fields.get(&*unescape(name)).copied()
    }
}

/// What a pointer such as `#/$defs` leads to, through objects alone.
fn walk<'a>(root: &'a RawValue, pointer: &str) -> Option<&'a RawValue> {
    let mut steps = pointer.split('/');
    if steps.next() != Some("#") {
        return None;
    }
    steps.take(MAX_DEPTH).try_fold(root, |value, step| {
        find(&read_fields(value)?, &unescape(step))
    })
}

/// A step of a JSON pointer (RFC 6901).
fn unescape(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_what_was_too_much_does_not_overflow_sec_066() {
        let root: &RawValue = serde_json::from_str(r#"{"type":"string"}"#).unwrap();
        let mut references = References::new(root);
        references.inlined_bytes = usize::MAX - 1;
        assert!(references.follow("#".into()).is_none());
        assert!(references.follow("#".into()).is_none());
    }
}
