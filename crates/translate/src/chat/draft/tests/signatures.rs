//! Thought signatures that clients send back (§3.1, §3.4), and calls that came without.

use super::{check_messages, with_draft};
use crate::{ChatRequest, Exchange};

/// Where the signatures of an assistant's message end up: the parts that carry one, with it.
fn check(message: &str, expected: &[&str]) {
    let body = format!(r#"{{"model":"m","messages":[{{"role":"assistant",{message}}}]}}"#);
    with_draft(&body, |draft| {
        let parts = draft.turns.iter().flat_map(|turn| &turn.parts);
        let found: Vec<String> = parts
            .filter(|part| part.thought_signature.is_some())
            .map(super::json)
            .collect();
        assert_eq!(found, expected, "{message}");
    })
    .unwrap_or_else(|error| panic!("{message}: {error}"));
}

/// One call with these fields, and inside its function those.
fn call(fields: &str, function: &str) -> String {
    format!(r#""tool_calls":[{{"id":"a"{fields},"function":{{"name":"f"{function}}}}}]"#)
}

const SIGNED: &str =
    r#"{"functionCall":{"id":"a","name":"f","args":{}},"thoughtSignature":"c2ln"}"#;

#[test]
fn every_place_on_a_call_is_known() {
    for message in [
        call(
            r#","extra_content":{"google":{"thought_signature":"c2ln"}}"#,
            "",
        ),
        call(
            r#","extra_content":{"vertex":{"thought_signature":"c2ln"}}"#,
            "",
        ),
        call(r#","thought_signature":"c2ln""#, ""),
        call(
            r#","provider_specific_fields":{"thought_signature":"c2ln"}"#,
            "",
        ),
        call("", r#","thought_signature":"c2ln""#),
        call(
            "",
            r#","provider_specific_fields":{"thought_signature":"c2ln"}"#,
        ),
        // Googles's own place wins, and nothing is no signature.
        call(
            r#","thought_signature":"b3RoZXI=","extra_content":{"google":{"thought_signature":"c2ln"}}"#,
            "",
        ),
        call(
            r#","thought_signature":"","extra_content":{"google":null,"vertex":{"thought_signature":"c2ln"}}"#,
            "",
        ),
    ] {
        check(&message, &[SIGNED]);
    }
    check(
        r#""function_call":{"name":"f","thought_signature":"c2ln"}"#,
        &[r#"{"functionCall":{"name":"f","args":{}},"thoughtSignature":"c2ln"}"#],
    );
}

#[test]
fn a_signature_in_an_id_is_taken_out_of_it() {
    check_messages(
        r#"[{"role":"assistant","tool_calls":[{"id":"a__thought__c2ln","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a__thought__c2ln","content":"1"}]"#,
        "[]",
        &format!(
            r#"[{{"role":"model","parts":[{SIGNED}]}},{{"role":"user","parts":[{{"functionResponse":{{"id":"a","name":"f","response":{{"result":1}}}}}}]}}]"#
        ),
    );
}

#[test]
fn what_a_message_holds_goes_to_its_first_call_or_its_last_text() {
    const TEXT: &str = r#"{"text":"two","thoughtSignature":"c2ln"}"#;
    for place in [
        r#""extra_content":{"google":{"thought_signature":"c2ln"}}"#,
        r#""provider_specific_fields":{"thought_signature":"c2ln"}"#,
        r#""provider_specific_fields":{"thought_signatures":["c2ln"]}"#,
        r#""reasoning_details":[{"type":"reasoning.text","text":"hm"},{"type":"reasoning.encrypted","data":"c2ln","format":"google-gemini-v1"}]"#,
        r#""reasoning_details":[{"type":"reasoning.encrypted","data":"c2ln","id":null}]"#,
    ] {
        let texts = r#""content":[{"type":"text","text":"one"},{"type":"text","text":"two"}]"#;
        check(&format!("{texts},{place}"), &[TEXT]);
        check(&format!("{texts},{},{place}", call("", "")), &[SIGNED]);
        check(&format!("{},{place}", call("", "")), &[SIGNED]);
        check(place, &[]);
    }
}

#[test]
fn reasoning_details_name_their_call() {
    check(
        r#""tool_calls":[{"id":"a","function":{"name":"f"}},{"id":"b","function":{"name":"g"}}],"reasoning_details":[{"type":"reasoning.encrypted","data":"c2ln","id":"b"}]"#,
        &[r#"{"functionCall":{"id":"b","name":"g","args":{}},"thoughtSignature":"c2ln"}"#],
    );
}

#[test]
fn what_others_encrypted_is_not_for_gemini() {
    let message = format!(
        r#"{},"reasoning_details":[{{"type":"reasoning.encrypted","data":"c2ln","format":"openai-responses-v1"}},{{"type":"reasoning.summary","data":"c2ln"}}]"#,
        call("", "")
    );
    check(&message, &[]);
}

#[test]
fn a_signature_is_sent_once() {
    let message = format!(
        r#""content":"hi",{},"provider_specific_fields":{{"thought_signatures":["c2ln"]}}"#,
        call(r#","thought_signature":"c2ln""#, "")
    );
    check(&message, &[SIGNED]);
    let message = format!(
        r#""content":"hi",{},"provider_specific_fields":{{"thought_signatures":["c2ln","dHdv"]}}"#,
        call(r#","thought_signature":"c2ln""#, "")
    );
    check(
        &message,
        &[r#"{"text":"hi","thoughtSignature":"dHdv"}"#, SIGNED],
    );
}

/// Ids of calls that came back without.
fn check_unsigned(messages: &str, expected: &[&str]) {
    let body = format!(r#"{{"model":"m","messages":{messages}}}"#);
    let request = ChatRequest::parse(body.as_bytes()).unwrap();
    assert_eq!(request.unsigned_calls(), expected, "{messages}");
}

#[test]
fn calls_without_signature_are_told_newest_last() {
    check_unsigned(r#"[{"role":"user","content":"a"}]"#, &[]);
    check_unsigned(
        &format!(
            r#"[{{"role":"assistant",{}}},
               {{"role":"assistant","tool_calls":[{{"id":"b"}},{{"id":"c"}},{{"id":""}},{{}}]}}]"#,
            call("", "")
        ),
        &["a", "b", "c"],
    );
    // Of parallel calls only one has a signature, and a message's own is for its first call.
    for message in [
        r#""tool_calls":[{"id":"b","thought_signature":"c2ln"},{"id":"c"}]"#,
        r#""tool_calls":[{"id":"b__thought__c2ln"},{"id":"c"}]"#,
        r#""tool_calls":[{"id":"b"},{"id":"c"}],"extra_content":{"google":{"thought_signature":"c2ln"}}"#,
    ] {
        check_unsigned(&format!(r#"[{{"role":"assistant",{message}}}]"#), &[]);
    }
}

#[test]
fn no_more_calls_without_signature_are_told_than_can_be_looked_up() {
    let calls: Vec<String> = (0..100).map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
    let body = format!(
        r#"{{"model":"m","messages":[{{"role":"assistant","tool_calls":[{}]}}]}}"#,
        calls.join(",")
    );
    let request = ChatRequest::parse(body.as_bytes()).unwrap();
    let unsigned = request.unsigned_calls();
    assert_eq!(unsigned.len(), 64);
    assert_eq!(unsigned.last(), Some(&"99"));
}
