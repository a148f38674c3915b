//! `groundingMetadata` and `citationMetadata` to citations.
//!
//! Gemini's shapes only (<https://ai.google.dev/api/generate-content#GroundingMetadata>, read
//! 2026-11-21); nothing is looked up in the text here.

use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Found;
use crate::{answer::Notes, json::Text};

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Grounding<'a> {
    #[serde(borrow)]
    grounding_chunks: Option<Vec<Chunk<'a>>>,
    grounding_supports: Option<Vec<Support<'a>>>,
}

/// A page. Kinds without an address, files of a file search for instance, cannot be cited (N2).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Chunk<'a> {
    #[serde(borrow)]
    web: Option<Source<'a>>,
    maps: Option<Source<'a>>,
    retrieved_context: Option<Source<'a>>,
    image: Option<Source<'a>>,
}

#[derive(Deserialize)]
struct Source<'a> {
    /// An image's is the page that it is on.
    #[serde(borrow, alias = "sourceUri")]
    uri: Option<Text<'a>>,
    title: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Support<'a> {
    #[serde(borrow)]
    segment: Option<Segment<'a>>,
    grounding_chunk_indices: Option<Vec<usize>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Segment<'a> {
    /// Left out when it is 0.
    start_index: Option<usize>,
    end_index: Option<usize>,
    #[serde(borrow)]
    text: Option<Text<'a>>,
}

/// Text that Gemini recited (N4).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Recitations<'a> {
    /// Vertex AI says `citations`.
    #[serde(borrow, alias = "citations")]
    citation_sources: Option<Vec<Recitation<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recitation<'a> {
    start_index: Option<usize>,
    end_index: Option<usize>,
    #[serde(borrow)]
    uri: Option<Text<'a>>,
    title: Option<Text<'a>>,
}

/// All citations of `notes`: one for each support and page.
pub(super) fn read(notes: &Notes<'_>) -> Vec<Found> {
    let mut all = Vec::new();
    let grounding: Grounding<'_> = parse(notes.grounding);
    let chunks = grounding.grounding_chunks.unwrap_or_default();
    for support in grounding.grounding_supports.unwrap_or_default() {
        let Some(segment) = &support.segment else {
            continue;
        };
        let indices = support.grounding_chunk_indices.as_deref();
        for index in indices.unwrap_or_default() {
            all.extend(chunks.get(*index).and_then(|chunk| {
                let source = chunk.source()?;
                let mut found = found(
                    segment.start_index,
                    segment.end_index,
                    source.uri.as_deref(),
                    source.title.as_deref(),
                )?;
                let text = segment.text.as_deref().filter(|text| !text.is_empty());
                found.segment = text.map(str::to_owned);
                Some(found)
            }));
        }
    }
    let recitations: Recitations<'_> = parse(notes.citations);
    for recitation in recitations.citation_sources.unwrap_or_default() {
        all.extend(found(
            recitation.start_index,
            recitation.end_index,
            recitation.uri.as_deref(),
            recitation.title.as_deref(),
        ));
    }
    all
}

impl<'a> Chunk<'a> {
    fn source(&self) -> Option<&Source<'a>> {
        let kinds = [&self.web, &self.maps, &self.retrieved_context, &self.image];
        kinds.into_iter().find_map(Option::as_ref)
    }
}

/// `None` without an address or with an empty span.
fn found(
    start: Option<usize>,
    end: Option<usize>,
    url: Option<&str>,
    title: Option<&str>,
) -> Option<Found> {
    let bytes: Range<usize> = start.unwrap_or(0)..end?;
    let url = url.filter(|url| !url.is_empty())?;
    (!bytes.is_empty()).then(|| Found {
        bytes,
        segment: None,
        url: url.to_owned(),
        title: title.unwrap_or_default().to_owned(),
    })
}

/// `T` with nothing in it if the notes are absent or odd.
fn parse<'a, T: Deserialize<'a> + Default>(raw: Option<&'a RawValue>) -> T {
    let parsed = raw.and_then(|raw| serde_json::from_str(raw.get()).ok());
    parsed.unwrap_or_default()
}
