//! Choices by rule. The same kinds in streams are tested with the stream.

use super::*;
use crate::{
    answer::{Answer, CallReader},
    chat::style::SoundFormat,
    gemini::response::GenerateContentResponse,
    prompt::function_names::FunctionNames,
};

/// The choice for `candidate`, which is the inside of a JSON object.
fn choice(candidate: &str, style: &Style) -> serde_json::Value {
    let meta = AnswerMeta {
        fallback_id: "f".to_owned(),
        created_unix_s: 7,
        model: "m".to_owned(),
    };
    let upstream = format!(r#"{{"candidates":[{{{candidate}}}]}}"#);
    let response = GenerateContentResponse::parse(upstream.as_bytes()).unwrap();
    let mut calls = CallReader::new(FunctionNames::default(), "call_", &meta);
    let answer = Answer::read(&response, &mut calls).unwrap();
    serde_json::to_value(convert_candidate(&answer.candidates[0], &meta, style)).unwrap()
}

fn parts(parts: &str) -> String {
    format!(r#""content":{{"parts":[{parts}]}},"finishReason":"STOP""#)
}

/// The message's fields that are not those of every message.
fn check(candidate: &str, style: &Style, expected: serde_json::Value) {
    let mut found = choice(candidate, style)["message"].take();
    let message = found.as_object_mut().unwrap();
    assert_eq!(message.remove("role"), Some("assistant".into()));
    assert_eq!(message.remove("refusal"), Some(serde_json::Value::Null));
    assert_eq!(found, expected, "{candidate}");
}

const CALLS: &str = r#"{"functionCall":{"id":"a1","name":"look","args":{"n":1.0,"a":[12345678901234567890]}},"thoughtSignature":"Zg=="},
    {"functionCall":{"name":"wait"}}"#;

#[test]
fn calls_keep_their_arguments_as_written_and_content_is_null_c1_c2_a3() {
    check(
        &parts(CALLS),
        &Style::default(),
        serde_json::json!({
            "content": null,
            "tool_calls": [
                {
                    "id": "a1",
                    "type": "function",
                    "function": {"name": "look", "arguments": r#"{"n":1.0,"a":[12345678901234567890]}"#},
                    "extra_content": {"google": {"thought_signature": "Zg=="}},
                },
                {
                    "id": "call_000000000000000f00000000",
                    "type": "function",
                    "function": {"name": "wait", "arguments": "{}"},
                },
            ],
        }),
    );
}

#[test]
fn ids_are_gemini_s_unless_missing_empty_or_repeated_c2_c3() {
    let calls = [
        "\"id\":\"a\",",
        "",
        "\"id\":\"\",",
        "\"id\":\"a\",",
        "\"id\":\"b\",",
    ]
    .map(|id| format!(r#"{{"functionCall":{{{id}"name":"same"}}}}"#));
    let found = choice(&parts(&calls.join(",")), &Style::default());
    let calls = found["message"]["tool_calls"].as_array().unwrap();
    let ids: Vec<&str> = calls
        .iter()
        .map(|call| call["id"].as_str().unwrap())
        .collect();
    let expected = [
        "a",
        "call_000000000000000f00000000",
        "call_000000000000000f00000001",
        "call_000000000000000f00000002",
        "b",
    ];
    assert_eq!(ids, expected);
}

#[test]
fn text_beside_calls_is_kept_c5() {
    let candidate = parts(&format!(r#"{{"text":"Let me look."}},{CALLS}"#));
    let found = choice(&candidate, &Style::default());
    assert_eq!(found["message"]["content"], "Let me look.");
    assert_eq!(found["message"]["tool_calls"].as_array().unwrap().len(), 2);
    assert_eq!(found["finish_reason"], "tool_calls");
}

#[test]
fn functions_of_old_get_the_first_call_t14() {
    let style = Style {
        calls: CallStyle::Function,
        ..Style::default()
    };
    check(
        &parts(CALLS),
        &style,
        serde_json::json!({
            "content": null,
            "function_call": {
                "name": "look",
                "arguments": r#"{"n":1.0,"a":[12345678901234567890]}"#,
                "thought_signature": "Zg==",
            },
        }),
    );
    assert_eq!(
        choice(&parts(CALLS), &style)["finish_reason"],
        "function_call"
    );
}

#[test]
fn custom_tools_get_their_input_unwrapped_t12() {
    let style = Style {
        custom_tools: vec!["shell".to_owned()],
        ..Style::default()
    };
    for (args, input) in [
        (r#"{"input":"ls \"a\""}"#, r#"ls "a""#),
        (r#"{"input":7}"#, r#"{"input":7}"#),
        (r#"{"command":"ls"}"#, r#"{"command":"ls"}"#),
        ("null", "{}"),
    ] {
        let call = format!(r#"{{"functionCall":{{"id":"1","name":"shell","args":{args}}}}}"#);
        check(
            &parts(&call),
            &style,
            serde_json::json!({
                "content": null,
                "tool_calls": [{"id": "1", "type": "custom", "custom": {"name": "shell", "input": input}}],
            }),
        );
    }
}

#[test]
fn code_is_shown_in_its_place_a7() {
    check(
        &parts(
            r#"{"text":"See:"},{"executableCode":{"language":"PYTHON","code":"print(1)\n"},"thoughtSignature":"Zg=="},
               {"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1\n"}},{"text":"It is 1."}"#,
        ),
        &Style::default(),
        serde_json::json!({
            "content": "See:\n```python\nprint(1)\n```\n\n```output\n1\n```\nIt is 1.",
        }),
    );
}

#[test]
fn images_are_data_urls_and_drafts_are_not_shown_n6_n8() {
    check(
        &parts(
            r#"{"inlineData":{"mimeType":"image/png","data":"AAAA"},"thought":true},
               {"text":"Here:"},{"inlineData":{"mimeType":"image/png","data":"iVBORw=="},"thoughtSignature":"Zg=="},
               {"inlineData":{"mimeType":"video/mp4","data":"AAAA"}}"#,
        ),
        &Style::default(),
        serde_json::json!({
            "content": "Here:",
            "images": [{
                "type": "image_url",
                "image_url": {"url": "data:image/png;base64,iVBORw=="},
                "extra_content": {"google": {"thought_signature": "Zg=="}},
            }],
        }),
    );
}

#[test]
fn sound_is_audio_in_the_format_asked_for_n7() {
    let sound = parts(
        r#"{"inlineData":{"mimeType":"audio/L16;codec=pcm;rate=24000","data":"AAE="}},
           {"inlineData":{"mimeType":"audio/L16;codec=pcm;rate=24000","data":"AgM="}}"#,
    );
    let pcm = Style {
        sound: SoundFormat::Pcm16,
        ..Style::default()
    };
    let audio = serde_json::json!({
        "id": "audio_f00000000", "data": "AAECAw==", "expires_at": 7, "transcript": "",
    });
    check(
        &sound,
        &pcm,
        serde_json::json!({"content": "", "audio": audio}),
    );
    let wav = choice(&sound, &Style::default());
    let data = wav["message"]["audio"]["data"].as_str().unwrap();
    assert!(data.starts_with("UklGRi"), "{data}");
}

#[test]
fn the_last_signature_of_the_text_is_the_messages_s3_3() {
    for (signed, expected) in [
        (
            r#"{"text":"a"},{"text":"","thoughtSignature":"Zg=="}"#,
            "Zg==",
        ),
        (
            r#"{"text":"a","thoughtSignature":"Zg=="},{"text":"b","thoughtSignature":"Zm8="}"#,
            "Zm8=",
        ),
    ] {
        let found = choice(&parts(signed), &Style::default());
        let signature = &found["message"]["extra_content"]["google"]["thought_signature"];
        assert_eq!(signature, expected);
    }
}

#[test]
fn citations_are_annotations_in_characters_n1_n4() {
    let candidate = format!(
        r#"{},"groundingMetadata":{{"groundingChunks":[{{"web":{{"uri":"https://r/1","title":"a.org"}}}}],
            "groundingSupports":[{{"segment":{{"startIndex":8,"endIndex":12}},"groundingChunkIndices":[0]}}]}},
            "citationMetadata":{{"citationSources":[{{"endIndex":6,"uri":"https://b"}}]}}"#,
        parts(
            r#"{"text":"hm","thought":true},{"text":"Grüße "},{"executableCode":{"code":"1"}},{"text":"Welt"}"#
        )
    );
    let found = choice(&candidate, &Style::default());
    let content: Vec<char> = found["message"]["content"]
        .as_str()
        .unwrap()
        .chars()
        .collect();
    let annotations = found["message"]["annotations"].as_array().unwrap();
    let spans: Vec<(String, &str)> = annotations
        .iter()
        .map(|annotation| {
            assert_eq!(annotation["type"], "url_citation");
            let citation = &annotation["url_citation"];
            let at = |key: &str| usize::try_from(citation[key].as_u64().unwrap()).unwrap();
            let span = content[at("start_index")..at("end_index")].iter().collect();
            (span, citation["url"].as_str().unwrap())
        })
        .collect();
    let expected = [
        ("Welt".to_owned(), "https://r/1"),
        ("Grüß".to_owned(), "https://b"),
    ];
    assert_eq!(spans, expected);
}

#[test]
fn log_probabilities_are_the_choices_n5() {
    let candidate = format!(
        r#"{},"avgLogprobs":-0.5,"logprobsResult":{{"chosenCandidates":[{{"token":"a","logProbability":-0.5}}],
            "topCandidates":[{{"candidates":[{{"token":"a","logProbability":-0.5}}]}}]}}"#,
        parts(r#"{"text":"a"}"#)
    );
    let likely = serde_json::json!({"token": "a", "logprob": -0.5, "bytes": [97]});
    let mut token = likely.clone();
    token["top_logprobs"] = serde_json::json!([likely]);
    assert_eq!(
        choice(&candidate, &Style::default())["logprobs"],
        serde_json::json!({"content": [token], "refusal": null})
    );
}
