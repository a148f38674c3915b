//! What the real API answers to a request that is well-formed and makes no sense to it.
//!
//! Texts are those of recorded bodies and public bug reports (read November 2026), or say "no
//! recording" where none was found and the words are ours. It does not decide when one applies:
//! `check` and scripts do.

use crate::google_error::GoogleError;

/// `* GenerateContentRequest.contents: …`: the place and the reason.
pub(crate) fn invalid_field(request: &str, text: impl AsRef<str>) -> GoogleError {
    GoogleError::invalid_argument(format!("* {request}.{}\n", text.as_ref()))
}

/// A reason that Google keeps to itself.
pub(crate) fn opaque() -> GoogleError {
    GoogleError::invalid_argument("Request contains an invalid argument.")
}

/// A feature that a model does not have, as "{feature} is not enabled for models/{model}".
pub(crate) fn not_enabled(feature: &str, model: &str) -> GoogleError {
    GoogleError::invalid_argument(format!("{feature} is not enabled for models/{model}"))
}

pub(crate) fn function_call_turn_order() -> GoogleError {
    GoogleError::invalid_argument(
        "Please ensure that function call turn comes immediately after a user turn or after a \
         function response turn.",
    )
}

pub(crate) fn function_response_turn_order() -> GoogleError {
    GoogleError::invalid_argument(
        "Please ensure that function response turn comes immediately after a function call turn.",
    )
}

pub(crate) fn function_response_count() -> GoogleError {
    GoogleError::invalid_argument(
        "Please ensure that the number of function response parts is equal to the number of \
         function call parts of the function call turn.",
    )
}

/// No recording.
pub(crate) fn function_response_mismatch() -> GoogleError {
    GoogleError::invalid_argument(
        "Please ensure that the names and ids of function response parts are equal to those of the \
         function call parts of the function call turn.",
    )
}

pub(crate) fn model_turn_prefill() -> GoogleError {
    GoogleError::invalid_argument("Requests ending with a model turn are not supported.")
}

/// `position` counts turns from 1.
pub(crate) fn missing_thought_signature(function: &str, position: usize) -> GoogleError {
    GoogleError::invalid_argument(format!(
        "Function call is missing a thought_signature in functionCall parts. This is required for \
         tools to work correctly, and missing thought_signature may lead to degraded model \
         performance. Additional data, function call `default_api:{function}` , position \
         {position}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for \
         more details."
    ))
}

pub(crate) fn corrupted_thought_signature() -> GoogleError {
    GoogleError::invalid_argument("Corrupted thought signature.")
}

pub(crate) fn invalid_thought_signature() -> GoogleError {
    GoogleError::invalid_argument("Invalid thought signature.")
}

pub(crate) fn cached_content_conflict() -> GoogleError {
    GoogleError::invalid_argument(
        "CachedContent can not be used with GenerateContent request setting system_instruction, \
         tools or tool_config.\n\nProposed fix: move those values to CachedContent from \
         GenerateContent request.",
    )
}

pub(crate) fn multiple_candidates() -> GoogleError {
    GoogleError::invalid_argument("Multiple candidates is not enabled for this model")
}

pub(crate) fn thinking_level_unsupported() -> GoogleError {
    GoogleError::invalid_argument("Thinking level is not supported for this model.")
}

pub(crate) fn thinking_level_not_of_model(level: &str) -> GoogleError {
    GoogleError::invalid_argument(format!(
        "Thinking level {level} is not supported for this model. Please retry with other thinking \
         level."
    ))
}

pub(crate) fn thinking_level_and_budget() -> GoogleError {
    GoogleError::invalid_argument(
        "You can only set only one of thinking budget and thinking level.",
    )
}

/// No recording.
pub(crate) fn thinking_budget_unsupported() -> GoogleError {
    GoogleError::invalid_argument("Thinking budget is not supported for this model.")
}

pub(crate) fn thinking_budget_out_of_range(budget: i64, least: i64, most: i64) -> GoogleError {
    GoogleError::invalid_argument(format!(
        "The thinking budget {budget} is invalid. Please choose a value between {least} and {most}."
    ))
}

pub(crate) fn thinking_cannot_be_off() -> GoogleError {
    GoogleError::invalid_argument("Budget 0 is invalid. This model only works in thinking mode.")
}

/// Of chat models before 2.5; other kinds say that thinking [`not_enabled`] is.
pub(crate) fn thinking_unsupported() -> GoogleError {
    GoogleError::invalid_argument("thinking_config is not supported.")
}

pub(crate) fn json_mode_with_functions() -> GoogleError {
    GoogleError::invalid_argument(
        "Function calling with a response mime type: 'application/json' is unsupported",
    )
}

pub(crate) fn json_mode_with_tools() -> GoogleError {
    GoogleError::invalid_argument(
        "Tool use with a response mime type: 'application/json' is unsupported",
    )
}

pub(crate) fn search_with_functions() -> GoogleError {
    GoogleError::invalid_argument("Tool use with function calling is unsupported")
}

pub(crate) fn server_side_tools_not_included() -> GoogleError {
    GoogleError::invalid_argument(
        "Please enable tool_config.include_server_side_tool_invocations to use Built-in tools with \
         Function calling.",
    )
}

pub(crate) fn calling_config_without_functions() -> GoogleError {
    GoogleError::invalid_argument("Function calling config is set without function_declarations.")
}

/// No recording.
pub(crate) fn allowed_names_without_any() -> GoogleError {
    GoogleError::invalid_argument(
        "Function calling config allowed_function_names can only be set with the modes ANY and \
         VALIDATED.",
    )
}

pub(crate) fn duplicate_function(name: &str) -> GoogleError {
    GoogleError::invalid_argument(format!("Duplicate function declaration found: {name}"))
}

/// `asked` and `accepted` are lists of modalities.
pub(crate) fn response_modalities(model: &str, asked: &str, accepted: &[&str]) -> GoogleError {
    let accepted: String = accepted.iter().map(|set| format!("* {set}\n")).collect();
    GoogleError::invalid_argument(format!(
        "The requested combination of response modalities ({asked}) is not supported by the model. \
         models/{model} accepts the following combination of response modalities:\n{accepted}"
    ))
}

pub(crate) fn voice_without_audio() -> GoogleError {
    GoogleError::invalid_argument("Cannot extract voices from a non-audio request.")
}

pub(crate) fn unsupported_mime_type(mime_type: &str) -> GoogleError {
    GoogleError::invalid_argument(format!("Unsupported MIME type: {mime_type}"))
}

pub(crate) fn unsupported_file_uri(uri: &str) -> GoogleError {
    GoogleError::invalid_argument(format!("Invalid or unsupported file uri: {uri}"))
}

pub(crate) fn deadline_too_short(seconds: &str) -> GoogleError {
    GoogleError::invalid_argument(format!(
        "Manually set deadline {seconds}s is too short. Minimum allowed deadline is 10s."
    ))
}

pub(crate) fn batch_too_large() -> GoogleError {
    invalid_field(
        "BatchEmbedContentsRequest",
        "requests: at most 100 requests can be in one batch",
    )
}

pub(crate) fn empty_embedding_part() -> GoogleError {
    GoogleError::invalid_argument("EmbedContentRequest.content contains an empty Part.")
}
