//! Calls and their results (M6–M8, P9, T12, T16, T17).

use super::check_messages;

/// What an assistant's `tool_calls` become, after a question.
fn check_calls(calls: &str, expected: &str) {
    check_messages(
        &format!(
            r#"[{{"role":"user","content":"q"}},{{"role":"assistant","tool_calls":[{calls}]}}]"#
        ),
        "[]",
        &format!(
            r#"[{{"role":"user","parts":[{{"text":"q"}}]}},{{"role":"model","parts":[{expected}]}}]"#
        ),
    );
}

/// What results become after the calls `a` of `f` and `b` of `g`.
fn check_results(messages: &str, expected: &str) {
    check_messages(
        &format!(
            r#"[{{"role":"assistant","tool_calls":[{{"id":"a","type":"function","function":{{"name":"f","arguments":"{{}}"}}}},{{"id":"b","type":"function","function":{{"name":"g","arguments":"{{}}"}}}}]}},{messages}]"#
        ),
        "[]",
        &format!(
            r#"[{{"role":"model","parts":[{{"functionCall":{{"id":"a","name":"f","args":{{}}}}}},{{"functionCall":{{"id":"b","name":"g","args":{{}}}}}}]}},{expected}]"#
        ),
    );
}

#[test]
fn calls_keep_id_name_and_the_letter_of_their_arguments_t16_t17() {
    for (arguments, args) in [
        (
            r#""{\"n\":1.50,\"a\":[1e400]}""#,
            r#"{"n":1.50,"a":[1e400]}"#,
        ),
        (r#""""#, "{}"),
        (r#""null""#, "{}"),
        ("null", "{}"),
        (r#""{broken""#, r#"{"raw":"{broken"}"#),
    ] {
        check_calls(
            &format!(
                r#"{{"id":"call_1","type":"function","function":{{"name":"my.tool","arguments":{arguments}}}}}"#
            ),
            &format!(r#"{{"functionCall":{{"id":"call_1","name":"my.tool","args":{args}}}}}"#),
        );
    }
    check_calls(
        r#"{"id":"call_1","function":{"name":"f"}}"#,
        r#"{"functionCall":{"id":"call_1","name":"f","args":{}}}"#,
    );
}

#[test]
fn text_comes_before_calls_m5() {
    check_messages(
        r#"[{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f"}}],"refusal":"r","audio":{"id":"x","transcript":"t"},"content":"c"}]"#,
        "[]",
        r#"[{"role":"model","parts":[{"text":"c"},{"text":"r"},{"text":"t"},{"functionCall":{"id":"a","name":"f","args":{}}}]}]"#,
    );
}

#[test]
fn custom_calls_are_wrapped_t12() {
    check_calls(
        r#"{"id":"a","type":"custom","custom":{"name":"sql","input":"SELECT \"x\""}}"#,
        r#"{"functionCall":{"id":"a","name":"sql","args":{"input":"SELECT \"x\""}}}"#,
    );
}

#[test]
fn results_take_their_name_from_the_call_and_share_a_turn_m6_m8() {
    check_results(
        r#"{"role":"tool","tool_call_id":"a","content":"{\"t\":20.50}"},{"role":"tool","tool_call_id":"b","content":"sunny","name":"other"},{"role":"user","content":"so?"}"#,
        r#"{"role":"user","parts":[{"functionResponse":{"id":"a","name":"f","response":{"t":20.50}}},{"functionResponse":{"id":"b","name":"g","response":{"result":"sunny"}}}]},{"role":"user","parts":[{"text":"so?"}]}"#,
    );
    check_results(
        r#"{"role":"tool","tool_call_id":"b","content":""},{"role":"user","content":"wait"},{"role":"tool","tool_call_id":"a","content":[]}"#,
        r#"{"role":"user","parts":[{"functionResponse":{"id":"b","name":"g","response":{"result":""}}}]},{"role":"user","parts":[{"text":"wait"}]},{"role":"user","parts":[{"functionResponse":{"id":"a","name":"f","response":{"result":""}}}]}"#,
    );
}

#[test]
fn results_in_parts_are_one_result_m8() {
    check_results(
        r#"{"role":"tool","tool_call_id":"a","content":[{"type":"text","text":"[1,2]"}]}"#,
        r#"{"role":"user","parts":[{"functionResponse":{"id":"a","name":"f","response":{"result":[1,2]}}}]}"#,
    );
    check_results(
        r#"{"role":"tool","tool_call_id":"a","content":[{"type":"text","text":"one"},{"type":"text","text":"two"}]}"#,
        r#"{"role":"user","parts":[{"functionResponse":{"id":"a","name":"f","response":{"result":"one\ntwo"}}}]}"#,
    );
}

#[test]
fn images_of_results_go_inside_and_other_things_beside_p9() {
    const IMAGE: &str =
        r#"{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}}"#;
    check_results(
        &format!(
            r#"{{"role":"tool","tool_call_id":"a","content":[{{"type":"text","text":"seen"}},{IMAGE}]}}"#
        ),
        r#"{"role":"user","parts":[{"functionResponse":{"id":"a","name":"f","response":{"result":"seen"},"parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}}]}"#,
    );
    check_results(
        &format!(
            r#"{{"role":"tool","tool_call_id":"a","content":[{{"type":"image_url","image_url":{{"url":"https://a.b/c.png"}}}}]}},{{"role":"tool","tool_call_id":"b","content":[{IMAGE},{{"type":"input_audio","input_audio":{{"data":"AAAA","format":"wav"}}}}]}}"#
        ),
        r#"{"role":"user","parts":[{"functionResponse":{"id":"a","name":"f","response":{}}},{"functionResponse":{"id":"b","name":"g","response":{},"parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}},{"fileData":{"mimeType":"image/png","fileUri":"https://a.b/c.png"}},{"inlineData":{"mimeType":"audio/wav","data":"AAAA"}}]}"#,
    );
}

#[test]
fn a_repeated_id_means_the_latest_call_m6() {
    check_messages(
        r#"[{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f"}}]},{"role":"tool","tool_call_id":"a","content":"1"},{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"g"}}]},{"role":"tool","tool_call_id":"a","content":"2"}]"#,
        "[]",
        r#"[{"role":"model","parts":[{"functionCall":{"id":"a","name":"f","args":{}}}]},{"role":"user","parts":[{"functionResponse":{"id":"a","name":"f","response":{"result":1}}}]},{"role":"model","parts":[{"functionCall":{"id":"a","name":"g","args":{}}}]},{"role":"user","parts":[{"functionResponse":{"id":"a","name":"g","response":{"result":2}}}]}]"#,
    );
}

#[test]
fn the_older_form_has_names_and_no_ids_m7() {
    check_messages(
        r#"[{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{\"a\":1}"}},{"role":"function","name":"f","content":"ok"},{"role":"assistant","function_call":{"name":"f"}},{"role":"function","name":"f","content":null}]"#,
        "[]",
        r#"[{"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":1}}}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"result":"ok"}}}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{}}}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"result":""}}}]}]"#,
    );
}
