//! Properties that hold for any input: how bytes are cut changes nothing, and nothing panics.

use std::collections::BTreeMap;

use gempool_translate::{
    AnswerMeta, ChatRequest, Exchange, Features, ModelName, Signing, Target, UpstreamFault,
    models_from_gemini, scrub,
};
use proptest::{
    prelude::*,
    test_runner::{Config, RngSeed},
};

// Clippy lets tests unwrap; so does a function that says it is one of them.
#[cfg(test)]
fn plain_request() -> ChatRequest<'static> {
    let body = br#"{"model":"m","messages":[{"role":"user","content":"hi"}],"stream_options":{"include_usage":true}}"#;
    ChatRequest::parse(body).unwrap()
}

#[cfg(test)]
fn run<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<u8>, Result<(), UpstreamFault>) {
    let meta = AnswerMeta {
        fallback_id: "x".to_owned(),
        created_unix_s: 0,
        model: "m".to_owned(),
    };
    let request = plain_request();
    let mut stream = request.stream_translator(&meta).unwrap();
    let mut out = Vec::new();
    let result = pieces
        .into_iter()
        .try_for_each(|piece| stream.push(piece, &mut out))
        .and_then(|()| stream.finish(&mut out));
    (out, result)
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

/// Pieces of Gemini streams, good and bad, in any order.
fn stream_bytes() -> impl Strategy<Value = Vec<u8>> {
    let fragment = prop_oneof![
        Just("data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"h\u{e9}\\n\"}]}}]}".as_bytes().to_vec()),
        Just(b"data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"t\",\"thought\":true}]},\"index\":1}]}".to_vec()),
        Just(b"data: {\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\",\"args\":{\"a\":1.0}},\"thoughtSignature\":\"Zg==\"},{\"functionCall\":{\"name\":\"f\"}}]}}]}".to_vec()),
        Just(b"data: {\"candidates\":[{\"content\":{\"parts\":[{\"executableCode\":{\"code\":\"1\"}},{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AAAA\"}},{\"inlineData\":{\"mimeType\":\"audio/L16\",\"data\":\"AAE=\"}}]}}]}".to_vec()),
        Just("data: {\"candidates\":[{\"groundingMetadata\":{\"groundingChunks\":[{\"web\":{\"uri\":\"u\"}}],\"groundingSupports\":[{\"segment\":{\"startIndex\":1,\"endIndex\":3,\"text\":\"\u{e9}\"},\"groundingChunkIndices\":[0]}]},\"logprobsResult\":{\"chosenCandidates\":[{\"token\":\"a\"}]}}]}".as_bytes().to_vec()),
        Just(b"data: {\"candidates\":[{\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":1}}".to_vec()),
        Just(b"data: {\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}".to_vec()),
        Just(b"data: {\"error\":{\"code\":503}}".to_vec()),
        Just(b"{\"error\":{\"code\":503}}".to_vec()),
        Just(b": ping".to_vec()),
        Just(b"\xef\xbb\xbf".to_vec()),
        prop_oneof![Just(&b"\r\n\r\n"[..]), Just(&b"\n\n"[..]), Just(&b"\r\r"[..]), Just(&b"\n"[..]), Just(&b"\r"[..])]
            .prop_map(<[u8]>::to_vec),
        prop::collection::vec(any::<u8>(), 0..12),
    ];
    prop::collection::vec(fragment, 0..24).prop_map(|fragments| fragments.concat())
}

/// Requests with something odd in them.
fn request_bytes() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        Just("null".to_owned()),
        Just("[]".to_owned()),
        Just("{}".to_owned()),
        Just(r#"[{"type":"text","text":"a"}]"#.to_owned()),
        Just(
            r#"[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]"#.to_owned()
        ),
        Just(r#"[{"type":"function","function":{"name":"f","parameters":{}}}]"#.to_owned()),
        Just(r#"{"type":"function","function":{"name":"f"}}"#.to_owned()),
        Just(r#"{"type":"json_schema","json_schema":{"schema":{"type":"object"}}}"#.to_owned()),
        Just(r#"{"google":{"thinking_config":{"thinking_budget":5}},"effort":"low"}"#.to_owned()),
        Just(
            r#"[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"OFF","name":"f"}]"#.to_owned()
        ),
        any::<i64>().prop_map(|number| number.to_string()),
        any::<f64>()
            .prop_filter("JSON has no others", |number| number.is_finite())
            .prop_map(|number| number.to_string()),
        ".{0,20}".prop_map(|text| serde_json::to_string(&text).unwrap_or_default()),
    ];
    let field = prop_oneof![
        Just("temperature"),
        Just("max_tokens"),
        Just("stop"),
        Just("seed"),
        Just("n"),
        Just("stream"),
        Just("tools"),
        Just("tool_choice"),
        Just("functions"),
        Just("function_call"),
        Just("web_search_options"),
        Just("top_k"),
        Just("response_format"),
        Just("modalities"),
        Just("audio"),
        Just("reasoning_effort"),
        Just("reasoning"),
        Just("thinking"),
        Just("google"),
        Just("extra_body"),
        Just("safety_settings"),
        Just("logit_bias"),
    ];
    let role = prop_oneof![
        Just("user"),
        Just("assistant"),
        Just("system"),
        Just("tool"),
        Just("?")
    ];
    let messages = prop::collection::vec((role, value.clone()), 0..4).prop_map(|messages| {
        const CALL: &str = r#"{"id":"a__thought__c2ln","function":{"name":"f","arguments":"[1]"}}"#;
        let messages = messages.iter().map(|(role, content)| match *role {
            "assistant" => {
                format!(r#"{{"role":"assistant","content":{content},"tool_calls":[{CALL}]}}"#)
            }
            role => format!(r#"{{"role":"{role}","content":{content},"tool_call_id":"a"}}"#),
        });
        let messages: Vec<String> = messages.collect();
        messages.join(",")
    });
    (messages, prop::collection::vec((field, value), 0..3)).prop_map(|(messages, fields)| {
        let fields: String = fields
            .iter()
            .map(|(field, value)| format!(r#","{field}":{value}"#))
            .collect();
        format!(r#"{{"model":"m","messages":[{messages}]{fields}}}"#)
    })
}

/// The same cases on every run: a test that fails only sometimes is no test.
fn config() -> Config {
    Config {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_261_121),
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
    fn a_stream_that_succeeds_ends_with_done_and_one_that_fails_never_does(bytes in stream_bytes()) {
        let (out, result) = run([bytes.as_slice()]);
        prop_assert_eq!(out.ends_with(b"data: [DONE]\n\n"), result.is_ok());
    }

    #[test]
    fn every_event_written_is_json(bytes in stream_bytes()) {
        let out = String::from_utf8(run([bytes.as_slice()]).0).unwrap();
        for event in out.split_terminator("\n\n") {
            let data = event.strip_prefix("data: ").unwrap();
            prop_assert!(data == "[DONE]" || serde_json::from_str::<serde_json::Value>(data).is_ok());
        }
    }

    #[test]
    fn a_request_becomes_json_or_an_error_that_names_a_field(body in request_bytes()) {
        let model: ModelName = "gemini-2.5-flash".parse().unwrap();
        let target = Target {
            model: &model,
            features: Features::default(),
            safety: &[],
            signatures: &BTreeMap::new(),
            signing: Signing::Kept,
            streamed: false,
        };
        let result = ChatRequest::parse(body.as_bytes()).and_then(|request| request.plan(&target));
        match result {
            Ok(plan) => {
                for body in plan.bodies {
                    prop_assert!(serde_json::from_slice::<serde_json::Value>(&body).is_ok());
                }
            }
            Err(error) => prop_assert!(error.param.is_some(), "{}", error),
        }
    }

    #[test]
    fn nothing_panics_on_arbitrary_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let meta = AnswerMeta { fallback_id: String::new(), created_unix_s: 0, model: String::new() };
        let _ = ChatRequest::parse(&bytes);
        let _ = plain_request().render(&[&bytes], &meta);
        let _ = models_from_gemini(&bytes);
        let _ = scrub(&String::from_utf8_lossy(&bytes));
        let _ = String::from_utf8_lossy(&bytes).parse::<ModelName>();
        let _ = run([bytes.as_slice()]);
    }
}
