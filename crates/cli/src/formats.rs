//! Files of keys: what other systems and people write, read into records, and what an export writes.
//!
//! Lines and commas are the pool crate's to read; here are the JSON forms. Nothing here opens a file.

use anyhow::{Context as _, Result, bail};
use gempool_pool::{ApiKey, KeyRecord, KeySpec, MAX_KEYS, Tier, Weight, parse_keys};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Largest file of keys, in bytes: 100,000 keys with everything that is known of each have about 30 MB.
pub(crate) const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// What an export says it is.
const KIND: &str = "gempool-keys";
/// Version of exports that this program writes, and the newest that it reads.
const VERSION: u32 = 1;

/// An export.
#[derive(Serialize, Deserialize)]
struct Export {
    kind: String,
    version: u32,
    keys: Vec<ExportedKey>,
}

/// A key of an export: the settings of a person, not its states.
#[derive(Serialize, Deserialize)]
struct ExportedKey {
    key: String,
    #[serde(default = "one")]
    weight: u32,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    note: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tier: Option<Tier>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    project: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    egress: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    disabled: bool,
}

fn one() -> u32 {
    1
}

/// Reads a file of keys. A key that comes twice is taken once.
///
/// # Errors
/// Names the place of what cannot be read; shows nothing of any key.
pub(crate) fn read(text: &str) -> Result<Vec<KeyRecord>> {
    let text = text.trim_start_matches('\u{feff}');
    let is_json = text.trim_start().starts_with(['{', '[']);
    let records = if is_json {
        // The parser's own text would quote the file.
        let value: Value = serde_json::from_str(text).map_err(|error| {
            anyhow::anyhow!(
                "the file begins like JSON but is none: line {}, column {}",
                error.line(),
                error.column()
            )
        })?;
        from_json(value)?
    } else {
        parse_keys(text)?.into_iter().map(KeyRecord::from).collect()
    };
    let mut seen = std::collections::BTreeSet::new();
    let unique: Vec<KeyRecord> = records
        .into_iter()
        .filter(|record| seen.insert(record.id()))
        .collect();
    if unique.len() > MAX_KEYS {
        bail!(
            "the file has {} keys, more than the {MAX_KEYS} allowed",
            unique.len()
        );
    }
    Ok(unique)
}

/// Writes an export with everything that a person set.
pub(crate) fn to_json(records: &[KeyRecord]) -> Result<String> {
    let keys = records.iter().map(|record| ExportedKey {
        key: record.key.expose().to_owned(),
        weight: u32::from(record.weight.get()),
        name: record.name.clone(),
        note: record.note.clone(),
        tier: record.tier,
        project: record.project.clone(),
        egress: record.egress.clone(),
        disabled: record.disabled,
    });
    let export = Export {
        kind: KIND.to_owned(),
        version: VERSION,
        keys: keys.collect(),
    };
    Ok(serde_json::to_string_pretty(&export)? + "\n")
}

/// Writes keys as lines, `KEY*WEIGHT` where the weight is not 1.
pub(crate) fn to_text(records: &[KeyRecord]) -> String {
    let mut text = String::new();
    for record in records {
        text.push_str(record.key.expose());
        if record.weight != Weight::ONE {
            text.push_str(&format!("*{}", record.weight.get()));
        }
        text.push('\n');
    }
    text
}

/// Our export; a list of keys or of objects with a key; a pool of the multi-pool worker (`geminiKeys`), or several; the
/// settings of the balance server (`API_KEYS`).
fn from_json(value: Value) -> Result<Vec<KeyRecord>> {
    if value.get("kind").and_then(Value::as_str) == Some(KIND) {
        return from_export(value);
    }
    let mut records = Vec::new();
    collect(&value, &mut records)?;
    if records.is_empty() {
        bail!(
            "no keys found: expected an export, a list of keys, or an object with `keys`, `geminiKeys` or `API_KEYS`"
        );
    }
    Ok(records)
}

fn from_export(value: Value) -> Result<Vec<KeyRecord>> {
    let version = value.get("version").and_then(Value::as_u64);
    if version.is_none_or(|version| version > u64::from(VERSION)) {
        bail!("this export was written by a newer gempool");
    }
    let export: Export =
        serde_json::from_value(value).map_err(|_| anyhow::anyhow!("this export is damaged"))?;
    let records = (1..).zip(export.keys).map(|(entry, exported)| {
        let at = || format!("key {entry} of the export");
        let key = ApiKey::new(&exported.key).with_context(at)?;
        let weight = Weight::try_from(exported.weight).with_context(at)?;
        let mut record = KeyRecord::from(KeySpec { key, weight });
        record.name = exported.name;
        record.note = exported.note;
        record.tier = exported.tier;
        record.project = exported.project;
        record.egress = exported.egress;
        record.disabled = exported.disabled;
        Ok(record)
    });
    records.collect()
}

/// Fields in which other systems keep lists of keys.
const LISTS: [&str; 4] = ["keys", "geminiKeys", "API_KEYS", "api_keys"];
/// Fields in which they keep one key.
const KEYS: [&str; 4] = ["key", "api_key", "apiKey", "key_value"];

/// Keys of one level of lists within lists or objects; deeper nesting has no known writer.
fn collect(value: &Value, records: &mut Vec<KeyRecord>) -> Result<()> {
    match value {
        Value::Array(entries) => entries
            .iter()
            .try_for_each(|entry| collect_entry(entry, records)),
        Value::Object(_) => collect_entry(value, records),
        _ => Ok(()),
    }
}

fn collect_entry(entry: &Value, records: &mut Vec<KeyRecord>) -> Result<()> {
    let place = records.len() + 1;
    let at = || format!("key {place} of the file");
    if let Some(key) = entry.as_str() {
        let key = ApiKey::new(key).with_context(at)?;
        records.push(KeySpec::from(key).into());
        return Ok(());
    }
    if let Some(list) = LISTS.iter().find_map(|name| entry.get(name)?.as_array()) {
        return list
            .iter()
            .try_for_each(|entry| collect_entry(entry, records));
    }
    let Some(key) = KEYS.iter().find_map(|name| entry.get(name)?.as_str()) else {
        bail!("entry {place} of the file has no key");
    };
    let weight = match entry.get("weight").and_then(Value::as_u64) {
        None => Weight::ONE,
        Some(weight) => {
            Weight::try_from(u32::try_from(weight).unwrap_or(u32::MAX)).with_context(at)?
        }
    };
    let key = ApiKey::new(key).with_context(at)?;
    let mut record = KeyRecord::from(KeySpec { key, weight });
    if let Some(name) = entry.get("name").and_then(Value::as_str) {
        record.name = name.to_owned();
    }
    record.disabled = entry.get("enabled").and_then(Value::as_bool) == Some(false);
    records.push(record);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(text: &str) -> Vec<(String, u16, bool, String)> {
        let record = |record: KeyRecord| {
            (
                record.key.expose().to_owned(),
                record.weight.get(),
                record.disabled,
                record.name,
            )
        };
        read(text).unwrap().into_iter().map(record).collect()
    }

    #[test]
    fn reads_what_people_and_other_systems_write() {
        for text in [
            "# mine\nk1, k2*3\nk1",
            "\u{feff}k1\nk2*3",
            r#"["k1",{"key":"k2","weight":3}]"#,
            r#"{"keys":["k1",{"api_key":"k2","weight":3}]}"#,
            r#"[{"id":"pool-1","geminiKeys":[{"id":"key_1","key":"k1","enabled":true,"weight":1},{"key":"k2","weight":3}]}]"#,
            r#"{"API_KEYS":["k1",{"key":"k2","weight":3}],"MAX_FAILURES":3}"#,
        ] {
            let plain = |key: &str, weight| (key.to_owned(), weight, false, String::new());
            assert_eq!(read_as(text), [plain("k1", 1), plain("k2", 3)], "{text}");
        }
    }

    #[test]
    fn names_and_switches_of_other_systems_are_kept() {
        assert_eq!(
            read_as(r#"{"geminiKeys":[{"key":"k1","name":"Ann's","enabled":false}]}"#),
            [("k1".to_owned(), 1, true, "Ann's".to_owned())]
        );
    }

    #[test]
    fn an_export_comes_back_with_everything_that_a_person_set() {
        let mut record = KeyRecord::from(KeySpec::from(ApiKey::new("k1").unwrap()));
        record.name = "Ann's".to_owned();
        record.note = "since May".to_owned();
        record.tier = Some(Tier::Paid);
        record.project = Some("123".to_owned());
        record.egress = Some("2".to_owned());
        record.disabled = true;
        let again = read(&to_json(std::slice::from_ref(&record)).unwrap()).unwrap();
        assert_eq!(
            serde_json::to_value(again).unwrap(),
            serde_json::to_value([record]).unwrap()
        );
    }

    #[test]
    fn lines_come_back_with_their_weights() {
        let records = read("k1\nk2*3").unwrap();
        assert_eq!(to_text(&records), "k1\nk2*3\n");
    }

    #[test]
    fn what_cannot_be_read_is_named_and_not_shown() {
        for (text, expected) in [
            ("se cret", "entry 1 of the key list"),
            (r#"["secret", "#, "line 1"),
            (r#"[{"secret":1}]"#, "entry 1 of the file has no key"),
            (r#"{"other":["secret"]}"#, "entry 1 of the file has no key"),
            (r#"[{"key":"secret","weight":0}]"#, "key 1 of the file"),
            (r#"{"kind":"gempool-keys","version":9}"#, "newer"),
            (
                r#"{"kind":"gempool-keys","version":1,"keys":["secret"]}"#,
                "damaged",
            ),
        ] {
            let error = format!("{:#}", read(text).unwrap_err());
            assert!(error.contains(expected), "{text}: {error}");
            assert!(!error.contains("secret"), "{text}: {error}");
        }
    }
}
