//! What the real API refuses is refused with its words.

use gemini_sim::Sim;
use serde_json::{Value, json};

use crate::client::{ARRAY, EVENTS, UNARY, post, prompt, request};

#[tokio::test]
async fn exactly_one_known_credential_is_needed() {
    let sim = Sim::builder()
        .keys(["good"])
        .start("127.0.0.1:0")
        .await
        .unwrap();
    let with_query = format!("{UNARY}?key=good");
    let cases = [
        (UNARY, "x-goog-api-key: good\r\n", 200, ""),
        (&with_query, "", 200, ""),
        (UNARY, "", 403, "unregistered callers"),
        (
            &with_query,
            "x-goog-api-key: good\r\n",
            400,
            "Multiple authentication credentials",
        ),
        (
            UNARY,
            "x-goog-api-key: good\r\nAuthorization: Bearer t\r\n",
            400,
            "Multiple authentication credentials",
        ),
        (
            UNARY,
            "Authorization: Bearer t\r\n",
            401,
            "invalid authentication credentials",
        ),
        (UNARY, "x-goog-api-key: bad\r\n", 400, "API key not valid"),
    ];
    let body = prompt("hi").to_string();
    for (target, headers, status, message) in cases {
        let response = request(&sim, "POST", target, headers, body.as_bytes()).await;
        assert_eq!(response.status, status, "{target} {headers}");
        assert!(
            response.body.contains(message),
            "{target} {headers}: {}",
            response.body
        );
    }
}

#[tokio::test]
async fn an_unknown_key_is_told_in_details() {
    let sim = Sim::builder()
        .keys(["good"])
        .start("127.0.0.1:0")
        .await
        .unwrap();
    let error = post(&sim, UNARY, &prompt("hi")).await.json()["error"].clone();
    assert_eq!(error["status"], "INVALID_ARGUMENT");
    assert_eq!(
        error["details"][0]["@type"],
        "type.googleapis.com/google.rpc.ErrorInfo"
    );
    assert_eq!(error["details"][0]["reason"], "API_KEY_INVALID");
}

#[tokio::test]
async fn bodies_and_models_that_make_no_sense_are_refused() {
    let sim = Sim::builder().start("127.0.0.1:0").await.unwrap();
    let nowhere = "/v1beta/models/no-such-model:generateContent";
    let embedding = "/v1beta/models/gemini-embedding-001:generateContent";
    let mut unknown = prompt("hi");
    unknown["temperature"] = json!(1);
    let cases: [(&str, Value, u16, &str); 6] = [
        (UNARY, json!({}), 400, "contents is not specified"),
        (
            UNARY,
            unknown,
            400,
            "Unknown name \\\"temperature\\\": Cannot find field.",
        ),
        (UNARY, json!([]), 400, "Invalid JSON payload received."),
        (
            nowhere,
            prompt("hi"),
            404,
            "models/no-such-model is not found for API version v1beta",
        ),
        (
            embedding,
            prompt("hi"),
            404,
            "is not supported for generateContent",
        ),
        ("/v1beta/nothing", prompt("hi"), 404, "404"),
    ];
    for (target, body, status, message) in cases {
        let response = post(&sim, target, &body).await;
        assert_eq!(response.status, status, "{target} {body}");
        assert!(
            response.body.contains(message),
            "{target} {body}: {}",
            response.body
        );
    }
}

#[tokio::test]
async fn an_error_before_a_stream_is_plain_json_under_the_content_type_of_the_stream() {
    let sim = Sim::builder().start("127.0.0.1:0").await.unwrap();
    let error = post(&sim, EVENTS, &json!({})).await;
    assert_eq!(error.header("content-type"), Some("text/event-stream"));
    assert_eq!(error.json()["error"]["code"], 400);

    let error = post(&sim, ARRAY, &json!({})).await;
    assert_eq!(
        error.header("content-type"),
        Some("application/json; charset=UTF-8")
    );
    assert_eq!(error.json()[0]["error"]["code"], 400);
}

#[tokio::test]
async fn what_makes_no_sense_to_the_model_is_refused_on_every_way_of_calling() {
    let sim = Sim::builder().start("127.0.0.1:0").await.unwrap();
    let mut level = prompt("hi");
    level["generationConfig"] = json!({"thinkingConfig": {"thinkingLevel": "LOW"}});
    let words = "Thinking level is not supported for this model.";
    for target in [UNARY, EVENTS] {
        let error = post(&sim, target, &level).await;
        assert_eq!(error.status, 400, "{target}");
        assert_eq!(error.json()["error"]["message"], words, "{target}");
    }
    let error = post(&sim, ARRAY, &level).await;
    assert_eq!(error.json()[0]["error"]["message"], words);
}

#[tokio::test]
async fn a_deadline_under_ten_seconds_is_too_short_u13() {
    let sim = Sim::builder().start("127.0.0.1:0").await.unwrap();
    let body = prompt("hi").to_string();
    for (seconds, status) in [("5", 400), ("9.9", 400), ("10", 200), ("soon", 200)] {
        let headers = format!("x-goog-api-key: k\r\nX-Server-Timeout: {seconds}\r\n");
        let response = request(&sim, "POST", UNARY, &headers, body.as_bytes()).await;
        assert_eq!(response.status, status, "{seconds}: {}", response.body);
    }
}

#[tokio::test]
async fn signatures_that_a_script_gave_out_come_back_good() {
    let sim = Sim::builder().start("127.0.0.1:0").await.unwrap();
    let event = json!({"candidates": [{"content": {"parts": [{"text": "a", "thoughtSignature": "c2NyaXB0ZWQ="}]}}]});
    sim.set_script(json!([{"match": {"times": 1}, "then": {"stream": {"events": [event]}}}]))
        .unwrap();
    let target = "/v1beta/models/gemini-3.8-flash:generateContent";
    let replay = |signature: &str| {
        json!({"contents": [
            {"role": "user", "parts": [{"text": "hi"}]},
            {"role": "model", "parts": [{"text": "a", "thoughtSignature": signature}]},
            {"role": "user", "parts": [{"text": "more"}]}
        ]})
    };
    assert_eq!(
        post(&sim, target, &replay("c2NyaXB0ZWQ=")).await.status,
        200
    );
    assert_eq!(post(&sim, target, &replay("b3RoZXI=")).await.status, 400);
}
