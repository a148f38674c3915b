//! What the host refuses before it costs anything: too large, too many, too slow.
//!
//! The numbers here are those of `gempool serve --help`; tests set small ones where a default is long.

use bytes::Bytes;
use http::Method;
use serde_json::json;

use crate::support::chat::{self, MODEL};
use crate::support::client::CHAT;
use crate::support::raw_tcp::RawConnection;
use crate::support::scene::Scene;
use crate::support::secrets::CLIENT_KEYS;
use crate::support::upstream::stalling_once_after;

/// Above the default body limit (32 MiB).
const HUGE_BODY_BYTES: usize = 40_000_000;

/// The head of a chat request, up to but without the empty line.
fn head(extra: &str) -> String {
    format!(
        "POST {CHAT} HTTP/1.1\r\nHost: pool\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n{extra}",
        CLIENT_KEYS[0]
    )
}

#[tokio::test]
async fn a_body_over_the_limit_is_413_and_the_next_request_works() {
    let scene = Scene::start().await;
    let text = "x".repeat(HUGE_BODY_BYTES);
    let body = json!({"model": MODEL, "messages": [{"role": "user", "content": text}]}).to_string();

    let answer = scene
        .client()
        .request(Method::POST, CHAT)
        .body(Bytes::from(body))
        .answer()
        .await;

    let error = answer.error(413);
    assert_eq!(error["code"], "request_too_large");
    assert!(scene.sim().requests().is_empty());
    scene.chat(&chat::unary()).await.ok();
}

#[tokio::test]
async fn a_declared_length_over_the_limit_is_413_before_the_body_is_sent() {
    let scene = Scene::start().await;
    let mut connection = RawConnection::open(scene.addr()).await;
    connection
        .send(head(&format!(
            "Content-Length: {HUGE_BODY_BYTES}\r\n\r\n{{"
        )))
        .await;
    let answer = connection.read_until("request_too_large").await;
    assert_eq!(connection.statuses(), [413], "{answer}");
}

#[tokio::test]
async fn a_body_of_unknown_length_is_counted_while_it_comes() {
    let scene = Scene::builder()
        .arguments(&["--max-body-bytes", "10000"])
        .start()
        .await;
    let mut connection = RawConnection::open(scene.addr()).await;
    connection
        .send(head("Transfer-Encoding: chunked\r\n\r\n"))
        .await;
    let chunk = format!("400\r\n{}\r\n", "x".repeat(0x400));
    for _ in 0..20 {
        connection.send(&chunk).await;
    }
    let answer = connection.read_until("request_too_large").await;
    assert_eq!(connection.statuses(), [413], "{answer}");
}

#[tokio::test]
async fn a_body_in_one_byte_chunks_is_read_whole() {
    let scene = Scene::start().await;
    let mut request = head("Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
    for character in chat::unary().to_string().chars() {
        request.push_str(&format!("1\r\n{character}\r\n"));
    }
    request.push_str("0\r\n\r\n");
    let mut connection = RawConnection::open(scene.addr()).await;
    connection.send(request).await;
    let answer = connection.read_to_close().await;
    assert_eq!(connection.statuses(), [200], "{answer}");
    assert_eq!(scene.generations().len(), 1);
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let scene = Scene::start().await;
    let many: String = (0..150)
        .map(|number| format!("x-{number}: y\r\n"))
        .collect();
    for (what, extra, statuses) in [
        (
            "one long header",
            format!("x-long: {}\r\n", "y".repeat(40 * 1024)),
            vec![431, 400],
        ),
        ("many headers", many, vec![431, 400]),
    ] {
        let mut connection = RawConnection::open(scene.addr()).await;
        connection
            .send(head(&format!("{extra}Content-Length: 0\r\n\r\n")))
            .await;
        connection.read_to_close().await;
        let answered = connection.statuses();
        assert!(
            answered.len() == 1 && statuses.contains(&answered[0]),
            "{what}: {answered:?}"
        );
    }

    let mut connection = RawConnection::open(scene.addr()).await;
    connection
        .send(format!(
            "GET /v1/models?{} HTTP/1.1\r\nHost: pool\r\nConnection: close\r\n\r\n",
            "q".repeat(9_000)
        ))
        .await;
    connection.read_to_close().await;
    assert_eq!(connection.statuses(), [414], "a long URL");
    assert!(scene.sim().requests().is_empty());
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut_off() {
    let scene = Scene::builder()
        .arguments(&["--header-read-ms", "200"])
        .start()
        .await;
    let mut connection = RawConnection::open(scene.addr()).await;
    connection
        .send("POST /v1/chat/completions HTTP/1.1\r\nHost: po")
        .await;
    connection.read_to_close().await;
    assert!(
        [vec![], vec![408]].contains(&connection.statuses()),
        "{:?}",
        connection.statuses()
    );
}

#[tokio::test]
async fn a_body_that_never_ends_is_cut_off() {
    let scene = Scene::builder()
        .arguments(&["--body-idle-ms", "200"])
        .start()
        .await;
    let mut connection = RawConnection::open(scene.addr()).await;
    connection
        .send(head("Content-Length: 1000\r\n\r\n{\"model\":"))
        .await;
    let answer = connection.read_until("request_timeout").await;
    assert_eq!(connection.statuses(), [408], "{answer}");
    assert!(scene.sim().requests().is_empty());
}

#[tokio::test]
async fn more_requests_than_the_limit_are_shed_and_not_queued() {
    let scene = Scene::builder()
        .script(stalling_once_after("busy"))
        .arguments(&["--max-requests", "1"])
        .start()
        .await;
    let mut busy = scene.open_stream(&chat::streaming()).await;
    assert_eq!(busy.next_text().await, "busy");

    let shed = scene.chat(&chat::unary()).await;

    shed.error(503);
    assert_eq!(shed.header("retry-after"), "1");
    assert_eq!(scene.generations().len(), 1);
    drop(busy);
    scene.upstream_is_hung_up_on().await;
    scene.chat(&chat::unary()).await.ok();
}

#[tokio::test]
async fn idle_connections_do_not_keep_others_out() {
    let scene = Scene::start().await;
    let mut idle = Vec::new();
    for _ in 0..200 {
        idle.push(RawConnection::open(scene.addr()).await);
    }
    scene.chat(&chat::unary()).await.ok();
    drop(idle);
}
