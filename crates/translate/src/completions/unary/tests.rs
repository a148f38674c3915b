//! Whole answers by rule.

use crate::{AnswerMeta, CompletionRequest, Exchange, UnaryAnswer, UpstreamFault};

fn answer(fields: &str, upstream: &[&str]) -> Result<UnaryAnswer, UpstreamFault> {
    let body = format!(r#"{{"model":"m",{fields}}}"#);
    let request = CompletionRequest::parse(body.as_bytes()).unwrap();
    let meta = AnswerMeta {
        fallback_id: "f".to_owned(),
        created_unix_s: 7,
        model: "m".to_owned(),
    };
    let upstream: Vec<&[u8]> = upstream.iter().map(|body| body.as_bytes()).collect();
    request.render(&upstream, &meta)
}

fn body(fields: &str, upstream: &[&str]) -> String {
    String::from_utf8(answer(fields, upstream).unwrap().body).unwrap()
}

/// Text and finish reason of each choice; the indices count up.
fn choices(fields: &str, upstream: &[&str]) -> Vec<(String, String)> {
    let body: serde_json::Value = serde_json::from_str(&body(fields, upstream)).unwrap();
    let choices = body["choices"].as_array().unwrap().iter().enumerate();
    let choices = choices.map(|(position, choice)| {
        assert_eq!(choice["index"], position);
        let text = |key: &str| choice[key].as_str().unwrap().to_owned();
        (text("text"), text("finish_reason"))
    });
    choices.collect()
}

fn says(text: &str) -> String {
    format!(
        r#"{{"candidates":[{{"content":{{"parts":[{{"text":"{text}"}}]}},"finishReason":"STOP"}}],
            "usageMetadata":{{"promptTokenCount":2,"candidatesTokenCount":1,"totalTokenCount":3}}}}"#
    )
}

const BLOCKED: &str = r#"{"promptFeedback":{"blockReason":"SAFETY"}}"#;

#[test]
fn an_answer_is_a_text_completion() {
    let upstream = r#"{"candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"text":"upon "},{"text":"a time"},
        {"functionCall":{"name":"f"}}]},"finishReason":"MAX_TOKENS"}],"responseId":"r1","modelVersion":"v",
        "usageMetadata":{"promptTokenCount":2,"candidatesTokenCount":3,"thoughtsTokenCount":4,"totalTokenCount":9}}"#;
    insta::assert_snapshot!(body(r#""prompt":"Once""#, &[upstream]), @r#"{"id":"cmpl-r1","object":"text_completion","created":7,"model":"m","system_fingerprint":"v","choices":[{"text":"upon a time","index":0,"logprobs":null,"finish_reason":"length"}],"usage":{"prompt_tokens":2,"completion_tokens":7,"total_tokens":9,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":4,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}"#);
}

#[test]
fn choices_are_in_the_order_of_prompts() {
    let (a, b) = (says("a"), says("b"));
    assert_eq!(
        choices(r#""prompt":["1","2","3"],"echo":true"#, &[&a, BLOCKED, &b]),
        [
            ("1a".to_owned(), "stop".to_owned()),
            ("2".to_owned(), "content_filter".to_owned()),
            ("3b".to_owned(), "stop".to_owned()),
        ]
    );
    let twice = choices(r#""prompt":["1","2"],"n":2,"echo":true"#, &[&a, &b, &a, &b]);
    let texts: Vec<&str> = twice.iter().map(|(text, _)| text.as_str()).collect();
    assert_eq!(texts, ["1a", "1b", "2a", "2b"]);
    let usage = answer(r#""prompt":["1","2"]"#, &[&a, &b]).unwrap().usage;
    assert_eq!((usage.prompt_tokens, usage.total_tokens), (4, 6));
}

#[test]
fn one_prompt_that_cannot_be_answered_fails_all() {
    let good = says("a");
    for (bad, expected) in [
        ("{}", UpstreamFault::Empty),
        (r#"{"candidates":"#, UpstreamFault::Truncated),
        ("[]", UpstreamFault::Malformed),
    ] {
        assert_eq!(
            answer(r#""prompt":["1","2"]"#, &[&good, bad]),
            Err(expected)
        );
    }
}

#[test]
fn code_is_text_a7_and_silence_is_empty() {
    let code = r#"{"candidates":[{"content":{"parts":[{"executableCode":{"language":"PYTHON","code":"1"}},{"text":"x"}]}}]}"#;
    let found = choices(r#""prompt":"1""#, &[code]);
    assert_eq!(found[0].0, "\n```python\n1\n```\nx");
    let silent = r#"{"candidates":[{"finishReason":"STOP"}]}"#;
    assert!(answer(r#""prompt":"1""#, &[silent]).unwrap().empty);
    assert_eq!(choices(r#""prompt":"1""#, &[silent])[0].0, "");
}

#[test]
fn log_probabilities_are_lists_n5() {
    let upstream = r#"{"candidates":[{"content":{"parts":[{"text":"Hi"}]},"logprobsResult":{"chosenCandidates":[{"token":"Hi","logProbability":-0.5}]}}]}"#;
    let body = body(r#""prompt":"1","logprobs":1"#, &[upstream]);
    let expected = r#""logprobs":{"tokens":["Hi"],"token_logprobs":[-0.5],"top_logprobs":[{}],"text_offset":[0]}"#;
    assert!(body.contains(expected), "{body}");
}
