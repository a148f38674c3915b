//! The fields that request messages have, as a table.
//!
//! Source: the `v1beta` discovery document and proto files of the Generative Language API, read in
//! November 2026. Messages that a gateway would only pass on (schemas, tool results) are open.

/// A message: its fields, and of which message the field's value is, if that is checked too.
pub(crate) struct Message {
    pub(crate) fields: &'static [Field],
}

/// A field by its JSON name.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) message: Option<&'static Message>,
}

const fn open(name: &'static str) -> Field {
    Field {
        name,
        message: None,
    }
}

const fn nested(name: &'static str, message: &'static Message) -> Field {
    Field {
        name,
        message: Some(message),
    }
}

pub(crate) static GENERATE_CONTENT: Message = Message {
    fields: &[
        open("model"),
        nested("contents", &CONTENT),
        nested("systemInstruction", &CONTENT),
        nested("generationConfig", &GENERATION_CONFIG),
        nested("safetySettings", &SAFETY_SETTING),
        nested("tools", &TOOL),
        open("toolConfig"),
        open("cachedContent"),
        open("serviceTier"),
        open("store"),
    ],
};

pub(crate) static COUNT_TOKENS: Message = Message {
    fields: &[
        nested("contents", &CONTENT),
        nested("generateContentRequest", &GENERATE_CONTENT),
    ],
};

pub(crate) static EMBED_CONTENT: Message = Message {
    fields: &[
        open("model"),
        nested("content", &CONTENT),
        open("taskType"),
        open("title"),
        open("outputDimensionality"),
        open("embedContentConfig"),
    ],
};

pub(crate) static BATCH_EMBED_CONTENTS: Message = Message {
    fields: &[open("model"), nested("requests", &EMBED_CONTENT)],
};

static CONTENT: Message = Message {
    fields: &[open("role"), nested("parts", &PART)],
};

static PART: Message = Message {
    fields: &[
        open("text"),
        nested("inlineData", &BLOB),
        nested("fileData", &FILE_DATA),
        nested("functionCall", &FUNCTION_CALL),
        nested("functionResponse", &FUNCTION_RESPONSE),
        open("executableCode"),
        open("codeExecutionResult"),
        open("toolCall"),
        open("toolResponse"),
        open("thought"),
        open("thoughtSignature"),
        open("videoMetadata"),
        open("mediaResolution"),
        open("partMetadata"),
    ],
};

/// Fields of a part of which at least one must be there.
pub(crate) const PART_DATA: &[&str] = &[
    "text",
    "inlineData",
    "fileData",
    "functionCall",
    "functionResponse",
    "executableCode",
    "codeExecutionResult",
    "toolCall",
    "toolResponse",
];

static BLOB: Message = Message {
    fields: &[open("mimeType"), open("data")],
};

static FILE_DATA: Message = Message {
    fields: &[open("mimeType"), open("fileUri")],
};

static FUNCTION_CALL: Message = Message {
    fields: &[open("id"), open("name"), open("args")],
};

static FUNCTION_RESPONSE: Message = Message {
    fields: &[
        open("id"),
        open("name"),
        open("response"),
        open("parts"),
        open("willContinue"),
        open("scheduling"),
    ],
};

static GENERATION_CONFIG: Message = Message {
    fields: &[
        open("stopSequences"),
        open("responseMimeType"),
        open("responseSchema"),
        open("responseJsonSchema"),
        open("_responseJsonSchema"),
        open("responseModalities"),
        open("candidateCount"),
        open("maxOutputTokens"),
        open("temperature"),
        open("topP"),
        open("topK"),
        open("seed"),
        open("presencePenalty"),
        open("frequencyPenalty"),
        open("responseLogprobs"),
        open("logprobs"),
        open("enableEnhancedCivicAnswers"),
        open("speechConfig"),
        nested("thinkingConfig", &THINKING_CONFIG),
        open("imageConfig"),
        open("mediaResolution"),
    ],
};

static THINKING_CONFIG: Message = Message {
    fields: &[
        open("includeThoughts"),
        open("thinkingBudget"),
        open("thinkingLevel"),
    ],
};

static SAFETY_SETTING: Message = Message {
    fields: &[open("category"), open("threshold")],
};

static TOOL: Message = Message {
    fields: &[
        nested("functionDeclarations", &FUNCTION_DECLARATION),
        open("googleSearch"),
        open("googleSearchRetrieval"),
        open("codeExecution"),
        open("urlContext"),
        open("computerUse"),
        open("fileSearch"),
        open("googleMaps"),
        open("mcpServers"),
    ],
};

static FUNCTION_DECLARATION: Message = Message {
    fields: &[
        open("name"),
        open("description"),
        open("behavior"),
        open("parameters"),
        open("parametersJsonSchema"),
        open("response"),
        open("responseJsonSchema"),
    ],
};

/// `snake_case` to `camelCase`: proto3 JSON takes both.
pub(crate) fn to_camel_case(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut after_underscore = false;
    for character in name.chars() {
        match character {
            '_' if !camel.is_empty() => after_underscore = true,
            _ if after_underscore => {
                camel.push(character.to_ascii_uppercase());
                after_underscore = false;
            }
            _ => camel.push(character),
        }
    }
    camel
}

/// `camelCase` to `snake_case`: Google's errors name fields so.
pub(crate) fn to_snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for character in name.chars() {
        if character.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake
}
