//! The body of a batch, passed through but for what policy demands: as a single request that says nothing
//! is not kept by Google, neither are those of a batch (G13, SEC-015).
//!
//! Requests in an uploaded file are out of reach.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::edits::{Edits, present};
use crate::{
    InvalidRequest,
    json::{Bounded, Object, read_body},
    native::BatchOf,
};

/// Most requests of a batch. Google limits their bytes only (20 MB inline,
/// <https://ai.google.dev/gemini-api/docs/batch-api>, November 2026), and the smallest has about 60.
const MAX_REQUESTS: usize = 400_000;

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow, default)]
    batch: Option<Object<Batch<'a>>>,
}

#[derive(Deserialize)]
struct Batch<'a> {
    #[serde(borrow, default, rename = "inputConfig", alias = "input_config")]
    input: Option<Object<Input<'a>>>,
}

#[derive(Deserialize)]
struct Input<'a> {
    #[serde(borrow, default)]
    requests: Option<Object<Requests<'a>>>,
}

#[derive(Deserialize)]
struct Requests<'a> {
    #[serde(borrow, default)]
    requests: Option<Bounded<Object<Inlined<'a>>, MAX_REQUESTS>>,
}

#[derive(Deserialize)]
struct Inlined<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    request: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Stored<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    store: Option<&'a RawValue>,
}

/// The body to send for a client's.
///
/// # Errors
/// [`InvalidRequest`] if it is no JSON object, nests too deep, or holds its requests in another shape than
/// Google documents.
pub fn batch_body(of: BatchOf, body: &[u8]) -> Result<Vec<u8>, InvalidRequest> {
    let Body { batch } = read_body(body)?;
    // It was UTF-8 when it was read.
    let text = std::str::from_utf8(body).unwrap_or_default();
    let mut edits = Edits::of(text);
    let requests = batch
        .and_then(|batch| batch.0.input)
        .and_then(|input| input.0.requests)
        .and_then(|requests| requests.0.requests);
    if of == BatchOf::Generate {
        let requests = requests.as_deref().unwrap_or_default();
        for request in requests.iter().filter_map(|inlined| inlined.0.request) {
            let Ok(Stored { store }) = serde_json::from_str(request.get()) else {
                // No object, or `store` twice: Google refuses it.
                continue;
            };
            match store {
                None => edits.insert_into(request, "store", "false"),
                Some(value) if value.get() == "null" => edits.replace(value, "false"),
                Some(_) => {}
            }
        }
    }
    Ok(edits.apply())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_generate(body: &str) -> Result<String, InvalidRequest> {
        let body = batch_body(BatchOf::Generate, body.as_bytes())?;
        Ok(String::from_utf8(body).unwrap())
    }

    #[test]
    fn no_request_of_a_batch_is_kept_unless_the_client_says_so_sec015() {
        for input in ["inputConfig", "input_config"] {
            let body = |first: &str, second: &str, third: &str| {
                format!(
                    r#"{{"batch": {{"{input}":{{"requests":{{"requests":[ {{"request":{first}}}, {{"request":{second}, "metadata":{{"key":"b"}}}},{{"request":{third}}}]}}}}}}}}"#
                )
            };
            let sent = of_generate(&body(
                r#"{"contents":[]}"#,
                r#"{"store" : true}"#,
                r#"{"store":null}"#,
            ));
            let expected = body(
                r#"{"store":false,"contents":[]}"#,
                r#"{"store" : true}"#,
                r#"{"store":false}"#,
            );
            assert_eq!(sent.unwrap(), expected);
        }
    }

    #[test]
    fn everything_else_is_left_to_google() {
        for body in [
            "{}",
            r#"{"batch":{"displayName":"x"}}"#,
            r#"{"batch":{"inputConfig":{"fileName":"files/abc"}}}"#,
            r#"{"batch":{"inputConfig":{"requests":{"requests":[{"request":7},{}]}}}}"#,
        ] {
            assert_eq!(of_generate(body).unwrap(), body);
        }
        let embed = r#"{"batch":{"inputConfig":{"requests":{"requests":[{"request":{}}]}}}}"#;
        let sent = batch_body(BatchOf::Embed, embed.as_bytes()).unwrap();
        assert_eq!(sent, embed.as_bytes());
    }

    #[test]
    fn another_shape_could_hide_requests_and_is_refused() {
        for body in [
            "[]",
            r#"{"batch":[]}"#,
            r#"{"batch":{"inputConfig":{"requests":[{"request":{}}]}}}"#,
            r#"{"batch":{},"batch":{}}"#,
            r#"{"batch":{"inputConfig":{},"input_config":{}}}"#,
        ] {
            assert!(of_generate(body).is_err(), "{body}");
        }
    }
}
