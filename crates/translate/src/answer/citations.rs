//! What an answer cites, as spans of its text in characters (N1–N4).
//!
//! Gemini counts in UTF-8 bytes. What OpenAI counts in is nowhere said; here it is Unicode code
//! points, which is what Python's slices mean (162 of 162 recorded spans are right that way only
//! once converted). JavaScript's UTF-16 units differ outside the basic plane.
//!
//! It reads decoration: whatever is odd in it gives no citation, never an error. How a citation is
//! written is the dialects' business.

#[cfg(test)]
mod tests;

mod metadata;

use std::ops::Range;

use super::Notes;

/// Most bytes of an answer's text that are kept to find spans in. An answer has at most 65,536
/// tokens (gemini-4-argon, November 2026), recorded ones 4 bytes each: four times that. Spans beyond
/// it are left out.
const MAX_TEXT_BYTES: usize = 1 << 20;

/// Most citations of one answer. The most recorded are 16.
const MAX_CITATIONS: usize = 1024;

/// Longest URL or title that is passed on, in bytes; recorded URLs have up to 300.
const MAX_FIELD_BYTES: usize = 8 << 10;

/// Between the marks that remember how many characters come before, in bytes.
const MARK_BYTES: usize = 1024;

/// The text of one candidate and what it cites. Notes may come before the text that they are about,
/// so spans are only found once all is there.
#[derive(Debug, Default)]
pub(crate) struct CitedText {
    /// As Gemini counts it: answer text only.
    text: String,
    /// Something did not fit any more, so nothing may follow it.
    full: bool,
    /// What the dialect put between.
    inserted: Vec<Insertion>,
    found: Vec<Found>,
}

/// Text of the client's answer that Gemini's offsets do not count.
#[derive(Debug)]
struct Insertion {
    at_byte: usize,
    chars: usize,
}

/// A citation as Gemini gave it.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    bytes: Range<usize>,
    /// What the span says, if Gemini repeats it.
    segment: Option<String>,
    url: String,
    title: String,
}

/// A span of text and the page that it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Citation {
    /// In characters of the candidate's whole text, with what was inserted.
    pub(crate) chars: Range<usize>,
    pub(crate) url: String,
    /// Not empty: the URL where Gemini gives none.
    pub(crate) title: String,
}

impl CitedText {
    /// Answer text of Gemini, in order.
    pub(crate) fn push(&mut self, text: &str) {
        self.full |= self.text.len() + text.len() > MAX_TEXT_BYTES;
        if !self.full {
            self.text.push_str(text);
        }
    }

    /// Text that the dialect makes of something else, code for instance.
    pub(crate) fn insert(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.inserted.push(Insertion {
            at_byte: self.text.len(),
            chars: text.chars().count(),
        });
    }

    /// Remembers what notes cite. Streams repeat notes: each citation counts once.
    pub(crate) fn note(&mut self, notes: &Notes<'_>) {
        for found in metadata::read(notes) {
            let fits = found.url.len().max(found.title.len()) <= MAX_FIELD_BYTES;
            if fits && self.found.len() < MAX_CITATIONS && !self.found.contains(&found) {
                self.found.push(found);
            }
        }
    }

    /// Whether no note that cites has been seen.
    pub(crate) fn cites_nothing(&self) -> bool {
        self.found.is_empty()
    }

    /// The citations whose span is in the text, in Gemini's order.
    pub(crate) fn citations(&self) -> Vec<Citation> {
        if self.found.is_empty() {
            return Vec::new();
        }
        let marks = self.marks();
        let citations = self.found.iter().filter_map(|found| {
            let bytes = self.locate(found)?;
            // What was inserted right at an edge is outside the span.
            let start = self.chars_before(&marks, bytes.start)
                + self.inserted_before(|at_byte| at_byte <= bytes.start);
            let end = self.chars_before(&marks, bytes.end)
                + self.inserted_before(|at_byte| at_byte < bytes.end);
            Some(Citation {
                chars: start..end,
                title: if found.title.is_empty() {
                    found.url.clone()
                } else {
                    found.title.clone()
                },
                url: found.url.clone(),
            })
        });
        citations.collect()
    }

    /// Where the span is. Offsets are from the start of a part (`partIndex`), and all recorded
    /// answers make one part of the text, however many events it came in. Should the text there be
    /// another, it is looked for further on.
    fn locate(&self, found: &Found) -> Option<Range<usize>> {
        let bytes = found.bytes.clone();
        let here = self.text.get(bytes.clone());
        match &found.segment {
            Some(segment) if here != Some(segment) => {
                let rest = self.text.get(bytes.start..)?;
                let start = bytes.start + rest.find(segment.as_str())?;
                Some(start..start + segment.len())
            }
            _ => here.map(|_| bytes),
        }
    }

    fn inserted_before(&self, is_before: impl Fn(usize) -> bool) -> usize {
        let before = self.inserted.iter().filter(|one| is_before(one.at_byte));
        before.map(|one| one.chars).sum()
    }

    /// How many characters come before each multiple of `MARK_BYTES`.
    fn marks(&self) -> Vec<usize> {
        let blocks = self.text.as_bytes().chunks(MARK_BYTES);
        let mut before = 0;
        let marks = blocks.map(|block| {
            let mark = before;
            before += count_chars(block);
            mark
        });
        marks.collect()
    }

    fn chars_before(&self, marks: &[usize], byte: usize) -> usize {
        let block = byte / MARK_BYTES;
        let Some(mark) = marks.get(block) else {
            // The very end of a text that fills its last block.
            return count_chars(self.text.as_bytes());
        };
        let rest = self.text.as_bytes().get(block * MARK_BYTES..byte);
        mark + count_chars(rest.unwrap_or_default())
    }
}

/// Characters that begin in `bytes` of UTF-8.
fn count_chars(bytes: &[u8]) -> usize {
    let is_start = |byte: &&u8| **byte & 0b1100_0000 != 0b1000_0000;
    bytes.iter().filter(is_start).count()
}
