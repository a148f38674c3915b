//! Properties of Anthropic's dialect that hold for any input: how bytes are cut changes nothing,
//! events are whole, and nothing panics.

use std::collections::BTreeMap;

use gempool_translate::{
    AnswerMeta, Exchange, Features, ModelName, Signing, Target, UpstreamFault,
    anthropic::{CountTokensRequest, MessagesRequest},
};
use proptest::{
    prelude::*,
    test_runner::{Config, RngSeed},
};

const REQUEST: &[u8] = br#"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"hi"}],
    "thinking":{"type":"adaptive"},"tools":[{"type":"web_search_20250305","name":"web_search"}]}"#;

fn meta() -> AnswerMeta {
    AnswerMeta {
        fallback_id: "x".to_owned(),
        created_unix_s: 0,
        model: "m".to_owned(),
    }
}

/// Under `cfg(test)` for clippy's allowances, which do not know that all of this is a test.
#[cfg(test)]
fn run<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<u8>, Result<(), UpstreamFault>) {
    let request = MessagesRequest::parse(REQUEST).unwrap();
    let mut stream = request.stream_translator(&meta()).unwrap();
    let mut out = Vec::new();
    let result = pieces
        .into_iter()
        .try_for_each(|piece| stream.push(piece, &mut out))
        .and_then(|()| stream.finish(&mut out));
    (out, result)
}

/// Pieces of Gemini streams, good and bad, in any order.
fn stream_bytes() -> impl Strategy<Value = Vec<u8>> {
    let event = prop_oneof![
        Just(r#"{"candidates":[{"content":{"parts":[{"text":"hé\n"}]}}]}"#),
        Just(r#"{"candidates":[{"content":{"parts":[{"text":"t","thought":true}]}}]}"#),
        Just(r#"{"candidates":[{"content":{"parts":[{"text":"s","thoughtSignature":"Ci"}]}}]}"#),
        Just(r#"{"candidates":[{"content":{"parts":[{"text":"o"}]},"index":1}]}"#),
        Just(
            r#"{"candidates":[{"content":{"parts":[{"functionCall":{"id":"a","name":"f","args":{"x":1}},"thoughtSignature":"Ci"},{"functionCall":{"name":"f"}}]}}]}"#
        ),
        Just(
            r#"{"candidates":[{"content":{"parts":[{"executableCode":{"code":"1"}},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}}]}"#
        ),
        Just(
            r#"{"candidates":[{"finishReason":"STOP","groundingMetadata":{"webSearchQueries":["q"]}}],"usageMetadata":{"promptTokenCount":1}}"#
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

/// Requests with something odd in them.
fn request_bytes() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        Just("null".to_owned()),
        Just("[]".to_owned()),
        Just("{}".to_owned()),
        Just("true".to_owned()),
        any::<i64>().prop_map(|number| number.to_string()),
        any::<f64>()
            .prop_filter("JSON has no others", |number| number.is_finite())
            .prop_map(|number| number.to_string()),
        ".{0,20}".prop_map(|text| serde_json::to_string(&text).unwrap_or_default()),
    ];
    let block_field = prop_oneof![
        Just("text"),
        Just("source"),
        Just("content"),
        Just("id"),
        Just("input"),
        Just("tool_use_id"),
        Just("signature"),
    ];
    let kind = prop_oneof![
        Just("text"),
        Just("image"),
        Just("document"),
        Just("tool_use"),
        Just("tool_result"),
        Just("thinking"),
        Just("server_tool_use"),
        Just("search_result"),
        Just("?"),
    ];
    let block = (
        kind,
        prop::collection::btree_map(block_field, value.clone(), 0..3),
    )
        .prop_map(|(kind, fields)| {
            let fields = fields
                .iter()
                .map(|(field, value)| format!(r#","{field}":{value}"#));
            format!(r#"{{"type":"{kind}"{}}}"#, fields.collect::<String>())
        });
    let blocks =
        prop::collection::vec(block, 0..3).prop_map(|blocks| format!("[{}]", blocks.join(",")));
    let role = prop_oneof![Just("user"), Just("assistant"), Just("system"), Just("?")];
    let content = prop_oneof![3 => blocks, 1 => value.clone()];
    let message = (role, content)
        .prop_map(|(role, content)| format!(r#"{{"role":"{role}","content":{content}}}"#));
    let field = prop_oneof![
        Just("system"),
        Just("tools"),
        Just("tool_choice"),
        Just("temperature"),
        Just("top_k"),
        Just("stop_sequences"),
        Just("thinking"),
        Just("output_config"),
        Just("metadata"),
        Just("stream"),
    ];
    (
        prop::collection::vec(message, 0..4),
        prop::collection::btree_map(field, value, 0..3),
    )
        .prop_map(|(messages, fields)| {
            let fields = fields
                .iter()
                .map(|(field, value)| format!(r#","{field}":{value}"#));
            let (messages, fields) = (messages.join(","), fields.collect::<String>());
            format!(r#"{{"model":"m","max_tokens":9,"messages":[{messages}]{fields}}}"#)
        })
}

/// The same cases on every run: a test that fails only sometimes is no test.
fn config() -> Config {
    Config {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_261_124),
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
    fn only_a_stream_that_succeeds_ends_with_message_stop(bytes in stream_bytes()) {
        let (out, result) = run([bytes.as_slice()]);
        let end = b"event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
        prop_assert_eq!(out.ends_with(end), result.is_ok());
    }

    #[test]
    fn blocks_open_and_close_in_order(bytes in stream_bytes()) {
        let out = String::from_utf8(run([bytes.as_slice()]).0).unwrap();
        let (mut open, mut next) = (None, 0);
        for event in out.split_terminator("\n\n") {
            let (name, data) = event.split_once("\ndata: ").unwrap();
            let data: serde_json::Value = serde_json::from_str(data).unwrap();
            let kind = data["type"].as_str().unwrap();
            prop_assert_eq!(name, format!("event: {kind}"));
            let index = data["index"].as_u64();
            match kind {
                "content_block_start" => {
                    prop_assert_eq!((open, index), (None, Some(next)));
                    open = index;
                    next += 1;
                }
                "content_block_delta" => prop_assert_eq!(open, index),
                "content_block_stop" => prop_assert_eq!(open.take(), index),
                _ => prop_assert_eq!(open, None),
            }
        }
    }

    #[test]
    fn a_request_becomes_json_or_an_error_that_names_a_field(body in request_bytes()) {
        let model: ModelName = "gemini-3.8-flash".parse().unwrap();
        let signatures = BTreeMap::new();
        let target = Target {
            model: &model,
            features: Features::default(),
            safety: &[],
            signatures: &signatures,
            signing: Signing::Kept,
            streamed: false,
        };
        let plan = MessagesRequest::parse(body.as_bytes()).and_then(|request| request.plan(&target));
        let count = CountTokensRequest::parse(body.as_bytes()).and_then(|request| request.plan(&target));
        prop_assert_eq!(plan.is_ok(), count.is_ok());
        for plan in [plan, count] {
            match plan {
                Ok(plan) => for body in plan.bodies {
                    prop_assert!(serde_json::from_slice::<serde_json::Value>(&body).is_ok());
                },
                Err(error) => prop_assert!(error.param.is_some(), "{}", error),
            }
        }
    }

    #[test]
    fn nothing_panics_on_arbitrary_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = MessagesRequest::parse(&bytes);
        let _ = CountTokensRequest::parse(&bytes);
        let _ = MessagesRequest::parse(REQUEST).unwrap().render(&[&bytes], &meta());
        let _ = CountTokensRequest::parse(REQUEST).unwrap().render(&[&bytes], &meta());
        let _ = run([bytes.as_slice()]);
    }
}
