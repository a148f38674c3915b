//! Requests by rule: what is asked for, and what is refused.

use std::collections::BTreeMap;

use crate::{
    CompletionRequest, Exchange, Features, InvalidRequest, ModelName, Plan, Signing, Target,
};

fn plan(fields: &str) -> Result<Plan, InvalidRequest> {
    let body = format!(r#"{{"model":"m",{fields}}}"#);
    let model: ModelName = "gemini-2.5-flash".parse().unwrap();
    let target = Target {
        model: &model,
        features: Features::default(),
        safety: &[],
        signatures: &BTreeMap::new(),
        signing: Signing::Kept,
        streamed: false,
    };
    CompletionRequest::parse(body.as_bytes())?.plan(&target)
}

/// The bodies of the calls, without what is the same in all.
fn bodies(fields: &str) -> Vec<String> {
    let plan = plan(fields).unwrap();
    let bodies = plan.bodies.into_iter().map(|body| {
        let body = String::from_utf8(body).unwrap();
        body.replace(r#","store":false"#, "")
    });
    bodies.collect()
}

#[test]
fn a_prompt_is_one_user_message() {
    assert_eq!(
        bodies(
            r#""prompt":"Once","max_tokens":9,"temperature":0.5,"top_p":0.9,"stop":["\n",""],"seed":4294967297,
               "presence_penalty":1,"frequency_penalty":-2,"best_of":3,"logit_bias":{"50256":-100},"user":"u","suffix":"""#
        ),
        [
            r#"{"contents":[{"role":"user","parts":[{"text":"Once"}]}],"generationConfig":{"maxOutputTokens":9,"temperature":0.5,"topP":0.9,"stopSequences":["\n"],"seed":1}}"#
        ]
    );
    assert_eq!(
        bodies(r#""prompt":"""#),
        [r#"{"contents":[{"role":"user","parts":[{"text":" "}]}]}"#]
    );
}

#[test]
fn each_prompt_and_each_repetition_is_a_call() {
    let prompts = |fields| {
        let texts = bodies(fields).into_iter().map(|body| {
            let body: serde_json::Value = serde_json::from_str(&body).unwrap();
            body["contents"][0]["parts"][0]["text"]
                .as_str()
                .unwrap()
                .to_owned()
        });
        texts.collect::<Vec<String>>()
    };
    assert_eq!(prompts(r#""prompt":["a","b"]"#), ["a", "b"]);
    assert_eq!(prompts(r#""prompt":["a","b"],"n":2"#), ["a", "a", "b", "b"]);
    assert_eq!(prompts(r#""prompt":["a"],"stream":true"#), ["a"]);
}

#[test]
fn what_cannot_be_had_is_refused_by_name() {
    let many = format!(r#""prompt":[{}]"#, vec![r#""a""#; 33].join(","));
    for (fields, param, problem) in [
        (
            "\"n\":1",
            Some("prompt"),
            "is required: a string, or an array of strings",
        ),
        (
            r#""prompt":null"#,
            Some("prompt"),
            "is required: a string, or an array of strings",
        ),
        (
            r#""prompt":[]"#,
            Some("prompt"),
            "must hold at least one text",
        ),
        (r#""prompt":[1,2]"#, Some("prompt[0]"), "is made of tokens"),
        (
            r#""prompt":["a",[1,2]]"#,
            Some("prompt[1]"),
            "is made of tokens",
        ),
        (
            r#""prompt":7"#,
            Some("prompt"),
            "expected a string or an array of strings",
        ),
        (
            r#""prompt":["a",{}]"#,
            Some("prompt[1]"),
            "expected a string",
        ),
        (
            many.as_str(),
            Some("prompt"),
            "at most 32 prompts are allowed",
        ),
        (
            r#""prompt":"a","n":0"#,
            Some("n"),
            "must be between 1 and 8, not 0",
        ),
        (
            r#""prompt":"a","n":9"#,
            Some("n"),
            "must be between 1 and 8, not 9",
        ),
        (
            r#""prompt":["a","b","c","d","e"],"n":8"#,
            Some("n"),
            "5 prompts with 8 completions",
        ),
        (
            r#""prompt":"a","n":2,"best_of":1"#,
            Some("best_of"),
            "must not be less than `n`",
        ),
        (
            r#""prompt":"a","best_of":0"#,
            Some("best_of"),
            "must be at least 1",
        ),
        (
            r#""prompt":"a","n":2,"stream":true"#,
            Some("n"),
            "must be 1 in a stream",
        ),
        (
            r#""prompt":["a","b"],"stream":true"#,
            Some("prompt"),
            "must hold one text in a stream",
        ),
        (
            r#""prompt":"a","suffix":"b""#,
            Some("suffix"),
            "text cannot be inserted",
        ),
        (
            r#""prompt":"a","logprobs":6"#,
            Some("logprobs"),
            "must be between 0 and 5, not 6",
        ),
        (
            r#""prompt":"a","logprobs":0,"echo":true"#,
            Some("logprobs"),
            "cannot be had of a prompt",
        ),
        (
            r#""prompt":"a","max_tokens":0"#,
            Some("max_tokens"),
            "must be at least 1, not 0",
        ),
        (
            r#""prompt":"a","temperature":2.5"#,
            Some("temperature"),
            "must be between 0 and 2",
        ),
        (
            r#""prompt":"a","top_p":-1"#,
            Some("top_p"),
            "must be between 0 and 1",
        ),
        (
            r#""prompt":"a","presence_penalty":3"#,
            Some("presence_penalty"),
            "must be between -2 and 2",
        ),
        (
            r#""prompt":"a","frequency_penalty":-3"#,
            Some("frequency_penalty"),
            "must be between -2 and 2",
        ),
        (
            r#""prompt":"a","logit_bias":[]"#,
            Some("logit_bias"),
            "expected an object",
        ),
        (
            r#""prompt":"a","user":7"#,
            Some("user"),
            "expected a string",
        ),
        (
            r#""prompt":"a","echo":"yes""#,
            Some("echo"),
            "expected a boolean",
        ),
        (
            r#""prompt":"a","stream_options":{"include_usage":1}"#,
            Some("stream_options.include_usage"),
            "expected a boolean",
        ),
        (
            r#""prompt":"a","#,
            None,
            "the request body is not valid JSON",
        ),
    ] {
        let error = plan(fields).unwrap_err();
        assert_eq!(error.param.as_deref(), param, "{fields}: {error}");
        assert!(error.message.contains(problem), "{fields}: {error}");
    }
    for body in ["{}", r#"{"model":""}"#, r#"{"model":null,"prompt":"a"}"#] {
        let error = CompletionRequest::parse(body.as_bytes()).unwrap_err();
        assert_eq!(error.param.as_deref(), Some("model"), "{body}");
    }
}

#[test]
fn a_large_prompt_is_not_multiplied_beyond_what_fits() {
    let text = "a".repeat(9 << 20);
    let plan = |n: usize| plan(&format!(r#""prompt":["{text}","{text}"],"n":{n}"#));
    assert_eq!(plan(2).unwrap().bodies.len(), 4);
    let error = plan(4).unwrap_err();
    assert_eq!(error.param.as_deref(), Some("n"));
    assert!(error.message.contains("too much"), "{error}");
}
