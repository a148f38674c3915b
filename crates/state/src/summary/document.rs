//! The bytes of a summary: columns of sixteen and thirty-two bits a page, as base64 in JSON.
//!
//! Numbers as text would take three times as much, and 2,048 pages would not fit.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gempool_pool::MAX_PAGE_BITS;
use serde::{Deserialize, Serialize};

use super::{MAX_MODEL_BYTES, MAX_SUMMARY_MODELS, Summary};
use crate::envelope::{self, Damage};

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Document {
    #[serde(rename = "b")]
    bits: u8,
    /// From which stamps and hints are counted, which have sixteen bits.
    #[serde(rename = "t")]
    base: u32,
    #[serde(rename = "w")]
    stamps: String,
    #[serde(rename = "e")]
    editions: String,
    #[serde(rename = "m")]
    models: BTreeMap<String, String>,
}

/// The document of a summary, which loses models to fit.
pub(super) fn encode(name: &str, summary: &mut Summary) -> Vec<u8> {
    loop {
        let document = to_document(summary);
        match envelope::to_plain(name, &document) {
            Ok(bytes) => return bytes,
            Err(_) if summary.hints.is_empty() => return Vec::new(),
            Err(_) => summary.limit_models(summary.hints.len() - 1),
        }
    }
}

/// The summary in these bytes.
pub(super) fn decode(name: &str, bytes: &[u8]) -> Result<Summary, Damage> {
    let document: Document = envelope::from_plain(name, bytes)?;
    if document.bits > MAX_PAGE_BITS {
        return Err(Damage::OtherType);
    }
    let mut summary = Summary::new(document.bits);
    let pages = summary.stamps.len();
    summary.stamps = narrow(&document.stamps, document.base, pages)?;
    summary.editions = wide(&document.editions, pages)?;
    for (model, hints) in document.models.into_iter().take(MAX_SUMMARY_MODELS) {
        if model.len() <= MAX_MODEL_BYTES {
            let hints = narrow(&hints, document.base, pages)?;
            summary.hints.insert(model, hints);
        }
    }
    Ok(summary)
}

fn to_document(summary: &Summary) -> Document {
    let times = summary.hints.values().flatten().chain(&summary.stamps);
    let base = times.filter(|time| **time != 0).min();
    let base = base.map_or(0, |earliest| earliest.saturating_sub(1));
    let narrow = |times: &[u32]| {
        let bytes: Vec<u8> = times
            .iter()
            .map(|time| u16::try_from(time.saturating_sub(base)).unwrap_or(u16::MAX))
            .flat_map(u16::to_be_bytes)
            .collect();
        STANDARD.encode(bytes)
    };
    let editions: Vec<u8> = summary
        .editions
        .iter()
        .flat_map(|edition| edition.to_be_bytes())
        .collect();
    Document {
        bits: summary.bits,
        base,
        stamps: narrow(&summary.stamps),
        editions: STANDARD.encode(editions),
        models: summary
            .hints
            .iter()
            .map(|(model, hints)| (model.clone(), narrow(hints)))
            .collect(),
    }
}

fn narrow(text: &str, base: u32, pages: usize) -> Result<Vec<u32>, Damage> {
    let bytes = STANDARD.decode(text).map_err(|_| Damage::OtherType)?;
    let (numbers, _) = bytes.as_chunks::<2>();
    let times = numbers
        .iter()
        .map(|number| match u16::from_be_bytes(*number) {
            0 => 0,
            after => base.saturating_add(u32::from(after)),
        });
    let times: Vec<u32> = times.collect();
    whole(times, pages)
}

fn wide(text: &str, pages: usize) -> Result<Vec<u32>, Damage> {
    let bytes = STANDARD.decode(text).map_err(|_| Damage::OtherType)?;
    let (numbers, _) = bytes.as_chunks::<4>();
    let numbers = numbers.iter().map(|number| u32::from_be_bytes(*number));
    whole(numbers.collect(), pages)
}

fn whole(column: Vec<u32>, pages: usize) -> Result<Vec<u32>, Damage> {
    if column.len() == pages {
        Ok(column)
    } else {
        Err(Damage::OtherType)
    }
}
