//! Answers for machines: JSON that fits the schema, or one value of an enumeration (G16, G17).

use serde_json::{Value, json};

use super::sample::Sampler;
use super::{echo, results};
use crate::question::Question;

/// Whether the answer is to be read by a machine.
pub(super) fn is_wanted(question: Question<'_>) -> bool {
    matches!(mime_type(question), "application/json" | "text/x.enum")
}

fn mime_type<'a>(question: Question<'a>) -> &'a str {
    let mime_type = question.config("responseMimeType").and_then(Value::as_str);
    mime_type.unwrap_or_default()
}

/// The answer, `None` where prose will do.
pub(super) fn answer(question: Question<'_>) -> Option<String> {
    let schema = [
        "responseJsonSchema",
        "_responseJsonSchema",
        "responseSchema",
    ]
    .iter()
    .find_map(|name| question.config(name));
    let about = results::listed(question).unwrap_or_else(|| question.asked_text());
    let mut sampler = Sampler::new(&about, &[]);
    match (mime_type(question), schema) {
        ("application/json", Some(schema)) => Some(sampler.value_of(schema).to_string()),
        ("application/json", None) => Some(json!({"reply": echo(question)}).to_string()),
        ("text/x.enum", Some(schema)) => match sampler.value_of(schema) {
            Value::String(text) => Some(text),
            value => Some(value.to_string()),
        },
        _ => None,
    }
}
