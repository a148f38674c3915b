//! Speech: a tone for whatever is to be said, and a transcript of whatever is heard (§6.4, §6.5).

use crate::media::{SPEECH_MIME_TYPE, tone};
use crate::question::{File, Question};
use crate::script::{Answer, Media};

/// Length of the tone that is sent, whole or in pieces.
const MILLISECONDS: usize = 200;

/// Pieces of a streamed tone, at most.
const MAX_PIECES: usize = 4;

/// A tone; a stream has several pieces of it.
pub(super) fn answer(question: Question<'_>, chunks: usize) -> Answer {
    let pieces = if question.is_streamed {
        chunks.clamp(1, MAX_PIECES)
    } else {
        1
    };
    let piece = Media {
        mime_type: SPEECH_MIME_TYPE.to_owned(),
        data: tone(MILLISECONDS / pieces),
    };
    Answer {
        media: vec![piece; pieces],
        ..Answer::default()
    }
}

/// What was heard, if that was asked for.
pub(super) fn transcript(said: &str, files: &[File<'_>]) -> Option<String> {
    let lower = said.to_lowercase();
    let is_asked_for = lower.contains("transcri") || lower.contains("translat");
    let heard: Vec<String> = files
        .iter()
        .filter(|file| file.is_audio())
        .map(|file| file.description())
        .collect();
    (is_asked_for && !heard.is_empty()).then(|| {
        format!(
            "This is what the simulator heard in {}.",
            heard.join(" and ")
        )
    })
}
