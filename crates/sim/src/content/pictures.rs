//! Pictures out of models that make them (§6.3).

use crate::question::Question;
use crate::script::{Answer, Media};

/// One picture, after a sentence where text may come too.
pub(super) fn answer(question: Question<'_>) -> Answer {
    let wants_text = question.wants("TEXT") || !question.wants("IMAGE");
    let text = if wants_text {
        vec!["Here is the picture.".to_owned()]
    } else {
        Vec::new()
    };
    let wants_image = question.wants("IMAGE") || !question.wants("TEXT");
    Answer {
        text,
        media: if wants_image {
            vec![Media::default()]
        } else {
            Vec::new()
        },
        ..Answer::default()
    }
}
