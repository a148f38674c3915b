//! Streams in their true framing.

use std::convert::Infallible;

use bytes::Bytes;
use gemini_sim::{DefaultAnswer, Sim};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

use crate::client::{ARRAY, EVENTS, MODEL, post, prompt};

async fn start(chunks: usize) -> Sim {
    let answer = DefaultAnswer {
        chunks,
        ..DefaultAnswer::default()
    };
    Sim::builder()
        .answer(answer)
        .start("127.0.0.1:0")
        .await
        .unwrap()
}

#[tokio::test]
async fn events_are_data_lines_ended_by_crlf_and_nothing_else() {
    let sim = start(4).await;
    let response = post(&sim, EVENTS, &prompt("one two three four")).await;
    assert_eq!(response.status, 200);
    assert!(response.is_whole);
    assert_eq!(response.header("content-type"), Some("text/event-stream"));
    assert_eq!(response.header("content-disposition"), Some("attachment"));
    assert!(
        response
            .body
            .starts_with("data: {\"candidates\": [{\"content\": {\"parts\": [{")
    );
    assert!(response.body.ends_with("\"}\r\n\r\n"));
    assert!(!response.body.contains("[DONE]"));
    let events = response.events();
    assert_eq!(events.len(), 4);
    let texts = events.iter().map(|event| {
        let part = &event["candidates"][0]["content"]["parts"][0];
        part["text"].as_str().unwrap()
    });
    assert_eq!(texts.collect::<String>(), "You said: one two three four");
}

#[tokio::test]
async fn only_the_last_event_has_a_finish_reason_and_totals_grow() {
    let sim = start(3).await;
    let events = post(&sim, EVENTS, &prompt("one two three four"))
        .await
        .events();
    let reasons: Vec<_> = events
        .iter()
        .map(|event| event["candidates"][0].get("finishReason").is_some())
        .collect();
    assert_eq!(reasons, [false, false, true]);
    let totals: Vec<_> = events
        .iter()
        .map(|event| event["usageMetadata"]["totalTokenCount"].as_u64().unwrap())
        .collect();
    assert!(
        totals.is_sorted_by(|before, after| before < after),
        "{totals:?}"
    );
    for event in &events {
        assert_eq!(event["responseId"], events[0]["responseId"]);
        assert_eq!(event["modelVersion"], MODEL);
    }
}

#[tokio::test]
async fn without_alt_sse_a_stream_is_one_json_array() {
    let sim = start(3).await;
    let response = post(&sim, ARRAY, &prompt("one two three four")).await;
    assert_eq!(
        response.header("content-type"),
        Some("application/json; charset=UTF-8")
    );
    assert!(response.body.starts_with("[{\n"));
    assert!(response.body.contains("}\n,\r\n{"));
    assert_eq!(response.json().as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_fixed_answer_is_the_same_for_every_request() {
    let answer = DefaultAnswer {
        fixed_text: Some("always this".to_owned()),
        chunks: 2,
        ..DefaultAnswer::default()
    };
    let sim = Sim::builder()
        .answer(answer)
        .start("127.0.0.1:0")
        .await
        .unwrap();
    let first = post(&sim, EVENTS, &prompt("one")).await;
    let second = post(&sim, EVENTS, &prompt("two")).await;
    assert_eq!(first.events().len(), 2);
    assert_eq!(first.body, second.body);
}

#[tokio::test]
async fn speaks_http_2_without_tls() {
    let sim = start(4).await;
    let stream = TcpStream::connect(sim.addr()).await.unwrap();
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
    let connection = tokio::spawn(connection);
    let body = Full::<Bytes>::from(prompt("over http 2").to_string());
    let request = http::Request::post(format!("{}{EVENTS}", sim.base_url()))
        .header("x-goog-api-key", "k")
        .body(body.map_err(|never: Infallible| match never {}))
        .unwrap();
    let mut response = sender.send_request(request).await.unwrap();
    assert_eq!(response.status(), 200);
    let mut text = Vec::new();
    while let Some(frame) = response.body_mut().frame().await {
        text.extend_from_slice(&frame.unwrap().into_data().unwrap());
    }
    assert!(
        String::from_utf8(text)
            .unwrap()
            .contains("\"finishReason\": \"STOP\"")
    );
    connection.abort();
}
