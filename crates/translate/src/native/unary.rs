//! Whole answers: passed on as they are, after a look at what they cost and whether they are whole.
//!
//! Nothing in them is changed, reordered or reformatted.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    AnswerMeta, JSON, UnaryAnswer, UpstreamFault, Usage,
    answer::{Answer, CallReader},
    gemini::response::{GenerateContentResponse, UsageMetadata},
    json::Object,
    prompt::function_names::FunctionNames,
    upstream_report,
};

/// The answer of `generateContent`.
///
/// One that says nothing, or that ended with a fault of the model's, is worth another try before it
/// is given to the client; given it is, since its finish reason tells a native client all.
///
/// # Errors
/// `Reported`, `Truncated` or `Malformed`; `Empty` if it names no candidate and no reason (B3).
pub(super) fn generated(body: &[u8]) -> Result<UnaryAnswer, UpstreamFault> {
    let response = GenerateContentResponse::parse(body)?;
    let usage = response
        .usage_metadata
        .as_ref()
        .and_then(Usage::from_gemini)
        .unwrap_or_default();
    let empty = match Answer::read(&response, &mut nameless_calls()) {
        Ok(answer) => answer.empty,
        Err(UpstreamFault::Unusable { .. }) => true,
        Err(fault) => return Err(fault),
    };
    Ok(pass_on(body, usage, empty))
}

/// The answer of any other method.
///
/// # Errors
/// `Reported` if it is an error after all; `Truncated` or `Malformed` if it is no JSON object.
pub(super) fn other(body: &[u8]) -> Result<UnaryAnswer, UpstreamFault> {
    if let Some(fault) = upstream_report::parse_report(body) {
        return Err(fault);
    }
    let Object(counted) = serde_json::from_slice::<Object<Counted<'_>>>(body).map_err(|error| {
        if error.is_eof() {
            UpstreamFault::Truncated
        } else {
            UpstreamFault::Malformed
        }
    })?;
    let usage = counted
        .usage_metadata
        .and_then(|usage| serde_json::from_str::<UsageMetadata<'_>>(usage.get()).ok())
        .and_then(|usage| Usage::from_gemini(&usage))
        .unwrap_or_default();
    Ok(pass_on(body, usage, false))
}

/// Embeddings say what they cost, if the model is new enough (E5).
#[derive(Deserialize)]
struct Counted<'a> {
    #[serde(borrow, rename = "usageMetadata")]
    usage_metadata: Option<&'a RawValue>,
}

fn pass_on(body: &[u8], usage: Usage, empty: bool) -> UnaryAnswer {
    UnaryAnswer {
        body: body.to_vec(),
        content_type: JSON,
        usage,
        empty,
        // Native clients send whole parts back, signatures included.
        signatures: Vec::new(),
    }
}

/// Ids are made for calls that have none, and thrown away with the reader: the client sees what
/// Gemini wrote.
fn nameless_calls() -> CallReader {
    let nobody = AnswerMeta {
        fallback_id: String::new(),
        created_unix_s: 0,
        model: String::new(),
    };
    CallReader::new(FunctionNames::default(), "", &nobody)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_every_byte_on_and_reads_the_counts_s2() {
        let body = "{ \"candidates\": [ {\"content\": {\"parts\": [ {\"text\": \"a\", \"new\": 1.0e1 } ]},\r\n\"finishReason\": \"STOP\"} ],\n\"usageMetadata\": {\"promptTokenCount\": 4, \"candidatesTokenCount\": 2, \"thoughtsTokenCount\": 3, \"totalTokenCount\": 9}, \"unknown\": {} }\n";
        let answer = generated(body.as_bytes()).unwrap();
        assert_eq!(answer.body, body.as_bytes());
        assert_eq!(
            (answer.usage.prompt_tokens, answer.usage.completion_tokens),
            (4, 5)
        );
        assert!(!answer.empty && answer.signatures.is_empty());
        assert_eq!(answer.content_type, JSON);
    }

    #[test]
    fn silence_and_faults_of_the_model_are_worth_another_try_but_are_answers() {
        for (candidate, empty) in [
            (r#"{"finishReason":"STOP"}"#, true),
            (
                r#"{"content":{"role":"model"},"finishReason":"STOP"}"#,
                true,
            ),
            (
                r#"{"finishReason":"MALFORMED_FUNCTION_CALL","finishMessage":"x"}"#,
                true,
            ),
            (r#"{"finishReason":"SAFETY"}"#, false),
            (r#"{"finishReason":"MAX_TOKENS"}"#, false),
            (
                r#"{"content":{"parts":[{"functionCall":{"name":"f"}}]}}"#,
                false,
            ),
        ] {
            let body = format!(r#"{{"candidates":[{candidate}]}}"#);
            let answer = generated(body.as_bytes()).unwrap();
            assert_eq!((answer.empty, answer.body), (empty, body.into_bytes()));
        }
        let blocked = br#"{"promptFeedback":{"blockReason":"SAFETY"}}"#;
        assert!(!generated(blocked).unwrap().empty);
        assert_eq!(generated(b"{}"), Err(UpstreamFault::Empty));
    }

    #[test]
    fn other_methods_pass_unchanged_s5_e5() {
        let embedding = br#"{"embeddings":[{"values":[0.10]}],"usageMetadata":{"promptTokenCount":8,"promptTokenDetails":[{"modality":"TEXT","tokenCount":8}]}}"#;
        let answer = other(embedding).unwrap();
        assert_eq!(answer.body, embedding);
        assert_eq!(
            (answer.usage.prompt_tokens, answer.usage.total_tokens),
            (8, 8)
        );
        for body in [
            r#"{"totalTokens":8}"#,
            r#"{"predictions":[{"raiFilteredReason":"no"}]}"#,
            r#"{"usageMetadata":"odd"}"#,
            "{}",
        ] {
            let answer = other(body.as_bytes()).unwrap();
            assert_eq!(
                (answer.body.as_slice(), answer.usage),
                (body.as_bytes(), Usage::default())
            );
        }
    }

    #[test]
    fn an_error_or_half_an_answer_is_a_fault_u8_u9() {
        for read in [generated, other] {
            for report in [
                r#"{"error":{"code":503,"message":"busy"}}"#,
                r#"[{"error":{"code":503,"message":"busy"}}]"#,
            ] {
                assert!(matches!(
                    read(report.as_bytes()),
                    Err(UpstreamFault::Reported {
                        status: Some(503),
                        ..
                    })
                ));
            }
            for (body, fault) in [
                (&b""[..], UpstreamFault::Truncated),
                (b"{\"candidates\":[", UpstreamFault::Truncated),
                (b"<html>", UpstreamFault::Malformed),
                (b"[]", UpstreamFault::Malformed),
                (b"null", UpstreamFault::Malformed),
            ] {
                assert_eq!(read(body), Err(fault));
            }
        }
    }
}
