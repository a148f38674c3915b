//! The bytes of a page of marks: short enough for 200 keys that cool for a dozen models each.
//!
//! Names stand once in a table and times are counted from the earliest, so that a cooling takes about 16 bytes instead
//! of 70. Fields that a newer version adds are passed over, causes that it adds are taken for the nearest known one.

use std::collections::BTreeMap;

use gempool_pool::{CoolingCause, CoolingMark, DeathCause, KeyId, Mark, UnixMillis};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::page::{Entry, Page};
use crate::envelope::{self, Damage};

/// Most bytes that one cooling takes, but for its model's name: `[64,90000000,11],`. What has to go to save some bytes
/// is counted with it, so that nothing goes in vain.
const COOLING_BYTES: usize = 17;

/// Most bytes that one key takes without coolings, but for names: its id, and numbers of up to ten digits.
const KEY_BYTES: usize = 80;

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Document {
    /// The time from which coolings count, Unix milliseconds.
    #[serde(rename = "t")]
    base: u64,
    /// Names of models, causes and projects. Elsewhere 1 is the first of them, and 0 none.
    #[serde(rename = "s")]
    names: Vec<String>,
    /// What is known, by key.
    #[serde(rename = "k")]
    keys: Vec<Line>,
}

#[derive(Serialize, Deserialize)]
struct Line {
    #[serde(rename = "k")]
    key: KeyId,
    #[serde(rename = "h", default)]
    hour: u32,
    #[serde(rename = "g", default, skip_serializing_if = "is_zero")]
    generation: u64,
    #[serde(rename = "d", default, skip_serializing_if = "is_zero")]
    dead: u64,
    #[serde(rename = "p", default, skip_serializing_if = "is_zero")]
    project: u64,
    /// Model, milliseconds after the base, cause.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    coolings: Vec<Vec<u64>>,
}

/// Generic, because a reference to a number is what serde asks for, and more or less than the number itself on
/// different machines.
fn is_zero<T: Default + PartialEq>(number: &T) -> bool {
    *number == T::default()
}

/// The document of a page, which loses what it must to fit: see [`shorten`].
pub(super) fn encode(name: &str, page: &mut Page) -> Vec<u8> {
    loop {
        let document = to_document(page);
        let Ok(bytes) = envelope::to_plain(name, &document) else {
            let length = serde_json::to_vec(&document).map_or(usize::MAX, |body| body.len());
            shorten(page, length.saturating_sub(envelope::MAX_DOCUMENT_BYTES));
            continue;
        };
        return bytes;
    }
}

/// The page in these bytes.
pub(super) fn decode(name: &str, bytes: &[u8]) -> Result<Page, Damage> {
    let document: Document = envelope::from_plain(name, bytes)?;
    let name = |number: u64| -> Option<&String> {
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        document.names.get(index)
    };
    let mut page = Page::default();
    for line in &document.keys {
        let coolings = line.coolings.iter().filter_map(|numbers| {
            let [model, after, cause, ..] = numbers.as_slice() else {
                return None;
            };
            // A cooling whose model cannot be told must not become one of all models.
            let model = match *model {
                0 => None,
                number => Some(name(number)?.clone()),
            };
            Some(CoolingMark {
                model,
                until: UnixMillis(document.base.saturating_add(*after)),
                cause: name(*cause)
                    .and_then(|cause| from_word(cause))
                    .unwrap_or(CoolingCause::Unexplained),
            })
        });
        let dead = (line.dead != 0).then(|| {
            name(line.dead)
                .and_then(|cause| from_word(cause))
                .unwrap_or(DeathCause::Rejected)
        });
        page.add(Entry {
            mark: Mark {
                key: line.key,
                generation: u32::try_from(line.generation).unwrap_or(u32::MAX),
                dead,
                coolings: coolings.collect(),
                project: name(line.project).cloned(),
            },
            hour: line.hour,
        });
    }
    Ok(page)
}

fn to_document(page: &Page) -> Document {
    let coolings = page.0.values().flat_map(|entry| &entry.mark.coolings);
    let base = coolings
        .map(|cooling| cooling.until.0)
        .min()
        .unwrap_or_default();
    let mut names = Names::default();
    let keys = page
        .0
        .values()
        .map(|Entry { mark, hour }| Line {
            key: mark.key,
            hour: *hour,
            generation: u64::from(mark.generation),
            dead: mark.dead.map_or(0, |cause| names.number(word(cause))),
            project: mark
                .project
                .as_ref()
                .map_or(0, |project| names.number(project.clone())),
            coolings: mark
                .coolings
                .iter()
                .map(|cooling| {
                    let model = cooling.model.clone();
                    vec![
                        model.map_or(0, |model| names.number(model)),
                        cooling.until.0.saturating_sub(base),
                        names.number(word(cooling.cause)),
                    ]
                })
                .collect(),
        })
        .collect();
    Document {
        base,
        names: names.list,
        keys,
    }
}

/// The table of names while it grows.
#[derive(Default)]
struct Names {
    list: Vec<String>,
    numbers: BTreeMap<String, u64>,
}

impl Names {
    fn number(&mut self, name: String) -> u64 {
        if let Some(number) = self.numbers.get(&name) {
            return *number;
        }
        self.list.push(name.clone());
        let number = u64::try_from(self.list.len()).unwrap_or(u64::MAX);
        self.numbers.insert(name, number);
        number
    }
}

/// Drops what is worth least, to save about `excess` bytes: coolings that end first; without any, marks that say
/// a project only, oldest first; and at last deaths, oldest first. A page has at most 256 keys, and twice as many deaths
/// fit: so many are those of keys that no longer exist.
fn shorten(page: &mut Page, excess: usize) {
    let mut ends: Vec<UnixMillis> = page
        .0
        .values()
        .flat_map(|entry| entry.mark.coolings.iter().map(|cooling| cooling.until))
        .collect();
    if !ends.is_empty() {
        ends.sort_unstable();
        let last = (excess / COOLING_BYTES).min(ends.len() - 1);
        let Some(last) = ends.get(last).copied() else {
            return;
        };
        for entry in page.0.values_mut() {
            entry.mark.coolings.retain(|cooling| cooling.until > last);
        }
        return;
    }
    let mut lines: Vec<(bool, u32, KeyId)> = page
        .0
        .iter()
        .map(|(key, entry)| (entry.mark.dead.is_some(), entry.hour, *key))
        .collect();
    lines.sort_unstable();
    for (_, _, key) in lines.into_iter().take(excess / KEY_BYTES + 1) {
        page.0.remove(&key);
    }
}

/// A cause as its name in documents.
fn word(cause: impl Serialize) -> String {
    match serde_json::to_value(cause) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

fn from_word<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(Value::String(word.to_owned())).ok()
}
