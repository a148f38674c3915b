//! Which models a client may use: names and patterns with `*`.
//!
//! It resolves no alias; who asks gives both the name that the client wrote and the one that it stands for.

use wildmatch::WildMatchPattern;

/// `*` stands for any characters. No model's name has the other character, so that nothing stands for just one.
type Pattern = WildMatchPattern<'*', '\0'>;

/// Patterns of which one must match. Several lists are asked one after the other, and all must agree.
#[derive(Debug, Clone)]
pub(crate) struct AllowList(Option<Vec<Pattern>>);

impl AllowList {
    /// Allows every model.
    pub(crate) fn all() -> Self {
        Self(None)
    }

    /// Allows what one of `patterns` matches; none at all allows nothing.
    pub(crate) fn only<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Self {
        let patterns = patterns.into_iter().map(|pattern| {
            let pattern = pattern.trim();
            Pattern::new_case_insensitive(pattern.strip_prefix("models/").unwrap_or(pattern))
        });
        Self(Some(patterns.collect()))
    }

    /// Whether a model may be used that a client calls by any of `names`.
    pub(crate) fn allows(&self, names: &[&str]) -> bool {
        let Self(Some(patterns)) = self else {
            return true;
        };
        names.iter().any(|name| {
            let name = name.strip_prefix("models/").unwrap_or(name);
            patterns.iter().any(|pattern| pattern.matches(name))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_or_a_pattern_allows_and_nothing_else_does() {
        let list = AllowList::only(["gemini-2.5-flash", " models/gemini-3* ", "*-embedding-*"]);
        for (name, allowed) in [
            ("gemini-2.5-flash", true),
            ("Models/Gemini-2.5-Flash", false),
            ("models/Gemini-2.5-Flash", true),
            ("gemini-2.5-flash-lite", false),
            ("gemini-2.5-flas?", false),
            ("gemini-3.8-flash", true),
            ("gemini-embedding-2", true),
            ("", false),
        ] {
            assert_eq!(list.allows(&[name]), allowed, "{name}");
        }
        assert!(list.allows(&["gpt-4o", "gemini-3.8-flash"]));
    }

    #[test]
    fn an_empty_list_allows_nothing_and_no_list_allows_all() {
        assert!(!AllowList::only([]).allows(&["gemini-2.5-flash"]));
        assert!(AllowList::all().allows(&["gemini-2.5-flash"]));
    }
}
