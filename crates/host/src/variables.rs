//! Variables for components: names, sources and precedence.
//!
//! Precedence: `--var`, then the environment (upper-case name), then the file, then the manifest's default.
//! Only variables that the manifest declares are read from the environment, so that a component can never
//! see the rest of it. Values are secrets by default: nothing here prints one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use anyhow::Context as _;

use crate::manifest::{Grants, Variable};

/// A valid variable name: lower-case words of letters and digits joined by single underscores, the first
/// one starting with a letter (Spin's rule, spinframework.dev/v3/variables, read 2026-11).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

impl FromStr for Name {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let word = |word: &str| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        let valid = text.len() <= MAX_NAME_BYTES
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.split('_').all(word);
        if valid {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidName)
        }
    }
}

/// Longest variable name in bytes; environment names are of this order.
const MAX_NAME_BYTES: usize = 255;

/// A name that cannot be a variable's.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a variable name is lower-case words joined by single underscores")]
pub struct InvalidName;

/// One `--var name=value`.
#[derive(Clone)]
pub struct Assignment {
    name: Name,
    value: String,
}

impl FromStr for Assignment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
        let name = name.parse().map_err(|error| format!("{name}: {error}"))?;
        Ok(Self {
            name,
            value: value.to_owned(),
        })
    }
}

impl fmt::Debug for Assignment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}=***", self.name.0)
    }
}

/// The values one component may read.
#[derive(Clone, Default)]
pub struct Variables {
    values: BTreeMap<String, String>,
    /// Those that somebody set; the others have the manifest's default.
    set: BTreeSet<String>,
}

impl fmt::Debug for Variables {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.values.keys()).finish()
    }
}

/// Why a variable has no value.
#[derive(Debug, PartialEq, Eq)]
pub enum Missing {
    /// Not a variable name.
    Invalid,
    /// Not declared for this component, or declared without a default and set nowhere.
    Undefined,
}

impl Variables {
    /// Gathers the values of all `declared` variables. `environment` looks up an upper-case name.
    ///
    /// # Errors
    ///
    /// If the file or a flag sets a variable that is not declared: it would silently do nothing.
    pub fn gather(
        declared: &BTreeMap<String, Variable>,
        file: &BTreeMap<String, String>,
        environment: impl Fn(&str) -> Option<String>,
        flags: &[Assignment],
    ) -> anyhow::Result<Self> {
        let mut variables = Self::default();
        for (name, variable) in declared {
            if let Some(default) = &variable.default {
                variables.values.insert(name.clone(), default.clone());
            }
        }
        for (name, value) in file {
            check_declared(declared, name).context("in [variables] of --config")?;
            variables.set(name, value.clone());
        }
        for name in declared.keys() {
            if let Some(value) = environment(&name.to_ascii_uppercase()) {
                variables.set(name, value);
            }
        }
        for Assignment { name, value } in flags {
            check_declared(declared, &name.0).context("in --var")?;
            variables.set(&name.0, value.clone());
        }
        Ok(variables)
    }

    /// Sets one value over all sources.
    pub fn set(&mut self, name: &str, value: String) {
        self.values.insert(name.to_owned(), value);
        self.set.insert(name.to_owned());
    }

    /// Whether somebody set `name`, be it to its default.
    pub fn is_set(&self, name: &str) -> bool {
        self.set.contains(name)
    }

    /// Only what `grants` allows.
    pub fn granted(&self, grants: &Grants) -> Self {
        let mut granted = self.clone();
        granted
            .values
            .retain(|name, _| grants.variables.contains(name));
        granted.set.retain(|name| grants.variables.contains(name));
        granted
    }

    /// The value of `name`.
    ///
    /// # Errors
    ///
    /// [`Missing`], without a value in it.
    pub fn get(&self, name: &str) -> Result<&str, Missing> {
        let Name(name) = name.parse().map_err(|InvalidName| Missing::Invalid)?;
        self.values
            .get(&name)
            .map(String::as_str)
            .ok_or(Missing::Undefined)
    }
}

fn check_declared(declared: &BTreeMap<String, Variable>, name: &str) -> anyhow::Result<()> {
    anyhow::ensure!(
        declared.contains_key(name),
        "unknown variable `{name}`; known are: {}",
        declared.keys().cloned().collect::<Vec<_>>().join(", ")
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared() -> BTreeMap<String, Variable> {
        [
            ("gemini_api_keys", Some("")),
            ("mode", Some("default")),
            ("bare", None),
        ]
        .into_iter()
        .map(|(name, default)| {
            (
                name.to_owned(),
                Variable {
                    default: default.map(str::to_owned),
                },
            )
        })
        .collect()
    }

    fn gather(
        file: &[(&str, &str)],
        environment: &[(&str, &str)],
        flags: &[&str],
    ) -> anyhow::Result<Variables> {
        let file = file
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        let flags: Vec<_> = flags.iter().map(|flag| flag.parse().unwrap()).collect();
        let look_up = |name: &str| {
            environment
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        Variables::gather(&declared(), &file, look_up, &flags)
    }

    #[test]
    fn flag_wins_over_environment_over_file_over_default() {
        let get = |file: &[_], environment: &[_], flags: &[_]| {
            let variables = gather(file, environment, flags).unwrap();
            variables.get("mode").unwrap().to_owned()
        };
        assert_eq!(get(&[], &[], &[]), "default");
        assert_eq!(get(&[("mode", "file")], &[], &[]), "file");
        assert_eq!(get(&[("mode", "file")], &[("MODE", "env")], &[]), "env");
        assert_eq!(
            get(&[("mode", "file")], &[("MODE", "env")], &["mode=flag"]),
            "flag"
        );
    }

    #[test]
    fn undeclared_environment_is_out_of_reach() {
        let variables = gather(&[], &[("PATH", "/bin"), ("HOME", "/root")], &[]).unwrap();
        assert_eq!(variables.get("path"), Err(Missing::Undefined));
        assert_eq!(variables.get("home"), Err(Missing::Undefined));
    }

    #[test]
    fn without_default_and_value_it_is_undefined() {
        assert_eq!(
            gather(&[], &[], &[]).unwrap().get("bare"),
            Err(Missing::Undefined)
        );
    }

    #[test]
    fn names_are_validated() {
        let variables = gather(&[], &[], &[]).unwrap();
        for name in [
            "", "Mode", "mode-x", "_mode", "mode_", "a__b", "1mode", "mode=", "mödé",
        ] {
            assert_eq!(variables.get(name), Err(Missing::Invalid), "{name:?}");
        }
    }

    #[test]
    fn a_value_for_an_undeclared_variable_is_refused_by_name() {
        let error = gather(&[("gemini_api_key", "AIza1")], &[], &[]).unwrap_err();
        let text = format!("{error:#}");
        assert!(
            text.contains("gemini_api_key`") && !text.contains("AIza1"),
            "{text}"
        );
        assert!(gather(&[], &[], &["other=1"]).is_err());
    }

    #[test]
    fn debug_shows_names_only() {
        let variables = gather(&[], &[("GEMINI_API_KEYS", "AIza1")], &["mode=hidden"]).unwrap();
        let text = format!(
            "{variables:?} {:?}",
            "mode=hidden".parse::<Assignment>().unwrap()
        );
        assert!(
            !text.contains("AIza1") && !text.contains("hidden"),
            "{text}"
        );
    }

    #[test]
    fn a_component_sees_only_what_it_is_granted() {
        let all = gather(&[], &[("GEMINI_API_KEYS", "AIza1")], &[]).unwrap();
        let grants = Grants {
            variables: vec!["mode".to_owned()],
            ..Grants::default()
        };
        let granted = all.granted(&grants);
        assert_eq!(granted.get("mode"), Ok("default"));
        assert_eq!(granted.get("gemini_api_keys"), Err(Missing::Undefined));
    }
}
