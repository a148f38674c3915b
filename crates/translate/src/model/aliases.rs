//! Other names for models: a deployment's setting such as `gpt-4o=gemini-2.5-flash`.
//!
//! An alias is replaced once, before suffixes are read; what it stands for is not looked up again.

use std::{collections::BTreeMap, str::FromStr};

use super::{ModelSpec, Suffixes, name::strip_vendor};
use crate::invalid_request::Quoted;

/// Most aliases of a deployment. A menu of all models of the large vendors is about 150 names.
const MAX_ALIASES: usize = 512;

/// Longest name on either side, in bytes: what a model with all its suffixes may have.
const MAX_NAME: usize = 256;

/// Names and what they stand for.
///
/// As a setting: entries `alias=model`, separated by commas. An alias may end in `*` and then stands
/// for every name that starts so; an exact one wins over those, and a longer one over a shorter.
/// ASCII capitals and the prefixes `models/`, `google/`, `gemini/` do not count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Aliases {
    exact: BTreeMap<String, String>,
    /// What comes before the `*`, longest first.
    starts: Vec<(String, String)>,
}

/// Why a setting with aliases is wrong. Entries are counted from 1, as people count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AliasError {
    /// An entry that is none.
    #[error("entry {entry}, {text}: {problem}")]
    Entry {
        /// Which.
        entry: usize,
        /// In backticks, clipped.
        text: String,
        /// What is wrong with it.
        problem: String,
    },
    /// More than fit.
    #[error("more than {MAX_ALIASES} aliases")]
    TooMany,
}

impl Aliases {
    /// What `name` stands for: itself, if there is no alias for it.
    #[must_use]
    pub fn resolve<'a>(&'a self, name: &'a str) -> &'a str {
        // The usual deployment has none, and a longer name has no alias.
        if (self.exact.is_empty() && self.starts.is_empty()) || name.len() > MAX_NAME {
            return name;
        }
        let key = name.to_ascii_lowercase();
        let key = strip_vendor(&key);
        let exact = self.exact.get(key);
        let found = exact.or_else(|| {
            let mut starts = self.starts.iter();
            starts
                .find(|(start, _)| key.starts_with(start.as_str()))
                .map(|(_, model)| model)
        });
        found.map_or(name, String::as_str)
    }

    /// Aliases and what they stand for, those that end in `*` last.
    pub fn iter(&self) -> impl Iterator<Item = (String, &str)> {
        let exact = self.exact.iter();
        let exact = exact.map(|(alias, model)| (alias.clone(), model.as_str()));
        let starts = self.starts.iter();
        exact.chain(starts.map(|(start, model)| (format!("{start}*"), model.as_str())))
    }

    fn insert(&mut self, entry: &str) -> Result<(), String> {
        let (alias, model) = entry
            .split_once('=')
            .ok_or("is no pair `alias=model`".to_owned())?;
        let (alias, model) = (alias.trim(), model.trim());
        if alias.is_empty() || alias.len() > MAX_NAME {
            return Err(format!("the alias has no or more than {MAX_NAME} bytes"));
        }
        ModelSpec::parse(model, Suffixes::all()).map_err(|error| error.message)?;
        let alias = alias.to_ascii_lowercase();
        let alias = strip_vendor(&alias);
        let start = alias.strip_suffix('*');
        if start.unwrap_or(alias).contains('*') {
            return Err("`*` may only be the last character of an alias".to_owned());
        }
        let model = model.to_owned();
        let is_new = match start {
            Some(start) if self.starts.iter().any(|(other, _)| other == start) => false,
            Some(start) => {
                self.starts.push((start.to_owned(), model));
                true
            }
            None => self.exact.insert(alias.to_owned(), model).is_none(),
        };
        if is_new {
            Ok(())
        } else {
            Err("the alias is given twice".to_owned())
        }
    }
}

impl FromStr for Aliases {
    type Err = AliasError;

    /// Reads the setting. Empty entries are nothing.
    ///
    /// # Errors
    /// [`AliasError`] says which entry is wrong, and why.
    fn from_str(setting: &str) -> Result<Self, Self::Err> {
        let mut aliases = Self::default();
        for (index, entry) in setting.split(',').map(str::trim).enumerate() {
            if entry.is_empty() {
                continue;
            }
            if aliases.exact.len() + aliases.starts.len() == MAX_ALIASES {
                return Err(AliasError::TooMany);
            }
            aliases.insert(entry).map_err(|problem| AliasError::Entry {
                entry: index + 1,
                text: Quoted(entry).to_string(),
                problem,
            })?;
        }
        aliases
            .starts
            .sort_by_key(|(start, _)| std::cmp::Reverse(start.len()));
        Ok(aliases)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_exact_alias_wins() {
        let aliases: Aliases =
            "gpt-4o=gemini-2.5-flash, claude-*=gemini-3.1-pro ,gpt-*=gemini-3.8-flash-low,*=gemini-flash-latest,"
                .parse()
                .unwrap();
        for (name, expected) in [
            ("gpt-4o", "gemini-2.5-flash"),
            ("GPT-4o", "gemini-2.5-flash"),
            ("models/gpt-4o", "gemini-2.5-flash"),
            ("gpt-4o-mini", "gemini-3.8-flash-low"),
            ("claude-sonnet-4-5", "gemini-3.1-pro"),
            ("claude-", "gemini-3.1-pro"),
            ("claude", "gemini-flash-latest"),
            // What stands for everything stands for Google's own names too.
            ("gemini-2.5-pro", "gemini-flash-latest"),
        ] {
            assert_eq!(aliases.resolve(name), expected, "{name}");
        }
        assert_eq!(aliases.iter().count(), 4);
    }

    #[test]
    fn a_name_without_alias_is_itself_and_aliases_are_not_chained() {
        assert_eq!(Aliases::default().resolve("Models/X"), "Models/X");
        let aliases: Aliases = "a=b,b=c".parse().unwrap();
        for (name, expected) in [("a", "b"), ("b", "c"), ("c", "c"), ("aa", "aa")] {
            assert_eq!(aliases.resolve(name), expected);
        }
        let long = "a".repeat(MAX_NAME + 1);
        assert_eq!(aliases.resolve(&long), long);
    }

    #[test]
    fn errors_say_which_entry_is_wrong() {
        for (setting, expected) in [
            (
                "a=gemini-3.8-flash,b",
                "entry 2, `b`: is no pair `alias=model`",
            ),
            (
                "a=b=c",
                "entry 1, `a=b=c`: `model`: `b=c` is not the name of a model",
            ),
            (
                "=gemini-3.8-flash",
                "entry 1, `=gemini-3.8-flash`: the alias has no",
            ),
            ("a=", "entry 1, `a=`: `model`: `` is not the name"),
            ("a=../files", "entry 1, `a=../files`: `model`"),
            ("a*b=c", "entry 1, `a*b=c`: `*` may only be the last"),
            ("a**=c", "entry 1, `a**=c`: `*` may only be the last"),
            ("a=b,,A=c", "entry 3, `A=c`: the alias is given twice"),
            ("a*=b,a*=c", "entry 2, `a*=c`: the alias is given twice"),
        ] {
            let error = setting.parse::<Aliases>().unwrap_err().to_string();
            assert!(error.starts_with(expected), "{setting}: {error}");
        }
    }

    #[test]
    fn the_number_of_aliases_is_bounded() {
        let setting = |count: usize| {
            let entries: Vec<String> = (0..count).map(|index| format!("a{index}=b")).collect();
            entries.join(",").parse::<Aliases>()
        };
        assert!(setting(MAX_ALIASES).is_ok());
        assert_eq!(setting(MAX_ALIASES + 1), Err(AliasError::TooMany));
    }
}
