//! What becomes of every parameter of `POST /v1/audio/speech`, as data.

use crate::compatibility::Parameter;

/// OpenAI's parameters (openai-python 3.54.0).
pub(crate) const PARAMETERS: &[Parameter] = &[
    Parameter::translated("model", "the model that is asked"),
    Parameter::translated("input", "`contents[].parts[].text`"),
    Parameter::translated(
        "voice",
        "`speechConfig.voiceConfig.prebuiltVoiceConfig.voiceName`: OpenAI's names have a counterpart, Gemini's are taken as they are; custom voices are refused",
    ),
    Parameter::translated(
        "instructions",
        "words before the text, which is how Gemini's speech models are told",
    ),
    Parameter::translated(
        "response_format",
        "`wav`, also if it is not given, or `pcm`: 16-bit little-endian samples, 24 kHz, one channel; `mp3`, `opus`, `aac` and `flac` are refused, since nothing here encodes sound",
    ),
    Parameter::translated("stream_format", "`sse`: events; `audio`: one body"),
    Parameter::ignored(
        "speed",
        "Gemini has no such setting; ask for a pace in `instructions`",
    ),
];
