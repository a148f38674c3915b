//! A small map from model name to something, that client-chosen names cannot make grow.
//!
//! It knows nothing of what it holds: forgetting an entry must be harmless to the user of the map.

use std::collections::BTreeMap;

/// Most models remembered at once: about twice the 34 generating ones of a model list recorded 2025-12-31. Who asks
/// for more names than that makes the least recently used one forgotten.
pub(crate) const MAX_MODELS: usize = 64;

/// Longest part of a model name that is told apart, in bytes. The longest in that list has 45.
const MAX_NAME_BYTES: usize = 128;

/// The part of a model name that serves as a map key.
pub(crate) fn bounded_name(model: &str) -> &str {
    model
        .get(..model.floor_char_boundary(MAX_NAME_BYTES))
        .unwrap_or(model)
}

/// At most [`MAX_MODELS`] entries; a new one replaces the least recently used.
#[derive(Debug)]
pub(crate) struct ByModel<T> {
    entries: BTreeMap<Box<str>, Entry<T>>,
    uses: u64,
}

#[derive(Debug)]
struct Entry<T> {
    value: T,
    last_use: u64,
}

impl<T> Default for ByModel<T> {
    fn default() -> Self {
        Self {
            entries: BTreeMap::new(),
            uses: 0,
        }
    }
}

impl<T> ByModel<T> {
    pub(crate) fn get(&self, model: &str) -> Option<&T> {
        self.entries
            .get(bounded_name(model))
            .map(|entry| &entry.value)
    }

    pub(crate) fn remove(&mut self, model: &str) {
        self.entries.remove(bounded_name(model));
    }

    /// Applies `change` to this model's value, made first if absent. Allocates only then.
    pub(crate) fn update<R>(
        &mut self,
        model: &str,
        make: impl FnOnce() -> T,
        change: impl FnOnce(&mut T) -> R,
    ) -> R {
        let name = bounded_name(model);
        self.uses = self.uses.saturating_add(1);
        if let Some(entry) = self.entries.get_mut(name) {
            entry.last_use = self.uses;
            return change(&mut entry.value);
        }
        if self.entries.len() >= MAX_MODELS {
            self.forget_least_recently_used();
        }
        let mut value = make();
        let result = change(&mut value);
        self.entries.insert(
            name.into(),
            Entry {
                value,
                last_use: self.uses,
            },
        );
        result
    }

    fn forget_least_recently_used(&mut self) {
        let oldest = self.entries.iter().min_by_key(|(_, entry)| entry.last_use);
        if let Some(name) = oldest.map(|(name, _)| name.clone()) {
            self.entries.remove(&name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgets_the_model_that_was_used_least_recently() {
        let mut map = ByModel::default();
        for number in 0..MAX_MODELS {
            map.update(&format!("m{number}"), || number, |_| ());
        }
        map.update("m0", || 999, |_| ());
        map.update("one more", || 0, |_| ());
        assert_eq!(map.get("m0"), Some(&0));
        assert_eq!(map.get("m1"), None);
        assert_eq!(map.entries.len(), MAX_MODELS);
        map.remove("m0");
        assert_eq!(map.get("m0"), None);
    }

    #[test]
    fn cuts_long_names_between_characters() {
        assert_eq!(bounded_name("gemini-2.5-flash"), "gemini-2.5-flash");
        assert_eq!(bounded_name(&"\u{fc}".repeat(1000)).len(), 128);
        assert_eq!(
            bounded_name(&format!("x{}", "\u{fc}".repeat(1000))).len(),
            127
        );
    }
}
