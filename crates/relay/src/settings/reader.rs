//! Reads variables one by one: unset ones get their default, problems get the variable's name.
//!
//! It knows no single variable.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use super::variables::VARIABLES;

/// Shortest time that a variable may set: below, timers would fire before a loopback round trip ends.
const DURATION_MIN: Duration = Duration::from_millis(10);
/// Longest: an hour, the longest that a Gemini request may run (`X-Server-Timeout`, 2026-11).
const DURATION_MAX: Duration = Duration::from_secs(3_600);

/// A variable whose value cannot be used. The text names the variable and never its value if it is secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("variable `{name}`: {problem}")]
pub struct SettingsError {
    /// Which one.
    pub name: &'static str,
    /// What is wrong and what to do.
    pub problem: String,
}

/// Where values come from.
pub(super) struct Reader<'a> {
    value: &'a dyn Fn(&str) -> Option<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(value: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { value }
    }

    /// The value, or the default where it is unset or blank.
    pub(super) fn text(&self, name: &str) -> String {
        (self.value)(name)
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
            .unwrap_or_else(|| default_of(name).to_owned())
    }

    /// Whether the value is the default, given or not: hosts hand over the manifest's.
    pub(super) fn is_default(&self, name: &str) -> bool {
        self.text(name) == default_of(name)
    }

    /// The value as `read` understands it.
    pub(super) fn with<T, E: fmt::Display>(
        &self,
        name: &'static str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<T, SettingsError> {
        read(&self.text(name)).map_err(|problem| SettingsError {
            name,
            problem: problem.to_string(),
        })
    }

    pub(super) fn parsed<T: FromStr<Err: fmt::Display>>(
        &self,
        name: &'static str,
    ) -> Result<T, SettingsError> {
        self.with(name, str::parse)
    }

    /// As [`Reader::parsed`]; `None` where nothing is set.
    pub(super) fn optional<T: FromStr<Err: fmt::Display>>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, SettingsError> {
        match self.text(name).as_str() {
            "" => Ok(None),
            _ => self.parsed(name).map(Some),
        }
    }

    pub(super) fn number<T: FromStr + PartialOrd + fmt::Display>(
        &self,
        name: &'static str,
        range: RangeInclusive<T>,
    ) -> Result<T, SettingsError> {
        self.with(name, |text| {
            let number = text.parse().ok().filter(|number| range.contains(number));
            number.ok_or_else(|| {
                let (least, most) = (range.start(), range.end());
                format!("`{text}` is not a number from {least} to {most}")
            })
        })
    }

    pub(super) fn duration(&self, name: &'static str) -> Result<Duration, SettingsError> {
        self.with(name, |text| {
            let duration = text.parse().ok().map(Duration::from_millis);
            let duration =
                duration.filter(|duration| (DURATION_MIN..=DURATION_MAX).contains(duration));
            duration.ok_or_else(|| {
                format!(
                    "`{text}` is not a number of milliseconds from {} to {}",
                    DURATION_MIN.as_millis(),
                    DURATION_MAX.as_millis()
                )
            })
        })
    }
}

fn default_of(name: &str) -> &'static str {
    VARIABLES
        .iter()
        .find(|variable| variable.name == name)
        .map_or("", |variable| variable.default)
}
