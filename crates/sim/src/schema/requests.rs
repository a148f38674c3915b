//! The bodies of the methods.

use super::config::{GENERATION_CONFIG, SAFETY_SETTING};
use super::contents::CONTENT;
use super::enums::{SERVICE_TIER, TASK_TYPE};
use super::tools::{TOOL, TOOL_CONFIG};
use super::{Message, any, choice, flag, int32, nested, text};

pub(crate) static GENERATE_CONTENT: Message = Message::new(
    "GenerateContentRequest",
    &[
        text("model"),
        nested("contents", &CONTENT).many(),
        nested("systemInstruction", &CONTENT),
        nested("generationConfig", &GENERATION_CONFIG),
        nested("safetySettings", &SAFETY_SETTING).many(),
        nested("tools", &TOOL).many(),
        nested("toolConfig", &TOOL_CONFIG),
        text("cachedContent"),
        choice("serviceTier", &SERVICE_TIER),
        flag("store"),
        text("continuationToken"),
    ],
);

pub(crate) static COUNT_TOKENS: Message = Message::new(
    "CountTokensRequest",
    &[
        text("model"),
        nested("contents", &CONTENT).many(),
        nested("generateContentRequest", &GENERATE_CONTENT),
    ],
);

pub(crate) static EMBED_CONTENT: Message = Message::new(
    "EmbedContentRequest",
    &[
        text("model"),
        nested("content", &CONTENT),
        choice("taskType", &TASK_TYPE),
        text("title"),
        int32("outputDimensionality"),
        nested("embedContentConfig", &EMBED_CONTENT_CONFIG),
    ],
);

static EMBED_CONTENT_CONFIG: Message = Message::new(
    "EmbedContentConfig",
    &[
        choice("taskType", &TASK_TYPE),
        text("title"),
        int32("outputDimensionality"),
        flag("autoTruncate"),
        flag("documentOcr"),
        flag("audioTrackExtraction"),
    ],
);

pub(crate) static BATCH_EMBED_CONTENTS: Message = Message::new(
    "BatchEmbedContentsRequest",
    &[text("model"), nested("requests", &EMBED_CONTENT).many()],
);

pub(crate) static PREDICT: Message = Message::new(
    "PredictRequest",
    &[any("instances").many(), any("parameters")],
);
