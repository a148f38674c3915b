//! The bodies that make resources.

use super::contents::CONTENT;
use super::tools::{TOOL, TOOL_CONFIG};
use super::{Field, Kind, Message, any, field, int64, nested, text};

pub(crate) static CREATE_FILE: Message =
    Message::new("CreateFileRequest", &[nested("file", &FILE)]);

static FILE: Message = Message::new(
    "File",
    &[
        text("name"),
        text("displayName"),
        text("mimeType"),
        int64("sizeBytes"),
    ],
);

pub(crate) static CACHED_CONTENT: Message = Message::new(
    "CachedContent",
    &[
        text("name"),
        text("model"),
        text("displayName"),
        nested("contents", &CONTENT).many(),
        nested("systemInstruction", &CONTENT),
        nested("tools", &TOOL).many(),
        nested("toolConfig", &TOOL_CONFIG),
        text("ttl"),
        text("expireTime"),
    ],
);

pub(crate) static START_BATCH: Message =
    Message::new("BatchGenerateContentRequest", &[nested("batch", &BATCH)]);

static BATCH: Message = Message::new(
    "GenerateContentBatch",
    &[
        text("model"),
        text("displayName"),
        nested("inputConfig", &INPUT_CONFIG),
        int64("priority"),
    ],
);

static INPUT_CONFIG: Message = Message::new(
    "InputConfig",
    &[text("fileName"), nested("requests", &INLINED_REQUESTS)],
);

static INLINED_REQUESTS: Message = Message::new(
    "InlinedRequests",
    &[nested("requests", &INLINED_REQUEST).many()],
);

/// The requests themselves are read when they are answered.
static INLINED_REQUEST: Message = Message::new("InlinedRequest", &[any("request"), METADATA]);

const METADATA: Field = field("metadata", Kind::Struct);
