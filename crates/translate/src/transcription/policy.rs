//! What becomes of every parameter of the two endpoints, as data.

use crate::compatibility::Parameter;

/// `POST /v1/audio/transcriptions`, and `/translations`, which has the first five
/// (openai-python 3.54.0).
pub(crate) const PARAMETERS: &[Parameter] = &[
    Parameter::translated("file", "`contents[].parts[].inlineData`"),
    Parameter::translated("model", "the model that is asked"),
    Parameter::translated("prompt", "words after the sound: what to expect in it"),
    Parameter::translated(
        "response_format",
        "`json`, also if it is not given, or `text`; `verbose_json`, `srt`, `vtt` and `diarized_json` are refused, since the model knows no times and no speakers",
    ),
    Parameter::translated(
        "temperature",
        "`generationConfig.temperature`, where the model takes it",
    ),
    Parameter::translated("language", "words after the sound"),
    Parameter::translated("languages", "words after the sound"),
    Parameter::translated("keywords", "words after the sound"),
    Parameter::translated(
        "stream",
        "events `transcript.text.delta` and `transcript.text.done`",
    ),
    Parameter::ignored("chunking_strategy", "the sound is heard as a whole"),
    Parameter::refused("include", "Gemini gives no probabilities of a transcript"),
    Parameter::refused("timestamp_granularities", "the model knows no times"),
    Parameter::refused("known_speaker_names", "the model tells no speakers apart"),
    Parameter::refused(
        "known_speaker_references",
        "the model tells no speakers apart",
    ),
];
