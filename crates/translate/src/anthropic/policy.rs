//! What becomes of each parameter of a messages request, for the compatibility page.
//!
//! A name that is not here is ignored, whatever its value: betas and other vendors' extensions.

use crate::compatibility::Parameter;

const IGNORED_CACHE: &str = "Gemini caches prompts by itself";
const ALL_TOOLS_AT_ONCE: &str = "the model is given every tool at once";

/// Parameters of `POST /v1/messages`. `count_tokens` has them too; of what steers the answer only
/// the form is checked there.
pub const PARAMETERS: &[Parameter] = &[
    Parameter::translated("model", "the model that is asked"),
    Parameter::translated("messages", "`contents`"),
    Parameter::translated(
        "messages[].role",
        "`user` and `assistant` (`model`); `system` is an instruction before the first turn, and a \
         user's turn in its place after it",
    ),
    Parameter::translated("messages[].content", "`parts`; empty texts are left out"),
    Parameter::translated(
        "messages[].content[].type",
        "`text`, `image`, `document`, `search_result`, `tool_result` of users; `text`, `thinking`, \
         `redacted_thinking`, `tool_use`, `compaction` of assistants, and what server tools did: \
         code execution as text, anything else dropped; `container_upload` is refused",
    ),
    Parameter::translated("messages[].content[].text", "`text`"),
    Parameter::translated(
        "messages[].content[].source",
        "`inlineData`, `fileData` or `text`; of search results, a line of the text",
    ),
    Parameter::translated(
        "messages[].content[].source.type",
        "`base64`, `url`, `file`; for documents also `text` and `content`",
    ),
    Parameter::translated("messages[].content[].source.media_type", "`mimeType`"),
    Parameter::translated(
        "messages[].content[].source.data",
        "`data`, or `text` of plain text",
    ),
    Parameter::translated(
        "messages[].content[].source.url",
        "`fileUri`, which Google fetches",
    ),
    Parameter::translated(
        "messages[].content[].source.file_id",
        "`fileUri`, for files uploaded to Gemini: `files/…`",
    ),
    Parameter::translated("messages[].content[].source.content", "parts of their own"),
    Parameter::translated("messages[].content[].title", "a text before the document"),
    Parameter::translated("messages[].content[].context", "a text before the document"),
    Parameter::translated(
        "messages[].content[].content",
        "`functionResponse.response` and `functionResponse.parts`; of a search result, text",
    ),
    Parameter::translated("messages[].content[].id", "`functionCall.id`"),
    Parameter::translated("messages[].content[].name", "`functionCall.name`"),
    Parameter::translated("messages[].content[].input", "`functionCall.args`"),
    Parameter::translated(
        "messages[].content[].tool_use_id",
        "`functionResponse.id`, and its name by the call with this id",
    ),
    Parameter::translated(
        "messages[].content[].is_error",
        "the response is under `error` instead of `result`",
    ),
    Parameter::translated("messages[].content[].tool_name", "a line of the result"),
    Parameter::translated(
        "messages[].content[].signature",
        "`thoughtSignature` of the call or text it came with, if it is Gemini's; others are dropped",
    ),
    Parameter::translated("messages[].content[].data", "as `signature`"),
    Parameter::ignored(
        "messages[].content[].thinking",
        "Gemini takes no thoughts back",
    ),
    Parameter::ignored("messages[].content[].cache_control", IGNORED_CACHE),
    Parameter::ignored(
        "messages[].content[].citations",
        "Gemini has no citations in documents; those in earlier answers repeat the documents",
    ),
    Parameter::ignored(
        "messages[].content[].caller",
        "calls come from the model itself",
    ),
    Parameter::ignored(
        "messages[].content[].transformations",
        "Gemini fits images by itself",
    ),
    Parameter::ignored(
        "messages[].content[].toolset_name",
        "toolsets are refused as tools",
    ),
    Parameter::translated("system", "`systemInstruction`"),
    Parameter::translated("tools", "`tools`"),
    Parameter::translated(
        "tools[].type",
        "`custom`: a function; `bash_…`, `text_editor_…`, `memory_…`: a function with Anthropic's \
         schema; `web_search_…`: `googleSearch`; `web_fetch_…`: `urlContext`; `code_execution_…`: \
         `codeExecution`; `tool_search_tool_…`: nothing; `computer_…`, toolsets: refused",
    ),
    Parameter::translated("tools[].name", "`functionDeclarations[].name`"),
    Parameter::translated(
        "tools[].description",
        "`functionDeclarations[].description`",
    ),
    Parameter::translated(
        "tools[].input_schema",
        "`functionDeclarations[].parametersJsonSchema`",
    ),
    Parameter::translated(
        "tools[].strict",
        "calling mode `VALIDATED` for all functions",
    ),
    Parameter::ignored("tools[].cache_control", IGNORED_CACHE),
    Parameter::ignored("tools[].defer_loading", ALL_TOOLS_AT_ONCE),
    Parameter::ignored(
        "tools[].eager_input_streaming",
        "Gemini sends arguments whole",
    ),
    Parameter::ignored("tools[].input_examples", "the schema says what is legal"),
    Parameter::ignored(
        "tools[].allowed_callers",
        "calls come from the model itself",
    ),
    Parameter::ignored(
        "tools[].max_characters",
        "it is the client that shows files",
    ),
    Parameter::ignored("tools[].max_uses", "Google decides how often it searches"),
    Parameter::ignored(
        "tools[].allowed_domains",
        "Google Search takes no such list",
    ),
    Parameter::ignored(
        "tools[].blocked_domains",
        "Google Search takes no such list",
    ),
    Parameter::ignored("tools[].user_location", "Google Search takes no location"),
    Parameter::ignored("tools[].citations", "Gemini quotes no pages"),
    Parameter::ignored(
        "tools[].max_content_tokens",
        "Google decides how much it reads",
    ),
    Parameter::ignored("tools[].use_cache", "Google decides what it fetches anew"),
    Parameter::ignored(
        "tools[].response_inclusion",
        "only what was searched is told",
    ),
    Parameter::translated("tool_choice", "`toolConfig.functionCallingConfig`"),
    Parameter::translated(
        "tool_choice.type",
        "`auto`; `any`: mode `ANY`; `tool`: `ANY` with `allowedFunctionNames`; `none`: `NONE`. \
         Google's own tools cannot be demanded: `auto`",
    ),
    Parameter::translated("tool_choice.name", "`allowedFunctionNames`"),
    Parameter::translated(
        "tool_choice.disable_parallel_tool_use",
        "calls after the first are left out of the answer",
    ),
    Parameter::translated(
        "max_tokens",
        "`generationConfig.maxOutputTokens`, thoughts included",
    ),
    Parameter::translated(
        "temperature",
        "`generationConfig.temperature`, where the model takes it",
    ),
    Parameter::translated("top_p", "`generationConfig.topP`, where the model takes it"),
    Parameter::translated("top_k", "`generationConfig.topK`, where the model takes it"),
    Parameter::translated(
        "stop_sequences",
        "`generationConfig.stopSequences`, at most 5; answers do not say which was met",
    ),
    Parameter::translated("thinking", "`generationConfig.thinkingConfig`"),
    Parameter::translated(
        "thinking.type",
        "`enabled`, `adaptive`, `between_tools`: thoughts are shown; `disabled`: as little thinking \
         as the model allows",
    ),
    Parameter::translated(
        "thinking.budget_tokens",
        "`thinkingBudget`, or the level nearest to it",
    ),
    Parameter::translated("thinking.display", "`omitted`: `includeThoughts` is false"),
    Parameter::translated("output_config", "as its fields"),
    Parameter::translated(
        "output_config.effort",
        "`thinkingLevel` or `thinkingBudget`, unless `thinking` has a budget or is disabled",
    ),
    Parameter::translated("output_config.format", "as its fields"),
    Parameter::translated("output_config.format.type", "`responseMimeType`"),
    Parameter::translated("output_config.format.schema", "`responseJsonSchema`"),
    Parameter::translated("output_format", "as `output_config.format`"),
    Parameter::translated("stream", "`streamGenerateContent`"),
    Parameter::ignored(
        "service_tier",
        "`auto` and `standard_only` are both Gemini's standard tier; any other is refused",
    ),
    Parameter::refused(
        "mcp_servers",
        "remote servers are not called from here, and an answer without their tools would not be \
         the one asked for; an empty list is accepted",
    ),
    Parameter::ignored("cache_control", IGNORED_CACHE),
    Parameter::ignored("container", "there are no containers"),
    Parameter::ignored("context_management", "the conversation is sent as it is"),
    Parameter::ignored("diagnostics", "Gemini does not say why it missed its cache"),
    Parameter::ignored("inference_geo", "Google chooses the region"),
    Parameter::ignored("metadata", "Gemini has no field for it"),
    Parameter::ignored("speed", "Gemini has one speed"),
    Parameter::ignored("user_profile_id", "Gemini has no field for it"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{
        anthropic::{
            message::{Block, Message, SourceObject},
            request::Fields,
            thinking::{OutputConfig, OutputFormat, Thinking},
            tool::{Tool, ToolChoice},
        },
        compatibility::fields_of,
    };

    #[test]
    fn lists_every_field_that_is_read_and_no_other() {
        let structs = [
            ("", fields_of::<Fields<'_>>()),
            ("messages[].", fields_of::<Message<'_>>()),
            ("messages[].content[].", fields_of::<Block<'_>>()),
            (
                "messages[].content[].source.",
                fields_of::<SourceObject<'_>>(),
            ),
            ("tools[].", fields_of::<Tool<'_>>()),
            ("tool_choice.", fields_of::<ToolChoice<'_>>()),
            ("thinking.", fields_of::<Thinking<'_>>()),
            ("output_config.", fields_of::<OutputConfig<'_>>()),
            ("output_config.format.", fields_of::<OutputFormat<'_>>()),
        ];
        let read = structs.iter().flat_map(|(path, fields)| {
            assert!(!fields.is_empty(), "{path}");
            fields.iter().map(move |field| format!("{path}{field}"))
        });
        let read: BTreeSet<String> = read.collect();
        let listed: BTreeSet<String> = PARAMETERS.iter().map(|one| one.name.to_owned()).collect();
        assert_eq!(listed, read);
        assert_eq!(listed.len(), PARAMETERS.len(), "each is listed once");
    }
}
