//! Turns and their parts.

use super::enums::{LANGUAGE, OUTCOME, PART_RESOLUTION, SCHEDULING};
use super::{Field, Kind, Message, OneOf, choice, field, flag, int32, nested, number, text};

pub(crate) static CONTENT: Message =
    Message::new("Content", &[text("role"), nested("parts", &PART).many()]);

static PART: Message = Message {
    name: "Part",
    fields: &[
        text("text"),
        nested("inlineData", &BLOB),
        nested("fileData", &FILE_DATA),
        nested("functionCall", &FUNCTION_CALL),
        nested("functionResponse", &FUNCTION_RESPONSE),
        nested("executableCode", &EXECUTABLE_CODE),
        nested("codeExecutionResult", &CODE_EXECUTION_RESULT),
        nested("toolCall", &TOOL_CALL),
        nested("toolResponse", &TOOL_RESPONSE),
        flag("thought"),
        field("thoughtSignature", Kind::Bytes),
        nested("videoMetadata", &VIDEO_METADATA),
        nested("mediaResolution", &MEDIA_RESOLUTION),
        structure("partMetadata"),
    ],
    one_of: Some(&OneOf {
        name: "data",
        fields: &[
            "text",
            "inlineData",
            "fileData",
            "functionCall",
            "functionResponse",
            "executableCode",
            "codeExecutionResult",
            "toolCall",
            "toolResponse",
        ],
    }),
};

const fn structure(name: &'static str) -> Field {
    field(name, Kind::Struct)
}

static BLOB: Message = Message::new("Blob", &[text("mimeType"), field("data", Kind::Bytes)]);

static FILE_DATA: Message = Message::new("FileData", &[text("mimeType"), text("fileUri")]);

static FUNCTION_CALL: Message = Message::new(
    "FunctionCall",
    &[text("id"), text("name"), structure("args")],
);

static FUNCTION_RESPONSE: Message = Message::new(
    "FunctionResponse",
    &[
        text("id"),
        text("name"),
        structure("response"),
        nested("parts", &FUNCTION_RESPONSE_PART).many(),
        flag("willContinue"),
        choice("scheduling", &SCHEDULING),
    ],
);

static FUNCTION_RESPONSE_PART: Message = Message {
    name: "FunctionResponsePart",
    fields: &[
        nested("inlineData", &FUNCTION_RESPONSE_BLOB),
        nested("fileData", &FILE_DATA),
    ],
    one_of: Some(&OneOf {
        name: "data",
        fields: &["inlineData", "fileData"],
    }),
};

static FUNCTION_RESPONSE_BLOB: Message = Message::new(
    "FunctionResponseBlob",
    &[text("mimeType"), field("data", Kind::Bytes)],
);

static EXECUTABLE_CODE: Message = Message::new(
    "ExecutableCode",
    &[text("id"), choice("language", &LANGUAGE), text("code")],
);

static CODE_EXECUTION_RESULT: Message = Message::new(
    "CodeExecutionResult",
    &[text("id"), choice("outcome", &OUTCOME), text("output")],
);

static TOOL_CALL: Message = Message::new(
    "ToolCall",
    &[text("id"), text("toolType"), structure("args")],
);

static TOOL_RESPONSE: Message = Message::new(
    "ToolResponse",
    &[text("id"), text("toolType"), structure("response")],
);

static VIDEO_METADATA: Message = Message::new(
    "VideoMetadata",
    &[text("startOffset"), text("endOffset"), number("fps")],
);

static MEDIA_RESOLUTION: Message = Message::new(
    "MediaResolution",
    &[choice("level", &PART_RESOLUTION), int32("numTokens")],
);
