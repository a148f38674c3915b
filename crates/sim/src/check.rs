//! Refuses request bodies that the real API refuses, with its words; one file per kind of rule.
//!
//! First the form (`proto_json`), then what the fields mean together and to the model. It answers
//! nothing and knows no script: a scripted answer comes only to a request that passed.

mod config;
mod contents;
mod embedding;
mod media;
mod modalities;
mod parameters;
mod safety;
mod signatures;
mod thinking;
mod tools;
mod turns;

use serde_json::{Map, Value};

use crate::call::{Call, Method};
use crate::google_error::GoogleError;
use crate::model_traits::ModelTraits;
use crate::proto_json;
use crate::refusal::{self, invalid_field};
use crate::schema::{self, Message};

type Checked = Result<(), GoogleError>;

/// What the rules look at.
#[derive(Clone, Copy)]
struct Asked<'a> {
    method: Method,
    model: ModelTraits<'a>,
    /// In the form of `proto_json`.
    body: &'a Value,
}

/// The body of a call, in one form, if the real API would take it. `is_known_signature` tells
/// whether a thought signature was given out by a script.
///
/// # Errors
/// The error that the real API gives.
pub(crate) fn check_body(
    call: &Call,
    body: &[u8],
    is_known_signature: &dyn Fn(&str) -> bool,
) -> Result<Value, GoogleError> {
    let Some(message) = message(call.method) else {
        return Ok(Value::Null);
    };
    let body = Value::Object(proto_json::read(parse(body)?, message)?);
    let asked = Asked {
        method: call.method,
        model: ModelTraits::of(call.model_name()),
        body: &body,
    };
    match call.method {
        Method::GenerateContent | Method::StreamGenerateContent => {
            check_generation(asked, is_known_signature)?;
        }
        Method::CountTokens => check_count(asked)?,
        Method::EmbedContent => embedding::check_one(&body)?,
        Method::BatchEmbedContents => embedding::check_batch(asked)?,
        Method::Predict => check_prediction(&body)?,
        Method::ListModels
        | Method::GetModel
        | Method::Upload
        | Method::Files
        | Method::CachedContents
        | Method::Batches => {}
    }
    Ok(body)
}

fn message(method: Method) -> Option<&'static Message> {
    match method {
        Method::GenerateContent | Method::StreamGenerateContent => Some(&schema::GENERATE_CONTENT),
        Method::CountTokens => Some(&schema::COUNT_TOKENS),
        Method::EmbedContent => Some(&schema::EMBED_CONTENT),
        Method::BatchEmbedContents => Some(&schema::BATCH_EMBED_CONTENTS),
        Method::Predict => Some(&schema::PREDICT),
        Method::ListModels
        | Method::GetModel
        | Method::Upload
        | Method::Files
        | Method::CachedContents
        | Method::Batches => None,
    }
}

/// A body of the given form.
///
/// # Errors
/// What is not JSON, and all fields and values that the message does not have.
pub(crate) fn read_message(body: &[u8], message: &Message) -> Result<Value, GoogleError> {
    Ok(Value::Object(proto_json::read(parse(body)?, message)?))
}

fn parse(body: &[u8]) -> Result<Map<String, Value>, GoogleError> {
    let refuse = |text: String| {
        let text = format!("Invalid JSON payload received. {text}");
        GoogleError::invalid_payload(&[(String::new(), text)])
    };
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(refuse("Root element must be a message.".to_owned())),
        Err(error) => Err(refuse(error.to_string())),
    }
}

fn check_generation(asked: Asked<'_>, is_known_signature: &dyn Fn(&str) -> bool) -> Checked {
    contents::check(asked)?;
    check_cache(asked.body)?;
    turns::check(asked)?;
    signatures::check(asked, is_known_signature)?;
    media::check(asked)?;
    tools::check(asked)?;
    modalities::check(asked)?;
    config::check(asked)?;
    thinking::check(asked)?;
    safety::check(asked.body)
}

/// What a cache holds must not be sent beside it (G24).
fn check_cache(body: &Value) -> Checked {
    let conflicting = ["systemInstruction", "tools", "toolConfig"];
    if body.get("cachedContent").is_none() {
        return Ok(());
    }
    if conflicting.iter().any(|name| body.get(*name).is_some()) {
        Err(refusal::cached_content_conflict())
    } else {
        Ok(())
    }
}

/// A request to count is wrapped or is contents, and says its model when wrapped (§6.6).
fn check_count(asked: Asked<'_>) -> Checked {
    const REQUEST: &str = "CountTokensRequest";
    let contents = asked.body.get("contents");
    match (contents, asked.body.get("generateContentRequest")) {
        (Some(_), Some(_)) => Err(invalid_field(
            REQUEST,
            // No recording.
            "generate_content_request: contents and generate_content_request cannot both be set",
        )),
        (None, None) => Err(invalid_field(
            REQUEST,
            "contents: contents is not specified",
        )),
        (Some(_), None) => contents::check_turns(asked.body, REQUEST),
        (None, Some(wrapped)) => {
            let model = wrapped.get("model").and_then(Value::as_str);
            if !model.is_some_and(is_model_name) {
                return Err(invalid_field(
                    REQUEST,
                    "generate_content_request.model: unexpected model name format",
                ));
            }
            contents::check_turns(wrapped, &format!("{REQUEST}.generate_content_request"))
        }
    }
}

fn is_model_name(name: &str) -> bool {
    name.strip_prefix("models/")
        .is_some_and(|name| !name.is_empty() && !name.contains('/'))
}

/// Imagen's request: at least one prompt, one to four pictures (I6).
fn check_prediction(body: &Value) -> Checked {
    const REQUEST: &str = "PredictRequest";
    let instances = body.get("instances").and_then(Value::as_array);
    let has_prompts = instances.is_some_and(|instances| {
        !instances.is_empty()
            && instances.iter().all(|instance| {
                let prompt = instance.get("prompt").and_then(Value::as_str);
                prompt.is_some_and(|prompt| !prompt.is_empty())
            })
    });
    if !has_prompts {
        return Err(invalid_field(
            REQUEST,
            "instances: a prompt is not specified",
        ));
    }
    let count = body.pointer("/parameters/sampleCount");
    if count.is_none_or(|count| matches!(count.as_i64(), Some(1..=4))) {
        Ok(())
    } else {
        Err(GoogleError::invalid_argument(
            "sampleCount must be between 1 and 4.",
        ))
    }
}

#[cfg(test)]
mod tests;
