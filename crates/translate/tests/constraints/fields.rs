//! Names of fields, place by place: Gemini refuses a request with one that it does not know (U5).

use serde_json::Value;

/// A kind of message of the API, the fields it may have, and the kind of each that is a message
/// itself. An array of messages is checked element by element.
///
/// `GenerateContentRequest` and below, of <https://ai.google.dev/api/generate-content> and
/// google-genai 3.4, read 2026-11-24. Schemas, arguments and results are the client's own and end the
/// walk.
const KINDS: &[(&str, &[(&str, &str)])] = &[
    (
        "request",
        &[
            ("contents", "content"),
            ("systemInstruction", "content"),
            ("tools", "tool"),
            ("toolConfig", "toolConfig"),
            ("safetySettings", "safetySetting"),
            ("generationConfig", "generationConfig"),
            ("cachedContent", ""),
            ("serviceTier", ""),
            ("store", ""),
            ("continuationToken", ""),
            ("model", ""),
        ],
    ),
    ("content", &[("role", ""), ("parts", "part")]),
    (
        "part",
        &[
            ("text", ""),
            ("inlineData", "blob"),
            ("fileData", "fileData"),
            ("functionCall", "functionCall"),
            ("functionResponse", "functionResponse"),
            ("executableCode", "executableCode"),
            ("codeExecutionResult", "codeExecutionResult"),
            ("thought", ""),
            ("thoughtSignature", ""),
            ("videoMetadata", "videoMetadata"),
            ("mediaResolution", "mediaResolution"),
        ],
    ),
    (
        "blob",
        &[("mimeType", ""), ("data", ""), ("displayName", "")],
    ),
    (
        "fileData",
        &[("mimeType", ""), ("fileUri", ""), ("displayName", "")],
    ),
    ("functionCall", &[("id", ""), ("name", ""), ("args", "")]),
    (
        "functionResponse",
        &[
            ("id", ""),
            ("name", ""),
            ("response", ""),
            ("parts", "functionResponsePart"),
            ("willContinue", ""),
            ("scheduling", ""),
        ],
    ),
    (
        "functionResponsePart",
        &[("inlineData", "blob"), ("fileData", "fileData")],
    ),
    (
        "executableCode",
        &[("id", ""), ("language", ""), ("code", "")],
    ),
    (
        "codeExecutionResult",
        &[("id", ""), ("outcome", ""), ("output", "")],
    ),
    (
        "videoMetadata",
        &[("startOffset", ""), ("endOffset", ""), ("fps", "")],
    ),
    ("mediaResolution", &[("level", ""), ("numTokens", "")]),
    (
        "tool",
        &[
            ("functionDeclarations", "functionDeclaration"),
            ("googleSearch", ""),
            ("googleSearchRetrieval", ""),
            ("codeExecution", ""),
            ("urlContext", ""),
            ("googleMaps", ""),
            ("fileSearch", ""),
            ("computerUse", ""),
            ("mcpServers", ""),
        ],
    ),
    (
        "functionDeclaration",
        &[
            ("name", ""),
            ("description", ""),
            ("parameters", ""),
            ("parametersJsonSchema", ""),
            ("response", ""),
            ("responseJsonSchema", ""),
            ("behavior", ""),
        ],
    ),
    (
        "toolConfig",
        &[
            ("functionCallingConfig", "functionCallingConfig"),
            ("retrievalConfig", ""),
            ("includeServerSideToolInvocations", ""),
        ],
    ),
    (
        "functionCallingConfig",
        &[("mode", ""), ("allowedFunctionNames", "")],
    ),
    (
        "safetySetting",
        &[("category", ""), ("threshold", ""), ("method", "")],
    ),
    (
        "generationConfig",
        &[
            ("candidateCount", ""),
            ("maxOutputTokens", ""),
            ("temperature", ""),
            ("topP", ""),
            ("topK", ""),
            ("stopSequences", ""),
            ("seed", ""),
            ("presencePenalty", ""),
            ("frequencyPenalty", ""),
            ("responseLogprobs", ""),
            ("logprobs", ""),
            ("responseMimeType", ""),
            ("responseSchema", ""),
            ("responseJsonSchema", ""),
            ("responseModalities", ""),
            ("mediaResolution", ""),
            ("speechConfig", "speechConfig"),
            ("imageConfig", "imageConfig"),
            ("thinkingConfig", "thinkingConfig"),
            ("enableEnhancedCivicAnswers", ""),
        ],
    ),
    (
        "speechConfig",
        &[
            ("voiceConfig", ""),
            ("multiSpeakerVoiceConfig", ""),
            ("languageCode", ""),
        ],
    ),
    ("imageConfig", &[("aspectRatio", ""), ("imageSize", "")]),
    (
        "thinkingConfig",
        &[
            ("includeThoughts", ""),
            ("thinkingLevel", ""),
            ("thinkingBudget", ""),
        ],
    ),
];

/// Finds fields that Gemini does not know, from the top down.
pub(super) fn check(request: &Value, found: &mut Vec<String>) {
    walk("request", request, "", found);
}

fn walk(kind: &str, value: &Value, path: &str, found: &mut Vec<String>) {
    if let Value::Array(items) = value {
        for (index, item) in items.iter().enumerate() {
            walk(kind, item, &format!("{path}[{index}]"), found);
        }
        return;
    }
    let Some((_, known)) = KINDS.iter().find(|(name, _)| *name == kind) else {
        return;
    };
    let Value::Object(fields) = value else {
        if !value.is_null() {
            found.push(format!("{path}: {value} is not a {kind}"));
        }
        return;
    };
    for (name, value) in fields {
        let path = format!("{path}.{name}");
        match known.iter().find(|(known, _)| known == name) {
            Some((_, kind)) => walk(kind, value, &path, found),
            None => found.push(format!("U5: {path}: Cannot find field")),
        }
    }
}
