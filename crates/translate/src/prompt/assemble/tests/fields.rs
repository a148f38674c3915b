//! The fields that Gemini knows: any other is an error there (U5).
//!
//! Written from <https://ai.google.dev/api/generate-content>, 2026-11-21, and not from our own types.

use serde_json::Value;

/// Fields by the message that holds them; a message's fields hold messages by the same table.
const FIELDS: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "contents",
            "systemInstruction",
            "tools",
            "toolConfig",
            "safetySettings",
            "generationConfig",
            "cachedContent",
            "serviceTier",
            "store",
        ],
    ),
    ("contents", &["role", "parts"]),
    ("systemInstruction", &["role", "parts"]),
    (
        "parts",
        &[
            "text",
            "inlineData",
            "fileData",
            "functionCall",
            "functionResponse",
            "thoughtSignature",
            "mediaResolution",
            "videoMetadata",
        ],
    ),
    ("inlineData", &["mimeType", "data"]),
    ("fileData", &["mimeType", "fileUri"]),
    ("functionCall", &["id", "name", "args"]),
    ("functionResponse", &["id", "name", "response", "parts"]),
    ("mediaResolution", &["level"]),
    (
        "tools",
        &[
            "functionDeclarations",
            "googleSearch",
            "codeExecution",
            "urlContext",
        ],
    ),
    (
        "functionDeclarations",
        &["name", "description", "parameters", "parametersJsonSchema"],
    ),
    ("googleSearch", &[]),
    ("codeExecution", &[]),
    ("urlContext", &[]),
    (
        "toolConfig",
        &["functionCallingConfig", "includeServerSideToolInvocations"],
    ),
    ("functionCallingConfig", &["mode", "allowedFunctionNames"]),
    ("safetySettings", &["category", "threshold"]),
    (
        "generationConfig",
        &[
            "candidateCount",
            "maxOutputTokens",
            "temperature",
            "topP",
            "topK",
            "stopSequences",
            "seed",
            "responseLogprobs",
            "logprobs",
            "responseMimeType",
            "responseJsonSchema",
            "responseSchema",
            "responseModalities",
            "mediaResolution",
            "speechConfig",
            "imageConfig",
            "thinkingConfig",
        ],
    ),
    ("speechConfig", &["voiceConfig"]),
    ("voiceConfig", &["prebuiltVoiceConfig"]),
    ("prebuiltVoiceConfig", &["voiceName"]),
    ("imageConfig", &["aspectRatio", "imageSize"]),
    (
        "thinkingConfig",
        &["includeThoughts", "thinkingLevel", "thinkingBudget"],
    ),
    (
        "schema",
        &[
            "type",
            "title",
            "description",
            "default",
            "example",
            "format",
            "nullable",
            "enum",
            "minimum",
            "maximum",
            "minLength",
            "maxLength",
            "pattern",
            "minItems",
            "maxItems",
            "minProperties",
            "maxProperties",
            "items",
            "properties",
            "required",
            "anyOf",
        ],
    ),
];

/// Fields whose value is the client's.
const FREE: [&str; 6] = [
    "args",
    "response",
    "parametersJsonSchema",
    "responseJsonSchema",
    "videoMetadata",
    "default",
];

/// Paths of fields in a request that Gemini does not know.
pub(super) fn unknown_fields(request: &Value) -> Vec<String> {
    let mut unknown = Vec::new();
    check(request, "", "$", &mut unknown);
    unknown
}

fn check(value: &Value, message: &str, path: &str, unknown: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for item in items {
                check(item, message, path, unknown);
            }
        }
        Value::Object(fields) => {
            let known = FIELDS.iter().find(|(name, _)| *name == message);
            let known = known.map_or(&[][..], |(_, fields)| fields);
            for (name, value) in fields {
                let path = format!("{path}.{name}");
                match (message, name.as_str()) {
                    // Fields of a schema are named by the client.
                    ("properties", _) | ("schema", "items" | "anyOf") => {
                        check(value, "schema", &path, unknown);
                    }
                    ("schema", "properties") => check(value, "properties", &path, unknown),
                    (_, "parameters" | "responseSchema") => check(value, "schema", &path, unknown),
                    (_, name) if FREE.contains(&name) => {}
                    (_, name) if known.contains(&name) => check(value, name, &path, unknown),
                    _ => unknown.push(path),
                }
            }
        }
        _ => {}
    }
}

#[test]
fn finds_what_is_unknown() {
    let request = serde_json::json!({
        "contents": [{"parts": [{"text": "", "thinking": 1}]}],
        "tools": [{"functionDeclarations": [{"parameters": {"properties": {"x": {"const": 1, "type": "STRING"}}}}]}],
        "temperature": 1,
    });
    assert_eq!(
        unknown_fields(&request),
        [
            "$.contents.parts.thinking",
            "$.temperature",
            "$.tools.functionDeclarations.parameters.properties.x.const"
        ]
    );
}
