//! A small map from model name to something, that client-chosen names cannot make grow.
//!
//! It knows nothing of what it holds: forgetting an entry must be harmless to the user of the map.

use std::sync::Arc;

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

/// At most as many entries as its limit; a new one replaces the least recently used. A list, because comparing a few
/// dozen short names in a row is quicker than anything cleverer.
#[derive(Debug)]
pub(crate) struct ByModel<T> {
    entries: Vec<Entry<T>>,
    uses: u64,
    limit: usize,
}

#[derive(Debug)]
struct Entry<T> {
    name: Arc<str>,
    value: T,
    last_use: u64,
}

impl<T> Default for ByModel<T> {
    fn default() -> Self {
        Self::with_limit(MAX_MODELS)
    }
}

impl<T> ByModel<T> {
    /// For at most `limit` models.
    pub(crate) fn with_limit(limit: usize) -> Self {
        Self {
            entries: Vec::new(),
            uses: 0,
            limit: limit.clamp(1, MAX_MODELS),
        }
    }

    pub(crate) fn get(&self, model: &str) -> Option<&T> {
        let name = bounded_name(model);
        self.entries
            .iter()
            .find(|entry| *entry.name == *name)
            .map(|entry| &entry.value)
    }

    pub(crate) fn remove(&mut self, model: &str) {
        let name = bounded_name(model);
        self.entries.retain(|entry| *entry.name != *name);
    }

    /// This model's value if there is one. Counts as a use.
    pub(crate) fn get_mut(&mut self, model: &str) -> Option<&mut T> {
        let name = bounded_name(model);
        self.uses = self.uses.saturating_add(1);
        let entry = self.entries.iter_mut().find(|entry| *entry.name == *name)?;
        entry.last_use = self.uses;
        Some(&mut entry.value)
    }

    /// Makes this model's value if it is absent.
    pub(crate) fn ensure(&mut self, model: &str, make: impl FnOnce() -> T) {
        if self.get(model).is_some() {
            return;
        }
        if self.entries.len() >= self.limit {
            self.forget_least_recently_used();
        }
        self.uses = self.uses.saturating_add(1);
        self.entries.push(Entry {
            name: bounded_name(model).into(),
            value: make(),
            last_use: self.uses,
        });
    }

    /// Applies `change` to this model's value, made first if absent. Allocates only then.
    pub(crate) fn update<R>(
        &mut self,
        model: &str,
        make: impl FnOnce() -> T,
        change: impl FnOnce(&mut T) -> R,
    ) -> Option<R> {
        self.ensure(model, make);
        self.get_mut(model).map(change)
    }

    /// The name to keep: the one that is kept here already, so that many holders share one text.
    pub(crate) fn name(&self, model: &str) -> Arc<str> {
        let name = bounded_name(model);
        self.entries
            .iter()
            .find(|entry| *entry.name == *name)
            .map_or_else(|| name.into(), |entry| Arc::clone(&entry.name))
    }

    /// All values with their models.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut T)> {
        self.entries
            .iter_mut()
            .map(|entry| (&*entry.name, &mut entry.value))
    }

    /// All values with their models, the one used last first.
    pub(crate) fn latest_first(&self) -> impl Iterator<Item = (&str, &T)> {
        let mut entries: Vec<_> = self.entries.iter().collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.last_use));
        entries
            .into_iter()
            .map(|entry| (&*entry.name, &entry.value))
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    fn forget_least_recently_used(&mut self) {
        let oldest = (0..)
            .zip(&self.entries)
            .min_by_key(|(_, entry)| entry.last_use);
        if let Some((index, _)) = oldest {
            self.entries.swap_remove(index);
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
        assert_eq!(map.latest_first().next(), Some(("one more", &0)));
        map.remove("m0");
        assert_eq!(map.get("m0"), None);
    }

    #[test]
    fn gives_one_text_for_one_name() {
        let mut map = ByModel::with_limit(2);
        map.ensure("a", || ());
        assert!(Arc::ptr_eq(&map.name("a"), &map.name("a")));
        assert_eq!(&*map.name("unknown"), "unknown");
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
