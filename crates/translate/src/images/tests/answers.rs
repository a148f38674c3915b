//! Answers by rule, whole and streamed.

use super::*;
use crate::{AnswerStream, JSON, UpstreamFault, recorded::recorded};

fn request(wishes: &str) -> String {
    format!(r#"{{"model":"m","prompt":"p"{wishes}}}"#)
}

fn render(wishes: &str, answers: &[&str]) -> Result<String, UpstreamFault> {
    let answers: Vec<&[u8]> = answers.iter().map(|answer| answer.as_bytes()).collect();
    let body = request(wishes);
    let answer = ImageRequest::parse(body.as_bytes())
        .unwrap()
        .render(&answers, &meta())?;
    assert_eq!(answer.content_type, JSON);
    Ok(String::from_utf8(answer.body).unwrap())
}

const ANSWER: &str = r#"{"candidates":[{"content":{"parts":[
    {"text":"Here it is."},
    {"inlineData":{"mimeType":"image/png","data":"ZHJhZnQ="},"thought":true},
    {"inlineData":{"mimeType":"image/jpeg","data":"/9j/4A=="},"thoughtSignature":"Cg=="}
  ]},"finishReason":"STOP"}],
  "usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":1518,"thoughtsTokenCount":2,"totalTokenCount":1525,
    "promptTokensDetails":[{"modality":"TEXT","tokenCount":5}],
    "candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":1120}]}}"#;

#[test]
fn images_come_as_base64_without_drafts_i4_i8() {
    let expected = r#"{"created":1764000000,"data":[{"b64_json":"/9j/4A=="}],"output_format":"jpeg","usage":{"input_tokens":5,"input_tokens_details":{"image_tokens":0,"text_tokens":5},"output_tokens":1520,"output_tokens_details":{"image_tokens":1120,"text_tokens":400},"total_tokens":1525}}"#;
    for wishes in [
        "",
        r#","response_format":"b64_json""#,
        r#","output_format":"png""#,
    ] {
        assert_eq!(render(wishes, &[ANSWER]).unwrap(), expected, "{wishes}");
    }
}

#[test]
fn urls_are_data_urls_i4() {
    let found = render(r#","response_format":"url""#, &[ANSWER]).unwrap();
    assert!(
        found.contains(r#""data":[{"url":"data:image/jpeg;base64,/9j/4A=="}]"#),
        "{found}"
    );
}

#[test]
fn answers_of_all_calls_are_one_list_i3_i8() {
    let found = render(r#","n":2"#, &[ANSWER, ANSWER]).unwrap();
    assert!(found.contains(r#""data":[{"b64_json":"/9j/4A=="},{"b64_json":"/9j/4A=="}]"#));
    assert!(found.ends_with(r#""total_tokens":3050}}"#), "{found}");
}

#[test]
fn images_that_were_made_are_given_although_others_were_not() {
    let filtered = r#"{"candidates":[{"finishReason":"IMAGE_SAFETY"}]}"#;
    let malformed = r#"{"candidates":[{"finishReason":"MALFORMED_RESPONSE"}]}"#;
    let found = render(r#","n":3"#, &[filtered, ANSWER, malformed]).unwrap();
    assert!(
        found.contains(r#""data":[{"b64_json":"/9j/4A=="}],"#),
        "{found}"
    );
}

#[test]
fn no_image_is_a_fault_with_geminis_reason_i5() {
    let unusable = |reason: &str, message: &str| UpstreamFault::Unusable {
        reason: reason.to_owned(),
        message: message.to_owned(),
    };
    for (answers, expected) in [
        (
            vec![
                r#"{"candidates":[{"finishReason":"IMAGE_SAFETY","finishMessage":"Try another."}]}"#,
            ],
            unusable("content_policy_violation", "IMAGE_SAFETY: Try another."),
        ),
        (
            vec![r#"{"promptFeedback":{"blockReason":"SAFETY"}}"#],
            unusable(
                "content_policy_violation",
                "Prompt blocked by Gemini: SAFETY",
            ),
        ),
        (
            vec![
                r#"{"candidates":[{"content":{"parts":[{"text":"Paris."}]},"finishReason":"STOP"}]}"#,
            ],
            unusable("no_image", "it answered with text and no image: Paris."),
        ),
        (
            vec![
                r#"{"candidates":[{"finishReason":"NO_IMAGE"}]}"#,
                r#"{"candidates":[{"finishReason":"STOP"}]}"#,
            ],
            unusable("no_image", "it ended with NO_IMAGE"),
        ),
        (
            vec![r#"{"candidates":[{"finishReason":"STOP"}]}"#],
            UpstreamFault::Empty,
        ),
        (vec!["{}"], UpstreamFault::Empty),
        (vec![], UpstreamFault::Empty),
        (vec!["<html>"], UpstreamFault::Malformed),
        (vec![ANSWER, r#"{"candidates":["#], UpstreamFault::Truncated),
        (vec![r#"{"this":[{"is":{}}]}"#], UpstreamFault::Empty),
    ] {
        assert_eq!(render("", &answers), Err(expected), "{answers:?}");
    }
    let report = r#"{"error":{"code":503,"message":"high demand"}}"#;
    assert!(matches!(
        render("", &[ANSWER, report]),
        Err(UpstreamFault::Reported {
            status: Some(503),
            ..
        })
    ));
}

#[test]
fn predictions_are_images_and_say_why_they_are_not_i6() {
    let answer = r#"{"predictions":[
        {"mimeType":"image/png","bytesBase64Encoded":"iVBORw0KGgo="},
        {"raiFilteredReason":"unsafe"},
        {"bytesBase64Encoded":"iVBORw0KGgo="}]}"#;
    assert_eq!(
        render("", &[answer]).unwrap(),
        r#"{"created":1764000000,"data":[{"b64_json":"iVBORw0KGgo="},{"b64_json":"iVBORw0KGgo="}],"output_format":"png"}"#
    );
    let filtered = render("", &[r#"{"predictions":[{"raiFilteredReason":"unsafe"}]}"#]);
    assert!(filtered.unwrap_err().is_refusal());
    assert_eq!(
        render("", &[r#"{"predictions":[]}"#]),
        Err(UpstreamFault::Empty)
    );
    assert_eq!(
        render("", &[r#"{"predictions":{}}"#]),
        Err(UpstreamFault::Malformed)
    );
}

fn run<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (String, Result<(), UpstreamFault>) {
    let body = request(r#","stream":true,"size":"1024x1024","partial_images":2"#);
    let request = ImageRequest::parse(body.as_bytes()).unwrap();
    assert!(request.streams());
    let mut stream: AnswerStream = request.stream_translator(&meta()).unwrap();
    let mut out = Vec::new();
    let result = pieces
        .into_iter()
        .try_for_each(|piece| stream.push(piece, &mut out))
        .and_then(|()| stream.finish(&mut out));
    (String::from_utf8(out).unwrap(), result)
}

/// The one outcome of every way of cutting the input.
fn outcome(events: &[&str]) -> (String, Result<(), UpstreamFault>) {
    let input: String = events
        .iter()
        .map(|event| format!("data: {event}\r\n\r\n"))
        .collect();
    let bytes = input.as_bytes();
    let whole = run([bytes]);
    assert_eq!(run(bytes.chunks(1)), whole, "byte by byte");
    for at in 0..=bytes.len() {
        let (left, right) = bytes.split_at(at);
        assert_eq!(run([left, right]), whole, "split at {at}");
    }
    whole
}

#[test]
fn a_stream_is_one_event_with_the_whole_image() {
    let (out, result) = outcome(&[
        r#"{"candidates":[{"content":{"parts":[{"text":"Here"}]}}],"usageMetadata":{"promptTokenCount":5,"totalTokenCount":5}}"#,
        r#"{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}}]}}]}"#,
        r#"{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":9,"totalTokenCount":14,"candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":9}]}}"#,
    ]);
    assert_eq!(result, Ok(()));
    insta::assert_snapshot!(out, @r#"
    event: image_generation.completed
    data: {"type":"image_generation.completed","b64_json":"iVBORw0KGgo=","background":"auto","created_at":1764000000,"output_format":"png","quality":"auto","size":"1024x1024","usage":{"input_tokens":5,"input_tokens_details":{"image_tokens":0,"text_tokens":5},"output_tokens":9,"output_tokens_details":{"image_tokens":9,"text_tokens":0},"total_tokens":14}}
    "#);
}

#[test]
fn a_stream_without_an_image_ends_as_an_error_i5() {
    let (out, result) = outcome(&[r#"{"candidates":[{"finishReason":"IMAGE_SAFETY"}]}"#]);
    assert_eq!(result, Ok(()));
    insta::assert_snapshot!(out, @r#"
    event: error
    data: {"error":{"message":"the model gave no usable answer: IMAGE_SAFETY: the content was filtered","type":"invalid_request_error","param":null,"code":"content_policy_violation"}}
    "#);
    let (out, _) = outcome(&[r#"{"promptFeedback":{"blockReason":"SAFETY"}}"#]);
    assert!(
        out.contains(r#""code":"content_policy_violation""#),
        "{out}"
    );
    let (out, _) = outcome(&[
        r#"{"candidates":[{"content":{"parts":[{"text":"No."}]},"finishReason":"STOP"}]}"#,
    ]);
    assert!(
        out.contains("it answered with text and no image: No."),
        "{out}"
    );
    assert_eq!(
        outcome(&[r#"{"candidates":[{}]}"#]).1,
        Err(UpstreamFault::Truncated)
    );
}

#[test]
fn an_edit_has_an_event_of_its_own() {
    let body = form(&[
        ("model", None, b"m"),
        ("prompt", None, b"p"),
        ("image", Some("a.png"), PNG),
        ("stream", None, b"true"),
    ]);
    let request = ImageEditRequest::parse(FORM, &body).unwrap();
    let mut stream = request.stream_translator(&meta()).unwrap();
    let mut out = Vec::new();
    stream.push_whole(ANSWER.as_bytes(), &mut out).unwrap();
    stream.finish(&mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    assert!(
        out.starts_with("event: image_edit.completed\ndata: {\"type\":\"image_edit.completed\"")
    );
}

#[test]
fn recorded_images_come_through_whole() {
    for (file, format) in [
        ("image_out_2_5_flash_image.json", "png"),
        ("image_out_3_1_flash_lite_image.json", "jpeg"),
        ("image_out_vertex_output_format.json", "jpeg"),
    ] {
        let Some(upstream) = recorded(file) else {
            return;
        };
        let upstream = String::from_utf8(upstream).unwrap();
        let sent: Value = serde_json::from_str(&render("", &[&upstream]).unwrap()).unwrap();
        let parsed: Value = serde_json::from_str(&upstream).unwrap();
        let data = &parsed["candidates"][0]["content"]["parts"][0]["inlineData"]["data"];
        assert_eq!(sent["data"], json!([{"b64_json": data}]), "{file}");
        assert_eq!(sent["output_format"], format, "{file}");
        let usage = &sent["usage"];
        let tokens = |name: &str| usage[name].as_u64().unwrap();
        assert_eq!(
            tokens("input_tokens") + tokens("output_tokens"),
            tokens("total_tokens")
        );
        let details = &usage["output_tokens_details"];
        let sum =
            details["image_tokens"].as_u64().unwrap() + details["text_tokens"].as_u64().unwrap();
        assert_eq!(sum, tokens("output_tokens"), "{file}");
    }
    if let Some(upstream) = recorded("imagen_all_filtered.json") {
        let upstream = String::from_utf8(upstream).unwrap();
        assert!(render("", &[&upstream]).unwrap_err().is_refusal());
    }
    if let Some(upstream) = recorded("image_out_stream_2_0.sse") {
        let (out, result) = run([&upstream[..]]);
        assert_eq!(result, Ok(()));
        assert_eq!(out.matches("event: ").count(), 1);
        assert_eq!(run(upstream.chunks(997)).0, out);
    }
}
