//! `generationConfig`: ranges, and what a model does not have (G1 to G18).

use serde_json::Value;

use super::tools::{has_built_in_tools, has_functions};
use super::{Asked, Checked};
use crate::call::Method;
use crate::model_traits::Kind;
use crate::refusal::{self, invalid_field, not_enabled};

/// <https://ai.google.dev/api/generate-content#generationconfig> (read November 2026).
const MAX_STOP_SEQUENCES: usize = 5;
const MAX_CANDIDATES: i64 = 8;
const MAX_LOGPROBS: i64 = 20;

const MIME_TYPES: [&str; 6] = [
    "",
    "text/plain",
    "application/json",
    "application/xml",
    "application/yaml",
    "text/x.enum",
];

pub(super) fn check(asked: Asked<'_>) -> Checked {
    let Some(config) = asked.body.get("generationConfig") else {
        return Ok(());
    };
    check_sampling(config)?;
    check_length(asked, config)?;
    check_candidates(asked, config)?;
    check_rare(asked, config)?;
    check_form(asked, config)
}

fn refuse<T>(text: &str) -> Result<T, crate::google_error::GoogleError> {
    Err(invalid_field(
        "GenerateContentRequest.generation_config",
        text,
    ))
}

fn number(config: &Value, name: &str) -> Option<f64> {
    config.get(name).and_then(Value::as_f64)
}

fn whole(config: &Value, name: &str) -> Option<i64> {
    config.get(name).and_then(Value::as_i64)
}

fn check_sampling(config: &Value) -> Checked {
    let is_within = |name, least: f64, most: f64| {
        number(config, name).is_none_or(|number| (least..=most).contains(&number))
    };
    if !is_within("temperature", 0.0, 2.0) {
        return refuse("temperature: temperature must be in the range [0.0, 2.0]");
    }
    if !is_within("topP", 0.0, 1.0) {
        return refuse("top_p: top_p must be in the range [0.0, 1.0]");
    }
    if whole(config, "topK").is_some_and(|top_k| top_k < 1) {
        return refuse("top_k: top_k must be positive");
    }
    Ok(())
}

fn check_length(asked: Asked<'_>, config: &Value) -> Checked {
    if let Some(tokens) = whole(config, "maxOutputTokens") {
        if tokens < 1 {
            return refuse("max_output_tokens: max_output_tokens must be positive");
        }
        let most = asked.model.most_output_tokens(asked.method);
        if most.is_some_and(|most| tokens > most) {
            return Err(refusal::opaque());
        }
    }
    let stops = config.get("stopSequences").and_then(Value::as_array);
    let stops = stops.map_or(&[][..], Vec::as_slice);
    if stops.len() > MAX_STOP_SEQUENCES {
        return refuse("stop_sequences: the number of stop_sequences must not exceed 5");
    }
    if stops.iter().any(|stop| stop.as_str() == Some("")) {
        // No recording.
        return refuse("stop_sequences: a stop sequence must not be empty");
    }
    Ok(())
}

fn check_candidates(asked: Asked<'_>, config: &Value) -> Checked {
    let Some(count) = whole(config, "candidateCount") else {
        return Ok(());
    };
    if !(1..=MAX_CANDIDATES).contains(&count) {
        return refuse("candidate_count: candidate_count must be in the range [1, 8]");
    }
    let is_streamed = asked.method == Method::StreamGenerateContent;
    if count > asked.model.most_candidates() || (is_streamed && count > 1) {
        return Err(refusal::multiple_candidates());
    }
    Ok(())
}

/// What current models do not have (G8, G9).
fn check_rare(asked: Asked<'_>, config: &Value) -> Checked {
    for (name, snake) in [
        ("presencePenalty", "presence_penalty"),
        ("frequencyPenalty", "frequency_penalty"),
    ] {
        let Some(penalty) = number(config, name).filter(|penalty| *penalty != 0.0) else {
            continue;
        };
        if asked.model.is_since_2_5() || asked.model.kind != Kind::Chat {
            return Err(not_enabled("Penalty", asked.model.name));
        }
        if !(-2.0..2.0).contains(&penalty) {
            return refuse(&format!(
                "{snake}: {snake} must be in the range [-2.0, 2.0)"
            ));
        }
    }
    let is_wanted = config.get("responseLogprobs").and_then(Value::as_bool) == Some(true);
    if is_wanted && (asked.model.is_since_2_5() || asked.model.kind != Kind::Chat) {
        return Err(not_enabled("Logprobs", asked.model.name));
    }
    if let Some(count) = whole(config, "logprobs") {
        if !is_wanted {
            return refuse("logprobs: logprobs can only be set with response_logprobs");
        }
        if !(0..=MAX_LOGPROBS).contains(&count) {
            return refuse("logprobs: logprobs must be in the range [0, 20]");
        }
    }
    Ok(())
}

/// JSON mode and its schemas (G16 to G18).
fn check_form(asked: Asked<'_>, config: &Value) -> Checked {
    let mime_type = config.get("responseMimeType").and_then(Value::as_str);
    let mime_type = mime_type.unwrap_or_default();
    if !MIME_TYPES.contains(&mime_type) {
        return refuse(
            "response_mime_type: allowed mimetypes are `text/plain`, `application/json`, \
             `application/xml`, `application/yaml` and `text/x.enum`.",
        );
    }
    let names = [
        "responseSchema",
        "responseJsonSchema",
        "_responseJsonSchema",
    ];
    let schemas = names.iter().filter(|name| config.get(**name).is_some());
    // No recording of the next two.
    match schemas.count() {
        0 => {}
        1 if matches!(mime_type, "application/json" | "text/x.enum") => {}
        1 => return refuse("response_schema: only allowed with a JSON or enum response_mime_type"),
        _ => return refuse("response_schema: only one schema can be set"),
    }
    if matches!(mime_type, "" | "text/plain") {
        return Ok(());
    }
    if matches!(asked.model.kind, Kind::Speech | Kind::SmallChat) {
        return Err(not_enabled("JSON mode", asked.model.name));
    }
    match (asked.model.is_before_gemini_3(), asked.body) {
        (true, body) if has_functions(body) => Err(refusal::json_mode_with_functions()),
        (true, body) if has_built_in_tools(body) => Err(refusal::json_mode_with_tools()),
        _ => Ok(()),
    }
}
