//! Streams by rule: each input whole, in two pieces at every place, and byte by byte; and every
//! output checked against the grammar of events.

use super::*;
use crate::{AnswerMeta, Exchange, UpstreamFault, responses::ResponsesRequest};

#[path = "../../../tests/response_events/mod.rs"]
mod response_events;

/// What came out, and how it ended.
type Outcome = (String, Result<(), UpstreamFault>);

fn stream(request: &str) -> crate::AnswerStream {
    let meta = AnswerMeta {
        fallback_id: "f".to_owned(),
        created_unix_s: 7,
        model: "m".to_owned(),
    };
    let request = format!(r#"{{"model":"m","input":"hi"{request}}}"#);
    let request = ResponsesRequest::parse(request.as_bytes()).unwrap();
    request.stream_translator(&meta).unwrap()
}

fn run<'a>(request: &str, pieces: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let mut stream = stream(request);
    let mut out = Vec::new();
    let result = pieces
        .into_iter()
        .try_for_each(|piece| stream.push(piece, &mut out))
        .and_then(|()| stream.finish(&mut out));
    (String::from_utf8(out).unwrap(), result)
}

/// Runs `input` at every split and returns the one outcome that they must share.
fn outcome(request: &str, input: &str) -> Outcome {
    let bytes = input.as_bytes();
    let whole = run(request, [bytes]);
    assert_eq!(run(request, bytes.chunks(1)), whole, "byte by byte");
    for at in 0..=bytes.len() {
        let (left, right) = bytes.split_at(at);
        assert_eq!(run(request, [left, right]), whole, "split at {at}");
    }
    whole
}

/// The events of a stream that succeeds, one a line: responses shortened to status and reason, and
/// without numbers, which were checked.
fn events_of(request: &str, input: &str) -> String {
    let (out, result) = outcome(request, input);
    assert_eq!(result, Ok(()));
    let checked = response_events::check(&out);
    let lines = checked.events.into_iter().map(|mut event| {
        let fields = event.as_object_mut().unwrap();
        let name = fields.remove("type").unwrap();
        fields.remove("sequence_number");
        let name = name.as_str().unwrap().replace("response.", "");
        match fields.remove("response") {
            Some(response) => format!(
                "{name} {} {}\n",
                response["status"], response["incomplete_details"]
            ),
            None => format!("{name} {event}\n"),
        }
    });
    lines.collect()
}

/// The items that a stream ends with, one a line; the grammar says what comes before.
fn items_of(request: &str, input: &str) -> String {
    let (out, result) = outcome(request, input);
    assert_eq!(result, Ok(()));
    let items = response_events::check(&out).response["output"].take();
    let items = items.as_array().unwrap().iter();
    items.map(|item| format!("{item}\n")).collect()
}

/// Events in Gemini's framing.
fn events(events: &[&str]) -> String {
    events
        .iter()
        .map(|event| format!("data: {{{event},\"responseId\":\"r1\"}}\r\n\r\n"))
        .collect()
}

fn parts(parts: &str) -> String {
    format!(r#""candidates":[{{"content":{{"parts":[{parts}],"role":"model"}},"index":0}}]"#)
}

fn text(text: &str) -> String {
    parts(&format!(r#"{{"text":"{text}"}}"#))
}

const STOP: &str = r#""candidates":[{"content":{"role":"model"},"finishReason":"STOP"}]"#;
const KEEP: &str = r#","include":["reasoning.encrypted_content"]"#;

#[test]
fn text_in_the_order_of_the_reference_s8_2() {
    let input = events(&[
        &parts(r#"{"text":"Hé"},{"text":"llo"}"#),
        r#""candidates":[{"content":{"parts":[{"text":""}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":2,"thoughtsTokenCount":3,"totalTokenCount":9,"cachedContentTokenCount":1}"#,
    ]);
    insta::assert_snapshot!(events_of("", &input), @r#"
    created "in_progress" null
    in_progress "in_progress" null
    output_item.added {"item":{"content":[],"id":"msg_f0000","role":"assistant","status":"in_progress","type":"message"},"output_index":0}
    content_part.added {"content_index":0,"item_id":"msg_f0000","output_index":0,"part":{"annotations":[],"logprobs":[],"text":"","type":"output_text"}}
    output_text.delta {"content_index":0,"delta":"Hé","item_id":"msg_f0000","logprobs":[],"output_index":0}
    output_text.delta {"content_index":0,"delta":"llo","item_id":"msg_f0000","logprobs":[],"output_index":0}
    output_text.done {"content_index":0,"item_id":"msg_f0000","logprobs":[],"output_index":0,"text":"Héllo"}
    content_part.done {"content_index":0,"item_id":"msg_f0000","output_index":0,"part":{"annotations":[],"logprobs":[],"text":"Héllo","type":"output_text"}}
    output_item.done {"item":{"content":[{"annotations":[],"logprobs":[],"text":"Héllo","type":"output_text"}],"id":"msg_f0000","role":"assistant","status":"completed","type":"message"},"output_index":0}
    completed "completed" null
    "#);
    let (out, _) = run("", [input.as_bytes()]);
    let response = response_events::check(&out).response;
    insta::assert_snapshot!(response["usage"], @r#"{"input_tokens":4,"input_tokens_details":{"cache_write_tokens":0,"cached_tokens":1},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":3},"total_tokens":9}"#);
}

#[test]
fn thoughts_are_a_summary_and_signed_text_is_text_x3_a5() {
    let input = events(&[
        &parts(r#"{"text":"h","thought":true}"#),
        &parts(r#"{"text":"m","thought":true},{"text":"Yes","thoughtSignature":"Cg=="}"#),
        &parts(r#"{"text":"","thoughtSignature":"Cg=="}"#),
        STOP,
    ]);
    insta::assert_snapshot!(items_of(KEEP, &input), @r#"
    {"id":"rs_f0000","summary":[{"text":"hm","type":"summary_text"}],"type":"reasoning"}
    {"content":[{"annotations":[],"logprobs":[],"text":"Yes","type":"output_text"}],"id":"msg_f0001","role":"assistant","status":"completed","type":"message"}
    "#);
}

#[test]
fn a_signature_comes_before_its_call_s3_10() {
    let input = events(&[
        &parts(
            r#"{"functionCall":{"id":"a1","name":"f","args":{"n": 1.0}},"thoughtSignature":"Cg=="},{"functionCall":{"id":"a2","name":"f"}}"#,
        ),
        STOP,
    ]);
    insta::assert_snapshot!(items_of(KEEP, &input), @r#"
    {"encrypted_content":"gempool-call-signature-1:a1:Cg==","id":"rs_f0000","summary":[],"type":"reasoning"}
    {"arguments":"{\"n\": 1.0}","call_id":"a1","id":"fc_f0001","name":"f","status":"completed","type":"function_call"}
    {"arguments":"{}","call_id":"a2","id":"fc_f0002","name":"f","status":"completed","type":"function_call"}
    "#);
    assert!(
        !items_of("", &input).contains("reasoning"),
        "only who asks gets it"
    );
    assert_eq!(
        items_of(r#","store":false"#, &input),
        items_of(KEEP, &input),
        "who wants nothing stored keeps it"
    );
}

#[test]
fn thoughts_before_a_call_carry_its_signature() {
    let input = events(&[
        &parts(r#"{"text":"hm","thought":true}"#),
        &parts(r#"{"functionCall":{"id":"a1","name":"f"},"thoughtSignature":"Cg=="}"#),
        STOP,
    ]);
    let (out, _) = run(KEEP, [input.as_bytes()]);
    let checked = response_events::check(&out);
    assert_eq!(checked.thoughts, "hm");
    let output = &checked.response["output"];
    assert_eq!(output[0]["summary"][0]["text"], "hm");
    assert_eq!(
        output[0]["encrypted_content"],
        "gempool-call-signature-1:a1:Cg=="
    );
    assert_eq!(output[1]["type"], "function_call");
    assert_eq!(output.as_array().unwrap().len(), 2);
}

#[test]
fn signatures_are_told_to_whoever_keeps_them_even_if_the_client_does_not() {
    let input = events(&[&parts(
        r#"{"functionCall":{"id":"a1","name":"f"},"thoughtSignature":"Cg=="}"#,
    )]);
    let mut stream = stream("");
    stream.push(input.as_bytes(), &mut Vec::new()).unwrap();
    let signatures = stream.take_signatures();
    assert_eq!(signatures.len(), 1);
    assert_eq!(signatures[0].call_id, "a1");
}

#[test]
fn custom_tools_and_namespaces_come_back_as_they_were_declared_t12() {
    let request = r#","tools":[{"type":"custom","name":"patch"},{"type":"namespace","name":"crm","tools":[{"type":"function","name":"find"},{"type":"custom","name":"run"}]}]"#;
    let input = events(&[
        &parts(
            r#"{"functionCall":{"id":"a1","name":"patch","args":{"input":"+\n"}}},{"functionCall":{"id":"a2","name":"crm.find","args":{"q":1}}},{"functionCall":{"id":"a3","name":"crm.run","args":{"odd":1}}}"#,
        ),
        STOP,
    ]);
    insta::assert_snapshot!(items_of(request, &input), @r#"
    {"call_id":"a1","id":"ctc_f0000","input":"+\n","name":"patch","status":"completed","type":"custom_tool_call"}
    {"arguments":"{\"q\":1}","call_id":"a2","id":"fc_f0001","name":"find","namespace":"crm","status":"completed","type":"function_call"}
    {"call_id":"a3","id":"ctc_f0002","input":"{\"odd\":1}","name":"run","namespace":"crm","status":"completed","type":"custom_tool_call"}
    "#);
}

#[test]
fn code_and_images_have_items_of_their_own() {
    let request = r#","include":["code_interpreter_call.outputs"]"#;
    let input = events(&[
        &text("a"),
        &parts(r#"{"executableCode":{"language":"PYTHON","code":"print(1)"}}"#),
        &parts(r#"{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1\n"}}"#),
        &parts(r#"{"codeExecutionResult":{"outcome":"OUTCOME_FAILED","output":"no"}}"#),
        &parts(r#"{"inlineData":{"mimeType":"image/jpeg","data":"AA=="}}"#),
        &text("b"),
        STOP,
    ]);
    insta::assert_snapshot!(events_of(request, &input), @r#"
    created "in_progress" null
    in_progress "in_progress" null
    output_item.added {"item":{"content":[],"id":"msg_f0000","role":"assistant","status":"in_progress","type":"message"},"output_index":0}
    content_part.added {"content_index":0,"item_id":"msg_f0000","output_index":0,"part":{"annotations":[],"logprobs":[],"text":"","type":"output_text"}}
    output_text.delta {"content_index":0,"delta":"a","item_id":"msg_f0000","logprobs":[],"output_index":0}
    output_text.done {"content_index":0,"item_id":"msg_f0000","logprobs":[],"output_index":0,"text":"a"}
    content_part.done {"content_index":0,"item_id":"msg_f0000","output_index":0,"part":{"annotations":[],"logprobs":[],"text":"a","type":"output_text"}}
    output_item.done {"item":{"content":[{"annotations":[],"logprobs":[],"text":"a","type":"output_text"}],"id":"msg_f0000","role":"assistant","status":"completed","type":"message"},"output_index":0}
    output_item.added {"item":{"code":"","container_id":"cntr_f","id":"ci_f0001","outputs":null,"status":"in_progress","type":"code_interpreter_call"},"output_index":1}
    code_interpreter_call.in_progress {"item_id":"ci_f0001","output_index":1}
    code_interpreter_call_code.delta {"delta":"print(1)","item_id":"ci_f0001","output_index":1}
    code_interpreter_call_code.done {"code":"print(1)","item_id":"ci_f0001","output_index":1}
    code_interpreter_call.interpreting {"item_id":"ci_f0001","output_index":1}
    code_interpreter_call.completed {"item_id":"ci_f0001","output_index":1}
    output_item.done {"item":{"code":"print(1)","container_id":"cntr_f","id":"ci_f0001","outputs":[{"logs":"1\n","type":"logs"}],"status":"completed","type":"code_interpreter_call"},"output_index":1}
    output_item.added {"item":{"code":"","container_id":"cntr_f","id":"ci_f0002","outputs":null,"status":"in_progress","type":"code_interpreter_call"},"output_index":2}
    code_interpreter_call.in_progress {"item_id":"ci_f0002","output_index":2}
    code_interpreter_call_code.delta {"delta":"","item_id":"ci_f0002","output_index":2}
    code_interpreter_call_code.done {"code":"","item_id":"ci_f0002","output_index":2}
    code_interpreter_call.interpreting {"item_id":"ci_f0002","output_index":2}
    code_interpreter_call.completed {"item_id":"ci_f0002","output_index":2}
    output_item.done {"item":{"code":"","container_id":"cntr_f","id":"ci_f0002","outputs":[{"logs":"no","type":"logs"}],"status":"failed","type":"code_interpreter_call"},"output_index":2}
    output_item.added {"item":{"id":"ig_f0003","output_format":"jpeg","result":null,"status":"in_progress","type":"image_generation_call"},"output_index":3}
    image_generation_call.in_progress {"item_id":"ig_f0003","output_index":3}
    image_generation_call.generating {"item_id":"ig_f0003","output_index":3}
    image_generation_call.completed {"item_id":"ig_f0003","output_index":3}
    output_item.done {"item":{"id":"ig_f0003","output_format":"jpeg","result":"AA==","status":"completed","type":"image_generation_call"},"output_index":3}
    output_item.added {"item":{"content":[],"id":"msg_f0004","role":"assistant","status":"in_progress","type":"message"},"output_index":4}
    content_part.added {"content_index":0,"item_id":"msg_f0004","output_index":4,"part":{"annotations":[],"logprobs":[],"text":"","type":"output_text"}}
    output_text.delta {"content_index":0,"delta":"b","item_id":"msg_f0004","logprobs":[],"output_index":4}
    output_text.done {"content_index":0,"item_id":"msg_f0004","logprobs":[],"output_index":4,"text":"b"}
    content_part.done {"content_index":0,"item_id":"msg_f0004","output_index":4,"part":{"annotations":[],"logprobs":[],"text":"b","type":"output_text"}}
    output_item.done {"item":{"content":[{"annotations":[],"logprobs":[],"text":"b","type":"output_text"}],"id":"msg_f0004","role":"assistant","status":"completed","type":"message"},"output_index":4}
    completed "completed" null
    "#);
    assert!(items_of("", &input).contains(r#""code":"print(1)","container_id":"cntr_f","id":"ci_f0001","outputs":null,"status":"completed""#));
}

#[test]
fn ends_only_at_the_end_of_the_body_x5() {
    let length =
        r#""candidates":[{"content":{"parts":[{"text":"b"}]},"finishReason":"MAX_TOKENS"}]"#;
    insta::assert_snapshot!(items_of("", &events(&[&text("a"), STOP, length])), @r#"{"content":[{"annotations":[],"logprobs":[],"text":"ab","type":"output_text"}],"id":"msg_f0000","role":"assistant","status":"incomplete","type":"message"}"#);
}

#[test]
fn statuses_follow_the_table_s2_2() {
    for (reason, status, details) in [
        ("STOP", "completed", ""),
        ("FAKE_NEW_REASON", "completed", ""),
        ("MALFORMED_RESPONSE", "completed", ""),
        ("MAX_TOKENS", "incomplete", "max_output_tokens"),
        ("CONTINUATION", "incomplete", "max_output_tokens"),
        ("SAFETY", "incomplete", "content_filter"),
        ("RECITATION", "incomplete", "content_filter"),
    ] {
        let finish = format!(r#""candidates":[{{"finishReason":"{reason}"}}]"#);
        let (out, result) = outcome("", &events(&[&text("a"), &finish]));
        assert_eq!(result, Ok(()), "{reason}");
        let response = response_events::check(&out).response;
        assert_eq!(response["status"], status, "{reason}");
        let found = response["incomplete_details"]["reason"].as_str();
        assert_eq!(found.unwrap_or_default(), details, "{reason}");
        assert_eq!(response["output"][0]["status"], status, "{reason}");
    }
}

#[test]
fn a_blocked_prompt_is_a_refusal_b1() {
    let input = events(&[r#""promptFeedback":{"blockReason":"SAFETY"}"#]);
    insta::assert_snapshot!(events_of("", &input), @r#"
    created "in_progress" null
    in_progress "in_progress" null
    output_item.added {"item":{"content":[],"id":"msg_f0000","role":"assistant","status":"in_progress","type":"message"},"output_index":0}
    content_part.added {"content_index":0,"item_id":"msg_f0000","output_index":0,"part":{"refusal":"","type":"refusal"}}
    refusal.delta {"content_index":0,"delta":"Prompt blocked by Gemini: SAFETY","item_id":"msg_f0000","output_index":0}
    refusal.done {"content_index":0,"item_id":"msg_f0000","output_index":0,"refusal":"Prompt blocked by Gemini: SAFETY"}
    content_part.done {"content_index":0,"item_id":"msg_f0000","output_index":0,"part":{"refusal":"Prompt blocked by Gemini: SAFETY","type":"refusal"}}
    output_item.done {"item":{"content":[{"refusal":"Prompt blocked by Gemini: SAFETY","type":"refusal"}],"id":"msg_f0000","role":"assistant","status":"completed","type":"message"},"output_index":0}
    incomplete "incomplete" {"reason":"content_filter"}
    "#);
}

#[test]
fn a_filtered_answer_without_text_has_no_items() {
    let input = events(&[r#""candidates":[{"finishReason":"SAFETY"}]"#]);
    insta::assert_snapshot!(events_of("", &input), @r#"
    created "in_progress" null
    in_progress "in_progress" null
    incomplete "incomplete" {"reason":"content_filter"}
    "#);
}

#[test]
fn nothing_is_written_before_there_is_something_to_say_x2() {
    for (event, expected) in [
        (r#""usageMetadata":{"promptTokenCount":4}"#, false),
        (STOP, false),
        (r#""candidates":[{"finishReason":"MAX_TOKENS"}]"#, false),
        (&text(""), false),
        (&parts(r#"{"text":"","thoughtSignature":"Cg=="}"#), false),
        (&text("a"), true),
        (r#""candidates":[{"finishReason":"SAFETY"}]"#, true),
    ] {
        let mut stream = stream("");
        let mut out = Vec::new();
        stream.push(events(&[event]).as_bytes(), &mut out).unwrap();
        assert_eq!(!out.is_empty(), expected, "{event}");
        assert_eq!(stream.has_output(), expected, "{event}");
    }
}

#[test]
fn silence_can_be_given_as_an_empty_message() {
    let input = events(&[STOP]);
    let (out, result) = outcome("", &input);
    assert_eq!((out.as_str(), result), ("", Err(UpstreamFault::Empty)));
    let mut stream = stream("");
    let mut out = Vec::new();
    stream.push(input.as_bytes(), &mut out).unwrap();
    assert_eq!(stream.finish(&mut out), Err(UpstreamFault::Empty));
    assert_eq!(stream.finish_empty(&mut out), Ok(()));
    let checked = response_events::check(std::str::from_utf8(&out).unwrap());
    assert_eq!(checked.response["status"], "completed");
    assert_eq!(checked.response["output"][0]["content"][0]["text"], "");
}

#[test]
fn only_the_first_candidate_is_told() {
    let input = events(&[
        r#""candidates":[{"content":{"parts":[{"text":"b"}]},"index":1},{"content":{"parts":[{"text":"a"}]},"index":0}]"#,
        r#""candidates":[{"finishReason":"STOP","index":0},{"finishReason":"SAFETY","index":1}]"#,
    ]);
    let (out, _) = outcome("", &input);
    let checked = response_events::check(&out);
    assert_eq!(checked.text, "b");
    assert_eq!(checked.response["status"], "incomplete");
}

#[test]
fn citations_are_flat_and_count_characters_n1_n3() {
    let input = events(&[
        &text("é is cited."),
        r#""candidates":[{"finishReason":"STOP","groundingMetadata":{"groundingChunks":[{"web":{"uri":"https://a.example","title":"a"}}],"groundingSupports":[{"segment":{"startIndex":3,"endIndex":12,"text":"is cited."},"groundingChunkIndices":[0]}]}}]"#,
    ]);
    insta::assert_snapshot!(items_of("", &input), @r#"{"content":[{"annotations":[{"end_index":11,"start_index":2,"title":"a","type":"url_citation","url":"https://a.example"}],"logprobs":[],"text":"é is cited.","type":"output_text"}],"id":"msg_f0000","role":"assistant","status":"completed","type":"message"}"#);
}

#[test]
fn log_probabilities_come_where_they_are_asked_for_n5() {
    let input = events(&[
        r#""candidates":[{"content":{"parts":[{"text":"2"}]},"logprobsResult":{"chosenCandidates":[{"token":"2","logProbability":-0.50}]}}]"#,
        STOP,
    ]);
    for (request, expected) in [
        (
            r#","include":["message.output_text.logprobs"]"#,
            r#"[{"bytes":[50],"logprob":-0.5,"token":"2","top_logprobs":[]}]"#,
        ),
        ("", "[]"),
    ] {
        let (out, _) = outcome(request, &input);
        let part = &response_events::check(&out).response["output"][0]["content"][0];
        assert_eq!(part["logprobs"].to_string(), expected);
    }
}

#[test]
fn a_failure_is_an_error_and_a_failed_response_x11_x12() {
    let error = ApiError {
        status: 429,
        message: "busy".to_owned(),
        kind: "rate_limit_error",
        param: None,
        code: Some("rate_limit_exceeded".to_owned()),
        retry_after_s: None,
    };
    for (input, items) in [
        (String::new(), 0),
        (events(&[&text("a")]), 0),
        (
            events(&[&text("a"), &parts(r#"{"functionCall":{"name":"f"}}"#)]),
            2,
        ),
    ] {
        let mut stream = stream("");
        let mut out = Vec::new();
        stream.push(input.as_bytes(), &mut out).unwrap();
        stream.fail(&error, &mut out);
        let checked = response_events::check(std::str::from_utf8(&out).unwrap());
        assert_eq!(checked.response["output"].as_array().unwrap().len(), items);
        assert_eq!(checked.response["error"]["code"], "rate_limit_exceeded");
        let error = &checked.events[checked.events.len() - 2];
        assert_eq!(
            error["error"].to_string(),
            r#"{"code":"rate_limit_exceeded","message":"busy","param":null,"type":"rate_limit_error"}"#
        );
        assert_eq!(error["code"], "rate_limit_exceeded");
    }
}

#[test]
fn an_end_without_finish_reason_is_truncation_x12() {
    let (out, result) = outcome("", &events(&[&text("a")]));
    assert_eq!(result, Err(UpstreamFault::Truncated));
    assert!(!out.contains("response.completed") && !out.contains("output_item.done"));
}

#[test]
fn sound_is_left_out_with_a_word() {
    let input = events(&[
        &parts(r#"{"inlineData":{"mimeType":"audio/L16;rate=24000","data":"AA=="}}"#),
        STOP,
    ]);
    let (out, result) = outcome("", &input);
    assert_eq!(result, Ok(()));
    assert_eq!(
        response_events::check(&out).text,
        "\n[audio/L16 left out: the Responses API has no item for it]\n"
    );
}

#[test]
fn line_breaks_of_the_request_do_not_break_events() {
    let request = ",\n\"tools\":[\r\n{\"type\":\"function\",\n\"name\":\"f\"}],\"metadata\":\n{\"a\":\"b\\nc\"}";
    let (out, _) = outcome(request, &events(&[&text("a"), STOP]));
    let response = response_events::check(&out).response;
    assert_eq!(response["metadata"]["a"], "b\nc");
    assert_eq!(response["tools"][0]["name"], "f");
}
