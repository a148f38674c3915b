//! Which headers cross the gateway: an allow-list in each direction, and one credential.

use http::Method;
use serde_json::json;

use crate::support::chat;
use crate::support::client::CHAT;
use crate::support::scene::Scene;
use crate::support::secrets::{CLIENT_KEYS, UPSTREAM_KEYS};
use crate::support::upstream::header_values;

/// All that may reach the upstream (SEC-060), with what HTTP/1.1 itself needs.
const TO_UPSTREAM: [&str; 8] = [
    "accept",
    "accept-encoding",
    "content-length",
    "content-type",
    "host",
    "transfer-encoding",
    "user-agent",
    "x-goog-api-key",
];

/// All that may reach the client (SEC-061), with what HTTP/1.1 itself needs.
const TO_CLIENT: [&str; 15] = [
    "allow",
    "cache-control",
    "connection",
    "content-length",
    "content-type",
    "date",
    "retry-after",
    "transfer-encoding",
    "vary",
    "www-authenticate",
    "x-accel-buffering",
    "x-content-type-options",
    "request-id",
    "x-request-id",
    "x-should-retry",
];

/// Headers of clients, proxies and platforms that were seen to leak in gateways.
const ODD: [(&str, &str); 30] = [
    ("accept-language", "de"),
    ("anthropic-beta", "tools"),
    ("anthropic-version", "2023-06-01"),
    ("baggage", "user=1"),
    ("cf-connecting-ip", "203.0.113.7"),
    ("cookie", "session=1"),
    ("dnt", "1"),
    ("expect-ct", "max-age=0"),
    ("forwarded", "for=203.0.113.7"),
    ("if-none-match", "\"x\""),
    ("openai-beta", "assistants=v2"),
    ("openai-organization", "org-1"),
    ("openai-project", "proj-1"),
    ("origin", "https://example.com"),
    ("proxy-authorization", "Basic dTpw"),
    ("referer", "https://example.com/secret"),
    ("te", "trailers"),
    (
        "traceparent",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    ),
    ("tracestate", "a=b"),
    ("true-client-ip", "203.0.113.7"),
    ("user-agent", "curl/0.1"),
    ("via", "1.1 proxy"),
    ("x-amzn-trace-id", "Root=1"),
    ("x-client-cert", "MIIB"),
    ("x-forwarded-for", "203.0.113.7"),
    ("x-forwarded-host", "example.com"),
    ("x-goog-user-project", "projects/1"),
    ("x-http-method-override", "DELETE"),
    ("x-server-timeout", "1"),
    ("xi-api-key", "eleven"),
];

#[tokio::test]
async fn the_upstream_sees_one_credential_and_only_listed_headers_u2() {
    let scene = Scene::start().await;
    for body in [chat::unary(), chat::streaming()] {
        scene.sim().clear();
        let mut call = scene.client().request(Method::POST, CHAT).json(&body);
        for (name, value) in ODD {
            call = call.header(name, value);
        }
        for number in 0..30 {
            call = call.header(&format!("x-stainless-{number}"), "value");
        }
        assert_eq!(call.answer().await.status, 200);

        let calls = scene.generations();
        assert_eq!(calls.len(), 1);
        let credentials = header_values(&calls[0], "x-goog-api-key");
        assert_eq!(credentials.len(), 1);
        assert!(UPSTREAM_KEYS.contains(&credentials[0]));
        for (name, value) in &calls[0].headers {
            assert!(
                TO_UPSTREAM.contains(&name.as_str()),
                "`{name}: {value}` went upstream"
            );
            assert!(
                !value.contains(CLIENT_KEYS[0]),
                "`{name}` holds the client's key"
            );
        }
        assert_eq!(header_values(&calls[0], "accept-encoding"), ["identity"]);
        assert!(!header_values(&calls[0], "user-agent").contains(&"curl/0.1"));
        assert!(
            ["", "alt=sse"].contains(&calls[0].query.as_str()),
            "{}",
            calls[0].query
        );
    }
}

#[tokio::test]
async fn the_clients_query_does_not_reach_the_upstream() {
    let scene = Scene::start().await;
    let path = format!("{CHAT}?alt=json&$httpMethod=DELETE&fields=x&callback=evil");
    scene.client().post(&path, &chat::unary()).await.ok();
    assert_eq!(scene.generations()[0].query, "");
}

#[tokio::test]
async fn the_client_sees_only_listed_headers() {
    let body =
        json!({"candidates": [{"content": {"parts": [{"text": "hi"}]}, "finishReason": "STOP"}]});
    let odd = json!({
        "set-cookie": "NID=1", "alt-svc": "h3=\":443\"", "location": "https://example.com/", "server": "ESF",
        "server-timing": "gfet4t7; dur=1", "x-gemini-service-tier": "standard", "via": "1.1 google",
        "x-goog-request-id": "1", "access-control-allow-origin": "*", "retry-after": "7777"
    });
    let scene = Scene::scripted(json!([
        {"match": {"times": 1}, "then": {"respond": {"status": 200, "headers": odd, "body": body}}},
        {"match": {"times": 1}, "then": {"respond": {"status": 400, "headers": odd, "body": {"error": {
            "code": 400, "message": "no", "status": "INVALID_ARGUMENT"}}}}},
    ]))
    .await;

    for (body, status) in [
        (chat::unary(), 200),
        (chat::unary(), 400),
        (chat::streaming(), 200),
        (json!({}), 400),
    ] {
        let answer = scene.chat(&body).await;
        assert_eq!(answer.status, status, "{}", answer.text());
        for (name, value) in &answer.headers {
            assert!(
                TO_CLIENT.contains(&name.as_str()),
                "`{name}: {value:?}` reached the client"
            );
        }
        assert_ne!(answer.header("retry-after"), "7777");
        assert!(
            !answer.header("x-request-id").is_empty(),
            "an answer can be named in a report"
        );
    }
}

#[tokio::test]
async fn stream_headers_ask_proxies_to_keep_out_x16() {
    let scene = Scene::start().await;
    let stream = scene.stream(&chat::streaming()).await;
    let header = |name: &str| {
        stream
            .headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    };
    assert_eq!(header("content-type"), "text/event-stream; charset=utf-8");
    assert_eq!(header("x-accel-buffering"), "no");
    assert!(header("cache-control").contains("no-"));
    assert_eq!(header("content-length"), "");
}

#[tokio::test]
async fn two_requests_have_two_ids() {
    let scene = Scene::start().await;
    let first = scene.chat(&chat::unary()).await;
    let second = scene.chat(&chat::unary()).await;
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
}
