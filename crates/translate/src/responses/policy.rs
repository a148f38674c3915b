//! What becomes of every field of a request, for the compatibility page.
//!
//! Fields of openai-python 3.54 (`ResponseCreateParamsBase`, `ResponseInputItemParam`, `ToolParam`),
//! read 2026-11-21. A name that is not here is ignored, whatever its value: betas and other vendors'
//! extensions.

#[cfg(test)]
mod tests;

use crate::compatibility::Parameter;

const NO_STATE: &str =
    "nothing is kept between two requests; send the whole conversation in `input`";
const HINT: &str = "meant for OpenAI's own servers";
const REPEATED: &str = "Gemini has no such setting; the answer repeats it";
const OPENAIS_TOOL: &str = "a setting of OpenAI's own tool; Google's has none like it";
const ALL_TOOLS_AT_ONCE: &str = "the model is given every tool at once";

/// Parameters of `POST /v1/responses`.
pub const PARAMETERS: &[Parameter] = &[
    Parameter::translated(
        "model",
        "the model that is asked; models for speech are refused",
    ),
    Parameter::translated("input", "`contents`; a string is one user's turn"),
    Parameter::translated(
        "input[].type",
        "`message` (also left out), `function_call`, `custom_tool_call` and their outputs, \
         `reasoning`, `image_generation_call`; left out are `web_search_call`, \
         `file_search_call`, `code_interpreter_call`, `mcp_call` and `mcp_list_tools`, of \
         which the model's text says what came; `item_reference` is left out for reasoning \
         and refused for anything else, since no item is kept (clients send the items \
         themselves with `store: false`); all others are refused: Gemini has no such tool, \
         or they stand for what a server kept",
    ),
    Parameter::translated(
        "input[].role",
        "`user` and `assistant` (`model`); `system` and `developer` are instructions before \
         the first turn, and a user's turn in their place after it",
    ),
    Parameter::translated("input[].content", "`parts`; empty texts are left out"),
    Parameter::translated(
        "input[].content[].type",
        "`input_text`, `output_text`, `text`; `input_image`, `input_file`, `input_audio` of \
         users; `refusal` of assistants",
    ),
    Parameter::translated("input[].content[].text", "`text`"),
    Parameter::translated("input[].content[].refusal", "`text`"),
    Parameter::translated(
        "input[].content[].image_url",
        "`inlineData`, or `fileData` for an https URL, which Google fetches",
    ),
    Parameter::translated(
        "input[].content[].detail",
        "`mediaResolution`, where the model has levels",
    ),
    Parameter::translated(
        "input[].content[].file_id",
        "`fileData`, for files uploaded to Gemini: `files/…`",
    ),
    Parameter::translated("input[].content[].file_data", "`inlineData`"),
    Parameter::translated(
        "input[].content[].file_url",
        "`fileData`, which Google fetches",
    ),
    Parameter::translated(
        "input[].content[].filename",
        "`mimeType` of data that does not say it",
    ),
    Parameter::translated("input[].content[].input_audio.data", "`inlineData`"),
    Parameter::translated("input[].content[].input_audio.format", "`mimeType`"),
    Parameter::ignored(
        "input[].content[].prompt_cache_breakpoint",
        "Gemini caches prompts by itself",
    ),
    Parameter::ignored(
        "input[].content[].annotations",
        "decoration of an earlier answer",
    ),
    Parameter::ignored(
        "input[].content[].logprobs",
        "decoration of an earlier answer",
    ),
    Parameter::translated(
        "input[].call_id",
        "`id` of `functionCall` and `functionResponse`",
    ),
    Parameter::translated("input[].name", "`functionCall.name`"),
    Parameter::translated(
        "input[].namespace",
        "what comes before the dot in `functionCall.name`",
    ),
    Parameter::translated("input[].arguments", "`functionCall.args`"),
    Parameter::translated(
        "input[].input",
        "`functionCall.args.input` of a custom tool",
    ),
    Parameter::translated(
        "input[].output",
        "`functionResponse.response`, and images in or beside it",
    ),
    Parameter::translated(
        "input[].encrypted_content",
        "`thoughtSignature` of its call, if gempool wrote it; else it is left out",
    ),
    Parameter::translated(
        "input[].result",
        "`inlineData` of a picture that the model made",
    ),
    Parameter::translated("input[].output_format", "`mimeType` of that picture"),
    Parameter::translated("input[].id", "only of an `item_reference`"),
    Parameter::ignored(
        "input[].summary",
        "the model is not given its own reasoning as text",
    ),
    Parameter::ignored("input[].status", "items are taken as they are"),
    Parameter::ignored("input[].phase", "Gemini has no phases"),
    Parameter::translated("instructions", "`systemInstruction`, before anything else"),
    Parameter::translated("tools", "`tools`"),
    Parameter::translated(
        "tools[].type",
        "`function`; `custom`, as a function with one text; `namespace`, as its functions; \
         `web_search` and `web_search_preview` as `googleSearch`; `code_interpreter` as \
         `codeExecution`; `image_generation`, which models that make images do unasked; \
         `file_search`, `mcp`, `tool_search`, `shell`, `local_shell`, `apply_patch`, `computer`, \
         `computer_use_preview` and `programmatic_tool_calling` are refused, with what to \
         do instead",
    ),
    Parameter::translated("tools[].name", "`functionDeclarations[].name`"),
    Parameter::translated(
        "tools[].description",
        "`functionDeclarations[].description`; a namespace's is left out",
    ),
    Parameter::translated(
        "tools[].parameters",
        "`functionDeclarations[].parametersJsonSchema`",
    ),
    Parameter::translated("tools[].strict", "mode `VALIDATED` instead of `AUTO`"),
    Parameter::translated(
        "tools[].format",
        "told to the model in the description of a custom tool: Gemini cannot enforce a \
         grammar",
    ),
    Parameter::translated("tools[].tools", "functions by the name `namespace.name`"),
    Parameter::translated(
        "tools[].size",
        "`imageConfig.aspectRatio`, for `1024x1024`, `1024x1536` and `1536x1024`",
    ),
    Parameter::ignored("tools[].defer_loading", ALL_TOOLS_AT_ONCE),
    Parameter::ignored("tools[].allowed_callers", "only the model calls"),
    Parameter::ignored("tools[].async", "who calls waits for the result"),
    Parameter::ignored(
        "tools[].output_schema",
        "Gemini is given results as they are",
    ),
    Parameter::ignored("tools[].user_location", OPENAIS_TOOL),
    Parameter::ignored("tools[].search_context_size", OPENAIS_TOOL),
    Parameter::ignored("tools[].search_content_types", OPENAIS_TOOL),
    Parameter::ignored("tools[].filters", OPENAIS_TOOL),
    Parameter::ignored("tools[].external_web_access", OPENAIS_TOOL),
    Parameter::ignored("tools[].container", OPENAIS_TOOL),
    Parameter::ignored("tools[].action", OPENAIS_TOOL),
    Parameter::ignored("tools[].background", OPENAIS_TOOL),
    Parameter::ignored("tools[].input_fidelity", OPENAIS_TOOL),
    Parameter::ignored("tools[].input_image_mask", OPENAIS_TOOL),
    Parameter::ignored("tools[].model", OPENAIS_TOOL),
    Parameter::ignored("tools[].moderation", OPENAIS_TOOL),
    Parameter::ignored("tools[].output_compression", OPENAIS_TOOL),
    Parameter::ignored("tools[].output_format", OPENAIS_TOOL),
    Parameter::ignored("tools[].partial_images", OPENAIS_TOOL),
    Parameter::ignored("tools[].quality", OPENAIS_TOOL),
    Parameter::translated("tool_choice", "`toolConfig.functionCallingConfig`"),
    Parameter::translated(
        "tool_choice.type",
        "`function` and `custom`: mode `ANY`; `allowed_tools`: `ANY` or `VALIDATED`; a tool \
         of Google's: mode `NONE`, so that only that tool is left, and `responseModalities` for \
         `image_generation`; others are refused",
    ),
    Parameter::translated(
        "tool_choice.name",
        "`allowedFunctionNames`; must be among the tools",
    ),
    Parameter::translated(
        "tool_choice.namespace",
        "what comes before the dot in the name",
    ),
    Parameter::translated(
        "tool_choice.mode",
        "`ANY` for `required`, `VALIDATED` for `auto`",
    ),
    Parameter::translated(
        "tool_choice.tools",
        "`allowedFunctionNames`; must be among the tools",
    ),
    Parameter::ignored("parallel_tool_calls", REPEATED),
    Parameter::ignored("max_tool_calls", REPEATED),
    Parameter::translated("text", "`generationConfig`"),
    Parameter::translated("text.format.type", "`responseMimeType`"),
    Parameter::translated("text.format.schema", "`responseJsonSchema`"),
    Parameter::ignored("text.format.name", "Gemini's schemas have no names"),
    Parameter::ignored(
        "text.format.description",
        "Gemini's schemas describe themselves",
    ),
    Parameter::ignored("text.format.strict", "Gemini keeps to a schema in any case"),
    Parameter::ignored("text.verbosity", REPEATED),
    Parameter::translated("reasoning", "`thinkingConfig`"),
    Parameter::translated(
        "reasoning.effort",
        "`thinkingBudget` or `thinkingLevel`, whichever the model has",
    ),
    Parameter::translated(
        "reasoning.summary",
        "`includeThoughts`; thoughts are in `reasoning` items",
    ),
    Parameter::translated("reasoning.generate_summary", "as `summary`, its newer name"),
    Parameter::ignored(
        "reasoning.context",
        "Gemini is given all signatures that come back",
    ),
    Parameter::ignored("reasoning.mode", "Gemini has one mode"),
    Parameter::translated(
        "include",
        "`reasoning.encrypted_content`: signatures of calls; \
         `code_interpreter_call.outputs`: what code printed; \
         `message.output_text.logprobs`: `responseLogprobs`; others ask for what OpenAI's \
         tools found",
    ),
    Parameter::translated(
        "max_output_tokens",
        "`maxOutputTokens`, not above the model's limit",
    ),
    Parameter::translated("temperature", "`temperature`, where the model takes it"),
    Parameter::translated("top_p", "`topP`, where the model takes it; 0 is left out"),
    Parameter::translated("top_logprobs", "`logprobs`, if `include` asks for them"),
    Parameter::translated(
        "store",
        "`store`: whether Google may keep it, `false` unless given; `false` also includes \
         signatures",
    ),
    Parameter::translated("stream", "`streamGenerateContent`"),
    Parameter::ignored("stream_options", "no padding is sent"),
    Parameter::translated(
        "service_tier",
        "`serviceTier` for `flex`, `priority`, `fast` and `ultrafast`; the answer has the \
         one that served it",
    ),
    Parameter::ignored(
        "truncation",
        "Gemini refuses what is too long; the answer repeats it",
    ),
    Parameter::ignored("metadata", "the answer repeats it"),
    Parameter::ignored("user", "the answer repeats it"),
    Parameter::ignored("safety_identifier", "the answer repeats it"),
    Parameter::ignored("prompt_cache_key", HINT),
    Parameter::ignored("prompt_cache_retention", HINT),
    Parameter::ignored("prompt_cache_options", HINT),
    Parameter::ignored(
        "context_management",
        "Gemini is given the conversation as it is",
    ),
    Parameter::ignored("moderation", "Google's own filters apply"),
    Parameter::ignored("image", HINT),
    Parameter::ignored("access_programs", HINT),
    Parameter::refused(
        "background",
        "`true`: no response is kept to be fetched later; use `stream`",
    ),
    Parameter::ignored("background_options", "there is no background"),
    Parameter::refused("previous_response_id", NO_STATE),
    Parameter::refused("conversation", NO_STATE),
    Parameter::refused(
        "prompt",
        "no templates are kept; send `instructions` and `input`",
    ),
];
