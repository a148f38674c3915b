//! Calls in streams, and the signatures of calls and texts.

use super::{super::super::style::CallStyle, *};

fn candidate(parts: &str) -> String {
    format!(r#""candidates":[{{"content":{{"parts":[{parts}]}}}}]"#)
}

const TWO_CALLS: [&str; 3] = [
    r#""candidates":[{"content":{"parts":[{"text":"Let me look."},{"functionCall":{"id":"a1","name":"look","args":{"at":1.0,"b":[2]}},"thoughtSignature":"Cg=="}]}}]"#,
    r#""candidates":[{"content":{"parts":[{"functionCall":{"name":"wait"}}]}}]"#,
    STOP,
];

#[test]
fn calls_are_whole_deltas_counted_over_the_stream_x4_x6_c1_c5() {
    insta::assert_snapshot!(shown(&TWO_CALLS, &Style::default()), @r#"
    data: …{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}
    data: …{"index":0,"delta":{"content":"Let me look."},"finish_reason":null}]}
    data: …{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a1","type":"function","function":{"name":"look","arguments":"{\"at\":1.0,\"b\":[2]}"},"extra_content":{"google":{"thought_signature":"Cg=="}}}]},"finish_reason":null}]}
    data: …{"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_000000000000000f00000000","type":"function","function":{"name":"wait","arguments":"{}"}}]},"finish_reason":null}]}
    data: …{"index":0,"delta":{},"finish_reason":"tool_calls"}]}
    data: [DONE]
    "#);
}

#[test]
fn calls_in_one_event_with_the_finish_reason_count_on_x4_x6() {
    let event = r#""candidates":[{"content":{"parts":[{"functionCall":{"name":"a","id":"1"}},{"functionCall":{"name":"b","id":"2"}}]},"finishReason":"STOP"}]"#;
    let out = shown(&[event], &Style::default());
    for expected in [
        r#"{"tool_calls":[{"index":0,"id":"1","type":"function","function":{"name":"a","arguments":"{}"}}]}"#,
        r#"{"tool_calls":[{"index":1,"id":"2","type":"function","function":{"name":"b","arguments":"{}"}}]}"#,
        r#""finish_reason":"tool_calls""#,
    ] {
        assert!(out.contains(expected), "{out}");
    }
}

#[test]
fn each_candidate_counts_its_own_calls_x13() {
    let event = r#""candidates":[{"content":{"parts":[{"functionCall":{"name":"a"}}]},"finishReason":"STOP"},{"content":{"parts":[{"functionCall":{"name":"a"}}]},"finishReason":"STOP","index":1}]"#;
    let out = shown(&[event], &Style::default());
    assert_eq!(out.matches(r#"{"tool_calls":[{"index":0,"#).count(), 2);
    let ids = [
        "call_000000000000000f00000000",
        "call_000000000000000f00000001",
    ];
    assert!(ids.iter().all(|id| out.contains(id)), "{out}");
}

#[test]
fn a_call_before_the_last_of_two_ends_counts_x5() {
    let call = candidate(r#"{"functionCall":{"name":"a"}}"#);
    let out = shown(&[&call, STOP, &text("more"), STOP], &Style::default());
    assert!(out.contains(r#""finish_reason":"tool_calls""#), "{out}");
    assert_eq!(out.matches("finish_reason\":\"").count(), 1, "{out}");
}

#[test]
fn a_malformed_call_after_a_shown_one_breaks_the_stream() {
    let fault = r#""candidates":[{"finishReason":"MALFORMED_FUNCTION_CALL"}]"#;
    let call = candidate(r#"{"functionCall":{"name":"a"}}"#);
    let (out, result) = outcome(&events(&[&call, fault]));
    assert!(matches!(result, Err(UpstreamFault::Unusable { .. })));
    assert!(!out.contains("[DONE]"), "{out}");
}

#[test]
fn functions_of_old_get_one_function_call_t14() {
    let style = Style {
        calls: CallStyle::Function,
        ..Style::default()
    };
    insta::assert_snapshot!(shown(&TWO_CALLS, &style), @r#"
    data: …{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}
    data: …{"index":0,"delta":{"content":"Let me look."},"finish_reason":null}]}
    data: …{"index":0,"delta":{"function_call":{"name":"look","arguments":"{\"at\":1.0,\"b\":[2]}","thought_signature":"Cg=="}},"finish_reason":null}]}
    data: …{"index":0,"delta":{},"finish_reason":"function_call"}]}
    data: [DONE]
    "#);
}

#[test]
fn custom_tools_get_their_input_unwrapped_t12() {
    let style = Style {
        custom_tools: vec!["shell".to_owned()],
        ..Style::default()
    };
    let calls = candidate(
        r#"{"functionCall":{"id":"1","name":"shell","args":{"input":"ls \"a\"\n"}}},
           {"functionCall":{"id":"2","name":"shell","args":{"command":"ls"}}},
           {"functionCall":{"id":"3","name":"other","args":{"input":"x"}}}"#,
    )
    .replace('\n', " ");
    let out = shown(&[&calls, STOP], &style);
    for expected in [
        r#"{"index":0,"id":"1","type":"custom","custom":{"name":"shell","input":"ls \"a\"\n"}}"#,
        r#"{"index":1,"id":"2","type":"custom","custom":{"name":"shell","input":"{\"command\":\"ls\"}"}}"#,
        r#"{"index":2,"id":"3","type":"function","function":{"name":"other","arguments":"{\"input\":\"x\"}"}}"#,
    ] {
        assert!(out.contains(expected), "{expected}\n{out}");
    }
}

#[test]
fn the_last_signature_of_the_text_comes_before_the_end() {
    for (events, expected) in [
        (
            vec![
                text("a"),
                candidate(r#"{"text":"","thoughtSignature":"Zg=="}"#),
            ],
            "Zg==",
        ),
        (
            vec![candidate(r#"{"text":"a","thoughtSignature":"Zg=="}"#)],
            "Zg==",
        ),
        (
            vec![
                candidate(r#"{"text":"a","thoughtSignature":"Zg=="}"#),
                candidate(r#"{"text":"b","thoughtSignature":"Zm8="}"#),
            ],
            "Zm8=",
        ),
        // Before anything is said, nothing may be written.
        (
            vec![
                candidate(r#"{"text":"","thoughtSignature":"Zg=="}"#),
                text("a"),
            ],
            "Zg==",
        ),
    ] {
        let mut events: Vec<&str> = events.iter().map(String::as_str).collect();
        events.push(STOP);
        let out = shown(&events, &Style::default());
        let expected = format!(
            "data: …{{\"index\":0,\"delta\":{{\"extra_content\":{{\"google\":{{\"thought_signature\":\"{expected}\"}}}}}},\"finish_reason\":null}}]}}\n\
             data: …{{\"index\":0,\"delta\":{{}},\"finish_reason\":\"stop\"}}]}}\n"
        );
        assert!(out.contains(&expected), "{out}");
        assert_eq!(out.matches("thought_signature").count(), 1, "{out}");
    }
}

#[test]
fn signatures_of_code_and_of_unknown_parts_belong_to_nothing_that_is_told() {
    let out = shown(
        &[
            &candidate(
                r#"{"executableCode":{"language":"PYTHON","code":"1"},"thoughtSignature":"Zg=="}"#,
            ),
            &candidate(r#"{"toolCall":{"id":"x"},"thoughtSignature":"Zg=="}"#),
            STOP,
        ],
        &Style::default(),
    );
    assert!(!out.contains("Zg=="), "{out}");
}

#[test]
fn signatures_of_calls_are_handed_out_for_the_cache() {
    let mut stream = stream(&Style::default());
    let mut out = Vec::new();
    stream
        .push(events(&TWO_CALLS).as_bytes(), &mut out)
        .unwrap();
    let signatures = stream.take_signatures();
    assert_eq!(signatures.len(), 1);
    assert_eq!(
        (
            signatures[0].call_id.as_str(),
            signatures[0].signature.as_str()
        ),
        ("a1", "Cg==")
    );
    assert!(stream.take_signatures().is_empty());
}
