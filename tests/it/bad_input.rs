//! Requests that make no sense: a 4xx that names the field, nothing sent upstream, the next one works.

use http::Method;
use serde_json::json;

use crate::support::chat::{self, MODEL};
use crate::support::client::CHAT;
use crate::support::scene::Scene;

/// Deeper than any real request and than JSON parsers' own limits.
const DEEP: usize = 10_000;

#[tokio::test]
async fn nonsense_is_refused_with_the_field_it_is_in() {
    let scene = Scene::start().await;
    let user = json!([{"role": "user", "content": "hi"}]);
    let with = |field: &str, value| {
        chat::with(chat::unary(), field, value)
            .to_string()
            .into_bytes()
    };
    let deep = "[".repeat(DEEP).into_bytes();
    let deep_inside = format!(
        r#"{{"model":"{MODEL}","messages":[{{"role":"user","content":{}"#,
        "[".repeat(DEEP)
    );
    let huge_number = format!(r#"{{"model":"{MODEL}","messages":{user},"temperature":1e999}}"#);
    let image = |url: &str| {
        json!({"model": MODEL, "messages": [{"role": "user", "content": [
            {"type": "image_url", "image_url": {"url": url}}
        ]}]})
        .to_string()
        .into_bytes()
    };

    // (what, body, the beginning of `error.param`; `None` where there is no field to name)
    let cases: Vec<(&str, Vec<u8>, Option<&str>)> = vec![
        ("nothing", Vec::new(), None),
        ("not JSON", b"hello".to_vec(), None),
        ("half JSON", br#"{"model":"gemini"#.to_vec(), None),
        (
            "two documents",
            [chat::unary().to_string(), "{}".to_owned()]
                .concat()
                .into_bytes(),
            None,
        ),
        ("an array", b"[]".to_vec(), None),
        ("null", b"null".to_vec(), None),
        (
            "bad UTF-8",
            b"{\"model\":\"\xff\xfe\",\"messages\":[]}".to_vec(),
            None,
        ),
        (
            "UTF-16",
            "{\"model\":1}"
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect(),
            None,
        ),
        ("deep nesting", deep, None),
        ("deep nesting inside", deep_inside.into_bytes(), None),
        ("a number out of range", huge_number.into_bytes(), None),
        (
            "no model",
            json!({"messages": user}).to_string().into_bytes(),
            Some("model"),
        ),
        (
            "no messages",
            json!({"model": MODEL}).to_string().into_bytes(),
            Some("messages"),
        ),
        ("model is a number", with("model", json!(5)), Some("model")),
        (
            "model escapes its path",
            with("model", json!("../files")),
            Some("model"),
        ),
        (
            "model picks a method",
            with("model", json!("x:generateContent?key=")),
            Some("model"),
        ),
        (
            "messages is text",
            with("messages", json!("hi")),
            Some("messages"),
        ),
        (
            "empty messages",
            with("messages", json!([])),
            Some("messages"),
        ),
        (
            "a message is text",
            with("messages", json!(["hi"])),
            Some("messages[0]"),
        ),
        (
            "no role",
            with("messages", json!([{"content": "hi"}])),
            Some("messages[0]"),
        ),
        (
            "unknown role",
            with(
                "messages",
                json!([{"role": "user", "content": "hi"}, {"role": "wizard", "content": "hi"}]),
            ),
            Some("messages[1].role"),
        ),
        (
            "content is a number",
            with("messages", json!([{"role": "user", "content": 5}])),
            Some("messages[0].content"),
        ),
        (
            "unknown content part",
            with(
                "messages",
                json!([{"role": "user", "content": [{"type": "smell"}]}]),
            ),
            Some("messages[0].content[0]"),
        ),
        (
            "temperature is text",
            with("temperature", json!("hot")),
            Some("temperature"),
        ),
        (
            "temperature too high",
            with("temperature", json!(9)),
            Some("temperature"),
        ),
        (
            "max_tokens below one",
            with("max_tokens", json!(0)),
            Some("max_tokens"),
        ),
        (
            "stream is text",
            with("stream", json!("yes")),
            Some("stream"),
        ),
        ("stop is a number", with("stop", json!(1)), Some("stop")),
        ("too many answers", with("n", json!(99)), Some("n")),
        (
            "an image that is no data",
            image("data:image/png;base64,@@@"),
            Some("messages[0].content[0]"),
        ),
        (
            "an image by a foreign scheme",
            image("file:///etc/passwd"),
            Some("messages[0].content[0]"),
        ),
    ];

    for (what, body, param) in cases {
        let answer = scene
            .client()
            .request(Method::POST, CHAT)
            .header("content-type", "application/json")
            .body(body);
        let answer = answer.answer().await;
        let error = answer.error(400);
        assert_eq!(error["type"], "invalid_request_error", "{what}");
        if let Some(param) = param {
            let named = error["param"].as_str().unwrap_or_default();
            assert!(
                named.starts_with(param),
                "{what}: `{param}` is not named: {error}"
            );
        }
    }

    assert!(scene.sim().requests().is_empty(), "nonsense went upstream");
    scene.chat(&chat::unary()).await.ok();
}

#[tokio::test]
async fn nonsense_on_a_stream_is_a_status_and_not_an_event() {
    let scene = Scene::start().await;
    let body = chat::with(chat::streaming(), "messages", json!([]));
    let error = scene.chat(&body).await.error(400);
    assert_eq!(error["param"], "messages");
}

#[tokio::test]
async fn what_gemini_cannot_do_is_refused_and_not_dropped() {
    let scene = Scene::start().await;
    for (field, value) in [
        ("tools", json!([{"type": "file_search"}])),
        ("tool_choice", json!("required")),
        ("audio", json!({"voice": "alloy", "format": "mp3"})),
        ("n", json!(9)),
    ] {
        let error = scene
            .chat(&chat::with(chat::unary(), field, value))
            .await
            .error(400);
        let named = error["param"].as_str().unwrap_or_default();
        assert!(named.starts_with(field), "{error}");
    }
    assert!(scene.sim().requests().is_empty());
}

#[tokio::test]
async fn a_compressed_body_is_refused() {
    let scene = Scene::start().await;
    let call = scene
        .client()
        .request(Method::POST, CHAT)
        .json(&chat::unary());
    call.header("content-encoding", "gzip")
        .answer()
        .await
        .error(415);
    assert!(scene.sim().requests().is_empty());
}
