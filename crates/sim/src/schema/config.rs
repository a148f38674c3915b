//! How to generate: limits, sampling, thinking, form of the answer, safety.

use super::enums::{
    HARM_BLOCK_THRESHOLD, HARM_CATEGORY, MEDIA_RESOLUTION, MODALITY, THINKING_LEVEL,
};
use super::tools::SCHEMA;
use super::{Message, any, choice, flag, int32, nested, number, text};

pub(crate) static GENERATION_CONFIG: Message = Message::new(
    "GenerationConfig",
    &[
        text("stopSequences").many(),
        text("responseMimeType"),
        nested("responseSchema", &SCHEMA),
        any("responseJsonSchema"),
        any("_responseJsonSchema"),
        any("responseFormat"),
        choice("responseModalities", &MODALITY).many(),
        int32("candidateCount"),
        int32("maxOutputTokens"),
        number("temperature"),
        number("topP"),
        int32("topK"),
        int32("seed"),
        number("presencePenalty"),
        number("frequencyPenalty"),
        flag("responseLogprobs"),
        int32("logprobs"),
        flag("enableEnhancedCivicAnswers"),
        nested("speechConfig", &SPEECH_CONFIG),
        nested("thinkingConfig", &THINKING_CONFIG),
        nested("imageConfig", &IMAGE_CONFIG),
        choice("mediaResolution", &MEDIA_RESOLUTION),
    ],
);

static THINKING_CONFIG: Message = Message::new(
    "ThinkingConfig",
    &[
        flag("includeThoughts"),
        int32("thinkingBudget"),
        choice("thinkingLevel", &THINKING_LEVEL),
    ],
);

static IMAGE_CONFIG: Message =
    Message::new("ImageConfig", &[text("aspectRatio"), text("imageSize")]);

static SPEECH_CONFIG: Message = Message::new(
    "SpeechConfig",
    &[
        nested("voiceConfig", &VOICE_CONFIG),
        nested("multiSpeakerVoiceConfig", &MULTI_SPEAKER_VOICE_CONFIG),
        text("languageCode"),
    ],
);

static MULTI_SPEAKER_VOICE_CONFIG: Message = Message::new(
    "MultiSpeakerVoiceConfig",
    &[nested("speakerVoiceConfigs", &SPEAKER_VOICE_CONFIG).many()],
);

static SPEAKER_VOICE_CONFIG: Message = Message::new(
    "SpeakerVoiceConfig",
    &[text("speaker"), nested("voiceConfig", &VOICE_CONFIG)],
);

static VOICE_CONFIG: Message = Message::new(
    "VoiceConfig",
    &[nested("prebuiltVoiceConfig", &PREBUILT_VOICE_CONFIG)],
);

static PREBUILT_VOICE_CONFIG: Message = Message::new("PrebuiltVoiceConfig", &[text("voiceName")]);

pub(crate) static SAFETY_SETTING: Message = Message::new(
    "SafetySetting",
    &[
        choice("category", &HARM_CATEGORY),
        choice("threshold", &HARM_BLOCK_THRESHOLD),
    ],
);
