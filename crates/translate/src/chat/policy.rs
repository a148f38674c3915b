//! What becomes of every parameter of a chat request, as data.
//!
//! The names are OpenAI's (openai-python 3.54, November 2026), and those that other vendors' clients
//! send to everybody. Names in Google's other spelling (`cachedContent`) are taken where Google
//! takes them, and not listed again.

mod messages;
#[cfg(test)]
mod tests;

pub(crate) use messages::MESSAGE_PARAMETERS;

use crate::compatibility::Parameter;

const fn translated(name: &'static str, becomes: &'static str) -> Parameter {
    Parameter::translated(name, becomes)
}

const fn ignored(name: &'static str, because: &'static str) -> Parameter {
    Parameter::ignored(name, because)
}

const HINT: &str = "a hint; Gemini has no such setting";
const CALLERS: &str = "for the caller's own records; it is not told to Google";
const CACHE: &str = "Gemini caches by itself, and by `google.cached_content`";

/// `POST /v1/chat/completions`, but for what is inside messages.
pub(crate) const PARAMETERS: &[Parameter] = &[
    translated("model", "the model that is asked"),
    translated(
        "stream",
        "`streamGenerateContent?alt=sse`; the answer is a stream",
    ),
    translated(
        "stream_options.include_usage",
        "a last chunk with the usage",
    ),
    ignored(
        "stream_options.include_obfuscation",
        "answers are not padded",
    ),
    translated(
        "messages",
        "`contents` and `systemInstruction`; at most 2048",
    ),
    // Sampling and limits
    translated(
        "max_completion_tokens",
        "`generationConfig.maxOutputTokens`, lowered to what the model can give; thinking counts",
    ),
    translated("max_tokens", "the same, where the newer field is not given"),
    translated(
        "temperature",
        "`generationConfig.temperature`, 0 to 2, where the model takes one",
    ),
    translated(
        "top_p",
        "`generationConfig.topP`, 0 to 1, where the model takes one",
    ),
    translated(
        "top_k",
        "`generationConfig.topK`, where the model takes one",
    ),
    translated("stop", "`generationConfig.stopSequences`, at most 5"),
    translated("seed", "`generationConfig.seed`, its lower 32 bits"),
    translated("n", "1 to 8 choices: `candidateCount`, or as many calls"),
    translated(
        "logprobs",
        "`generationConfig.responseLogprobs`, where the model takes it",
    ),
    translated("top_logprobs", "`generationConfig.logprobs`, 0 to 20"),
    ignored(
        "presence_penalty",
        "no current model takes one; -2 to 2 is accepted",
    ),
    ignored(
        "frequency_penalty",
        "no current model takes one; -2 to 2 is accepted",
    ),
    // Output
    translated(
        "response_format.type",
        "`text`; `json_object` and `json_schema`: `generationConfig.responseMimeType`",
    ),
    translated(
        "response_format.json_schema.schema",
        "`generationConfig.responseJsonSchema`",
    ),
    ignored(
        "response_format.json_schema.name",
        "Gemini's schemas have no name",
    ),
    ignored(
        "response_format.json_schema.description",
        "a schema's own `description` is what Gemini reads",
    ),
    ignored(
        "response_format.json_schema.strict",
        "Gemini always holds to the schema",
    ),
    translated(
        "response_format.schema",
        "the schema, with `json_object`; not OpenAI's, but common",
    ),
    translated("response_format.response_schema", "the same"),
    translated(
        "modalities",
        "`generationConfig.responseModalities`; `text` alone is what models give unasked",
    ),
    translated(
        "audio.voice",
        "`generationConfig.speechConfig`, OpenAI's names as the nearest of Gemini's",
    ),
    translated(
        "audio.format",
        "how the answer is written: `wav` or `pcm16`; what needs an encoder is refused",
    ),
    translated(
        "image_config.aspect_ratio",
        "`generationConfig.imageConfig.aspectRatio`",
    ),
    translated(
        "image_config.image_size",
        "`generationConfig.imageConfig.imageSize`",
    ),
    // Tools
    translated("tools", "`tools`; at most 512"),
    translated(
        "tools[].type",
        "`function` and `custom`: `functionDeclarations`; `google_search` and `web_search…`: `googleSearch`; `code_execution` and `code_interpreter`: `codeExecution`; `url_context`: `urlContext`; others are refused",
    ),
    translated(
        "tools[].function.name",
        "`name`, made legal where it must be and restored in answers",
    ),
    translated("tools[].function.description", "`description`"),
    translated(
        "tools[].function.parameters",
        "`parametersJsonSchema`, or `parameters` for older models",
    ),
    translated(
        "tools[].function.strict",
        "`functionCallingConfig.mode` `VALIDATED`",
    ),
    translated(
        "tools[].custom.name",
        "`name` of a function with one text, `input`",
    ),
    translated("tools[].custom.description", "`description`"),
    translated("tools[].custom.format.type", "`text` or `grammar`"),
    translated(
        "tools[].custom.format.grammar.syntax",
        "told to the model in words, not enforced",
    ),
    translated(
        "tools[].custom.format.grammar.definition",
        "told to the model in words, not enforced",
    ),
    translated("tools[].google_search", "`googleSearch`"),
    translated("tools[].code_execution", "`codeExecution`"),
    translated("tools[].url_context", "`urlContext`"),
    translated(
        "tool_choice",
        "`auto`; `none` and `required`: `functionCallingConfig.mode`",
    ),
    translated(
        "tool_choice.type",
        "`function`, `custom` or `allowed_tools`",
    ),
    translated(
        "tool_choice.function.name",
        "`allowedFunctionNames`, mode `ANY`",
    ),
    translated(
        "tool_choice.custom.name",
        "`allowedFunctionNames`, mode `ANY`",
    ),
    translated(
        "tool_choice.allowed_tools.mode",
        "`required`: mode `ANY`; `auto`: mode `VALIDATED`",
    ),
    translated(
        "tool_choice.allowed_tools.tools",
        "`allowedFunctionNames`; tools of Google that are not in it are not sent",
    ),
    translated(
        "tool_choice.allowed_tools.tools[].type",
        "that of a declared tool",
    ),
    translated(
        "tool_choice.allowed_tools.tools[].function.name",
        "`allowedFunctionNames`",
    ),
    translated(
        "tool_choice.allowed_tools.tools[].custom.name",
        "`allowedFunctionNames`",
    ),
    ignored(
        "parallel_tool_calls",
        "Gemini has no such setting; it decides how many calls it makes",
    ),
    translated("functions", "as `tools`; answers then use `function_call`"),
    translated("functions[].name", "`name`"),
    translated("functions[].description", "`description`"),
    translated("functions[].parameters", "as `tools[].function.parameters`"),
    translated("functions[].strict", "as `tools[].function.strict`"),
    translated("function_call", "as `tool_choice`: `auto` or `none`"),
    translated("function_call.name", "`allowedFunctionNames`, mode `ANY`"),
    translated("web_search_options", "`tools[].googleSearch`"),
    ignored("web_search_options.search_context_size", HINT),
    ignored("web_search_options.user_location", HINT),
    // Thinking
    translated(
        "reasoning_effort",
        "`generationConfig.thinkingConfig`; thoughts are shown unless it is `none`",
    ),
    translated(
        "reasoning.effort",
        "as `reasoning_effort`; not OpenAI's, but OpenRouter's",
    ),
    translated(
        "reasoning.max_tokens",
        "`thinkingConfig.thinkingBudget`, or the nearest level",
    ),
    translated(
        "reasoning.enabled",
        "false: as `none`; true: thoughts are shown",
    ),
    translated(
        "reasoning.exclude",
        "`thinkingConfig.includeThoughts`, inverted",
    ),
    translated("include_reasoning", "`thinkingConfig.includeThoughts`"),
    translated(
        "thinking.type",
        "`enabled`, `adaptive`, `disabled`; Anthropic's",
    ),
    translated(
        "thinking.budget_tokens",
        "`thinkingConfig.thinkingBudget`, or the nearest level",
    ),
    translated("enable_thinking", "as `reasoning.enabled`; Qwen's"),
    translated(
        "thinking_budget",
        "`thinkingConfig.thinkingBudget`, or the nearest level; Qwen's",
    ),
    // Google's own, in `google`, in `extra_body.google`, and some beside them
    translated("google.cached_content", "`cachedContent`"),
    translated(
        "google.thinking_config.thinking_budget",
        "`thinkingConfig.thinkingBudget`, or the nearest level; not together with another amount",
    ),
    translated(
        "google.thinking_config.thinking_level",
        "`thinkingConfig.thinkingLevel`, or a budget for 2.5; not together with another amount",
    ),
    translated(
        "google.thinking_config.include_thoughts",
        "`thinkingConfig.includeThoughts`",
    ),
    translated("google.safety_settings", "as `safety_settings`"),
    translated("google.image_config", "as `image_config`"),
    ignored(
        "google.thought_tag_marker",
        "thoughts are in `reasoning_content`, not in tags",
    ),
    translated("extra_body.google", "as `google`"),
    translated("extra_body.safety_settings", "as `safety_settings`"),
    translated(
        "safety_settings",
        "`safetySettings`, instead of the deployment's",
    ),
    translated("safety_settings[].category", "`safetySettings[].category`"),
    translated(
        "safety_settings[].threshold",
        "`safetySettings[].threshold`",
    ),
    // Service
    translated(
        "service_tier",
        "`serviceTier`: `default`, `flex`, `priority` and `fast`; `auto` and `scale` leave it to Google",
    ),
    translated("store", "`store`; false unless asked for"),
    ignored("verbosity", HINT),
    ignored("logit_bias", "Gemini has no such setting, and other tokens"),
    ignored("prediction", "it only makes answers faster"),
    ignored(
        "moderation",
        "Gemini's own filters are set by `safety_settings`",
    ),
    ignored("prompt_cache_key", CACHE),
    ignored("prompt_cache_options", CACHE),
    ignored("prompt_cache_retention", CACHE),
    ignored("metadata", CALLERS),
    ignored("safety_identifier", CALLERS),
    ignored("user", CALLERS),
];
