//! Tools, how they may be called, and the `OpenAPI` subset of their parameters.

use super::enums::{BEHAVIOR, CALLING_MODE, ENVIRONMENT, RETRIEVAL_MODE, TYPE};
use super::{Kind, Message, any, choice, field, flag, int32, int64, nested, number, text};

pub(crate) static TOOL: Message = Message::new(
    "Tool",
    &[
        nested("functionDeclarations", &FUNCTION_DECLARATION).many(),
        nested("googleSearch", &GOOGLE_SEARCH),
        nested("googleSearchRetrieval", &GOOGLE_SEARCH_RETRIEVAL),
        nested("codeExecution", &EMPTY_TOOL),
        nested("urlContext", &EMPTY_TOOL),
        nested("computerUse", &COMPUTER_USE),
        nested("fileSearch", &FILE_SEARCH),
        nested("googleMaps", &GOOGLE_MAPS),
        any("mcpServers").many(),
    ],
);

static FUNCTION_DECLARATION: Message = Message::new(
    "FunctionDeclaration",
    &[
        text("name"),
        text("description"),
        choice("behavior", &BEHAVIOR),
        nested("parameters", &SCHEMA),
        any("parametersJsonSchema"),
        nested("response", &SCHEMA),
        any("responseJsonSchema"),
    ],
);

/// Everything that JSON Schema has and this does not is refused (`const`, `$ref`,
/// `additionalProperties` …).
pub(super) static SCHEMA: Message = Message::new(
    "Schema",
    &[
        choice("type", &TYPE),
        text("format"),
        text("title"),
        text("description"),
        flag("nullable"),
        text("enum").many(),
        int64("maxItems"),
        int64("minItems"),
        field("properties", Kind::Map(&SCHEMA)),
        text("required").many(),
        int64("minProperties"),
        int64("maxProperties"),
        int64("minLength"),
        int64("maxLength"),
        text("pattern"),
        any("example"),
        nested("anyOf", &SCHEMA).many(),
        text("propertyOrdering").many(),
        any("default"),
        nested("items", &SCHEMA),
        number("minimum"),
        number("maximum"),
    ],
);

static EMPTY_TOOL: Message = Message::new("Tool", &[]);

static GOOGLE_SEARCH: Message = Message::new(
    "GoogleSearch",
    &[nested("timeRangeFilter", &INTERVAL), any("searchTypes")],
);

static INTERVAL: Message = Message::new("Interval", &[text("startTime"), text("endTime")]);

static GOOGLE_SEARCH_RETRIEVAL: Message = Message::new(
    "GoogleSearchRetrieval",
    &[nested("dynamicRetrievalConfig", &DYNAMIC_RETRIEVAL_CONFIG)],
);

static DYNAMIC_RETRIEVAL_CONFIG: Message = Message::new(
    "DynamicRetrievalConfig",
    &[choice("mode", &RETRIEVAL_MODE), number("dynamicThreshold")],
);

static COMPUTER_USE: Message = Message::new(
    "ComputerUse",
    &[
        choice("environment", &ENVIRONMENT),
        text("excludedPredefinedFunctions").many(),
    ],
);

static FILE_SEARCH: Message = Message::new(
    "FileSearch",
    &[
        text("fileSearchStoreNames").many(),
        text("metadataFilter"),
        int32("topK"),
    ],
);

static GOOGLE_MAPS: Message = Message::new("GoogleMaps", &[flag("enableWidget")]);

pub(crate) static TOOL_CONFIG: Message = Message::new(
    "ToolConfig",
    &[
        nested("functionCallingConfig", &FUNCTION_CALLING_CONFIG),
        nested("retrievalConfig", &RETRIEVAL_CONFIG),
        flag("includeServerSideToolInvocations"),
    ],
);

static FUNCTION_CALLING_CONFIG: Message = Message::new(
    "FunctionCallingConfig",
    &[
        choice("mode", &CALLING_MODE),
        text("allowedFunctionNames").many(),
    ],
);

static RETRIEVAL_CONFIG: Message = Message::new(
    "RetrievalConfig",
    &[nested("latLng", &LAT_LNG), text("languageCode")],
);

static LAT_LNG: Message = Message::new("LatLng", &[number("latitude"), number("longitude")]);
