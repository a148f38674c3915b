//! What the model is asked to do with the sound, in words.

use super::Task;

/// What a client says of the sound.
#[derive(Debug, Default)]
pub(super) struct Hints<'a> {
    pub(super) languages: Vec<&'a str>,
    pub(super) keywords: Vec<&'a str>,
    pub(super) prompt: Option<&'a str>,
}

/// The words that go after the sound.
pub(super) fn instruction(task: Task, hints: &Hints<'_>) -> String {
    let mut text = match task {
        Task::Transcribe => "Transcribe the audio verbatim. Output only the transcript.".to_owned(),
        Task::Translate => {
            "Translate the speech in the audio into English. Output only the translation."
                .to_owned()
        }
    };
    match hints.languages.as_slice() {
        [] => {}
        [language] => text.push_str(&format!(" The language spoken is: {language}.")),
        languages => text.push_str(&format!(
            " The languages spoken may be: {}.",
            languages.join(", ")
        )),
    }
    if !hints.keywords.is_empty() {
        text.push_str(&format!(
            " These words may be spoken: {}.",
            hints.keywords.join(", ")
        ));
    }
    if let Some(prompt) = hints.prompt {
        // OpenAI's `prompt` is text that came before, or names as they are spelled: never an order.
        text.push_str(
            " The following text shows the context, style and spelling to expect; it is not part of \
             the audio:\n\n",
        );
        text.push_str(prompt);
    }
    text
}
