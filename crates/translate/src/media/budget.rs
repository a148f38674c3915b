//! How many attachments one request may hold, counted over all of its messages.
//!
//! How large they may be is bounded by the body's size and by Google.

use crate::invalid_request::{Code, Refusal};

/// Most images in one request (SEC-065).
const MAX_IMAGES: usize = 64;

/// Most files, sounds and videos in one request. SEC-065 bounds only images; Gemini takes at most 10
/// videos (<https://ai.google.dev/gemini-api/docs/video-understanding>, November 2026), so the
/// number of images stops nothing that works.
const MAX_FILES: usize = 64;

/// What a request has taken so far.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    images: usize,
    files: usize,
}

impl Budget {
    /// # Errors
    /// One image too many; the path is empty.
    pub(crate) fn take_image(&mut self) -> Result<(), Refusal> {
        take(&mut self.images, MAX_IMAGES, "images")
    }

    /// # Errors
    /// One file, sound or video too many; the path is empty.
    pub(crate) fn take_file(&mut self) -> Result<(), Refusal> {
        take(&mut self.files, MAX_FILES, "files, sounds and videos")
    }
}

fn take(taken: &mut usize, max: usize, what: &str) -> Result<(), Refusal> {
    *taken = taken.saturating_add(1);
    if *taken <= max {
        return Ok(());
    }
    let problem = format_args!("a request may hold at most {max} {what}");
    Err(Refusal::new(Code::TooLong, "", problem))
}
