//! Properties of the Responses API that hold for any input: how bytes are cut changes nothing, every
//! stream obeys the grammar of events, and nothing panics.

// Under `cfg(test)` for clippy's allowances, which do not know that all of this is a test.
#[cfg(test)]
mod response_events;

use std::collections::BTreeMap;

use gempool_translate::{
    AnswerMeta, ApiError, Exchange, Features, ModelName, Signing, Target, UpstreamFault,
    responses::ResponsesRequest,
};
use proptest::{
    prelude::*,
    test_runner::{Config, RngSeed},
};

const REQUEST: &[u8] = br#"{"model":"m","input":"hi","store":false,"include":["code_interpreter_call.outputs","message.output_text.logprobs"],
    "tools":[{"type":"custom","name":"g"},{"type":"web_search"}]}"#;

fn meta() -> AnswerMeta {
    AnswerMeta {
        fallback_id: "x".to_owned(),
        created_unix_s: 0,
        model: "m".to_owned(),
    }
}

/// The events, with the end of a failure where it failed.
#[cfg(test)]
fn run<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (String, Result<(), UpstreamFault>) {
    let request = ResponsesRequest::parse(REQUEST).unwrap();
    let mut stream = request.stream_translator(&meta()).unwrap();
    let mut out = Vec::new();
    let result = pieces
        .into_iter()
        .try_for_each(|piece| stream.push(piece, &mut out))
        .and_then(|()| stream.finish(&mut out));
    if let Err(fault) = &result {
        let error = ApiError {
            status: 502,
            message: fault.to_string(),
            kind: "upstream_error",
            param: None,
            code: None,
            retry_after_s: None,
        };
        stream.fail(&error, &mut out);
    }
    (String::from_utf8(out).unwrap(), result)
}

/// Pieces of Gemini streams, good and bad, in any order.
fn stream_bytes() -> impl Strategy<Value = Vec<u8>> {
    let event = prop_oneof![
        Just(r#"{"candidates":[{"content":{"parts":[{"text":"hé\n"}]}}]}"#),
        Just(r#"{"candidates":[{"content":{"parts":[{"text":"t","thought":true}]}}]}"#),
        Just(r#"{"candidates":[{"content":{"parts":[{"text":"","thoughtSignature":"Ci"}]}}]}"#),
        Just(r#"{"candidates":[{"content":{"parts":[{"text":"o"}]},"index":1}]}"#),
        Just(
            r#"{"candidates":[{"content":{"parts":[{"functionCall":{"id":"a","name":"f","args":{"x":1}},"thoughtSignature":"Ci"},{"functionCall":{"name":"g"}}]}}]}"#
        ),
        Just(
            r#"{"candidates":[{"content":{"parts":[{"executableCode":{"code":"1"}},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}}]}"#
        ),
        Just(
            r#"{"candidates":[{"content":{"parts":[{"codeExecutionResult":{"outcome":"OUTCOME_FAILED","output":"x"}},{"inlineData":{"mimeType":"audio/L16","data":"AAE="}}]}}]}"#
        ),
        Just(
            r#"{"candidates":[{"groundingMetadata":{"groundingChunks":[{"web":{"uri":"u"}}],"groundingSupports":[{"segment":{"endIndex":2,"text":"h"},"groundingChunkIndices":[0]}]},"logprobsResult":{"chosenCandidates":[{"token":"a"}]}}]}"#
        ),
        Just(
            r#"{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1,"totalTokenCount":1}}"#
        ),
        Just(r#"{"candidates":[{"finishReason":"SAFETY"}]}"#),
        Just(r#"{"candidates":[{"finishReason":"STOP","index":1}]}"#),
        Just(r#"{"promptFeedback":{"blockReason":"SAFETY"}}"#),
        Just(r#"{"error":{"code":503}}"#),
        Just("{\"candidates\":["),
    ];
    // Most events are framed, or hardly any stream would succeed.
    let framed = (event, prop::bool::weighted(0.95)).prop_map(|(event, framed)| {
        let prefix = if framed { "data: " } else { "" };
        format!("{prefix}{event}\r\n\r\n")
    });
    prop::collection::vec(framed, 0..12).prop_map(|events| events.concat().into_bytes())
}

/// `bytes` cut into pieces of the given sizes, over and over.
fn cut<'a>(mut bytes: &'a [u8], sizes: &'a [usize]) -> impl Iterator<Item = &'a [u8]> {
    let mut sizes = sizes.iter().cycle();
    std::iter::from_fn(move || {
        let size = sizes.next().copied().unwrap_or(1).min(bytes.len());
        let (piece, rest) = bytes.split_at(size);
        bytes = rest;
        (!piece.is_empty()).then_some(piece)
    })
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("null".to_owned()),
        Just("[]".to_owned()),
        Just("{}".to_owned()),
        Just("true".to_owned()),
        Just(r#"[{"type":"input_text","text":"a"}]"#.to_owned()),
        Just(r#"[{"type":"input_image","image_url":"data:image/png;base64,AA=="}]"#.to_owned()),
        Just(r#"[{"type":"function","name":"f"}]"#.to_owned()),
        any::<i64>().prop_map(|number| number.to_string()),
        any::<f64>()
            .prop_filter("JSON has no others", |number| number.is_finite())
            .prop_map(|number| number.to_string()),
        ".{0,20}".prop_map(|text| serde_json::to_string(&text).unwrap_or_default()),
    ]
}

/// An object with a type and some fields.
fn object(
    kinds: &'static [&'static str],
    fields: &'static [&'static str],
) -> impl Strategy<Value = String> {
    let fields = prop::collection::btree_map(prop::sample::select(fields), value(), 0..5);
    (prop::sample::select(kinds), fields).prop_map(|(kind, fields)| {
        let fields = fields
            .iter()
            .map(|(field, value)| format!(r#","{field}":{value}"#));
        format!(r#"{{"type":"{kind}"{}}}"#, fields.collect::<String>())
    })
}

/// Requests with something odd in them.
fn request_bytes() -> impl Strategy<Value = String> {
    const ITEMS: &[&str] = &[
        "message",
        "function_call",
        "function_call_output",
        "custom_tool_call",
        "custom_tool_call_output",
        "reasoning",
        "image_generation_call",
        "item_reference",
        "web_search_call",
        "shell_call",
        "?",
    ];
    const ITEM_FIELDS: &[&str] = &[
        "role",
        "content",
        "call_id",
        "name",
        "arguments",
        "input",
        "output",
        "encrypted_content",
        "result",
        "id",
    ];
    const TOOLS: &[&str] = &["function", "custom", "namespace", "web_search", "mcp", "?"];
    const TOOL_FIELDS: &[&str] = &["name", "parameters", "strict", "format", "tools"];
    const FIELDS: &[&str] = &[
        "instructions",
        "tool_choice",
        "text",
        "reasoning",
        "include",
        "temperature",
        "top_p",
        "top_logprobs",
        "max_output_tokens",
        "metadata",
        "store",
        "stream",
        "service_tier",
        "previous_response_id",
        "background",
    ];
    let items = prop::collection::vec(object(ITEMS, ITEM_FIELDS), 0..4);
    let tools = prop::collection::vec(object(TOOLS, TOOL_FIELDS), 0..3);
    let fields = prop::collection::btree_map(prop::sample::select(FIELDS), value(), 0..3);
    (items, tools, fields).prop_map(|(items, tools, fields)| {
        let fields = fields
            .iter()
            .map(|(field, value)| format!(r#","{field}":{value}"#));
        format!(
            r#"{{"model":"m","input":[{}],"tools":[{}]{}}}"#,
            items.join(","),
            tools.join(","),
            fields.collect::<String>()
        )
    })
}

/// The same cases on every run: a test that fails only sometimes is no test.
fn config() -> Config {
    Config {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_261_125),
        ..Config::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn cutting_a_stream_anywhere_changes_nothing(
        bytes in stream_bytes(),
        sizes in prop::collection::vec(1_usize..40, 1..8),
    ) {
        prop_assert_eq!(run(cut(&bytes, &sizes)), run([bytes.as_slice()]));
    }

    #[test]
    fn every_stream_obeys_the_grammar_and_only_success_ends_as_such(bytes in stream_bytes()) {
        let (out, result) = run([bytes.as_slice()]);
        let checked = response_events::check(&out);
        prop_assert_eq!(checked.response["status"] == "failed", result.is_err());
        prop_assert!(checked.events.len() >= 3);
        if result.is_ok() {
            let items = checked.response["output"].as_array().unwrap().iter();
            let texts = |path| {
                let texts = items.clone().filter_map(|item| item.pointer(path)?.as_str());
                texts.collect::<String>()
            };
            prop_assert_eq!(texts("/content/0/text"), checked.text);
            prop_assert_eq!(texts("/summary/0/text"), checked.thoughts);
        }
    }

    #[test]
    fn a_request_becomes_json_or_an_error_that_names_a_field(body in request_bytes()) {
        for model in ["gemini-2.5-flash", "gemini-3.8-flash"] {
            let model: ModelName = model.parse().unwrap();
            let target = Target {
                model: &model,
                features: Features::default(),
                safety: &[],
                signatures: &BTreeMap::new(),
                signing: Signing::Kept,
                streamed: false,
            };
            let planned = ResponsesRequest::parse(body.as_bytes()).and_then(|request| request.plan(&target));
            match planned {
                Ok(plan) => {
                    for body in plan.bodies {
                        prop_assert!(serde_json::from_slice::<serde_json::Value>(&body).is_ok());
                    }
                }
                Err(error) => prop_assert!(error.param.is_some(), "{}", error),
            }
        }
    }

    #[test]
    fn nothing_panics_on_arbitrary_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = ResponsesRequest::parse(&bytes);
        let _ = ResponsesRequest::parse(REQUEST).unwrap().render(&[&bytes], &meta());
        let _ = run([bytes.as_slice()]);
    }
}
