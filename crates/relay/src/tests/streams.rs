//! Streams: what may still be retried, how each kind of break ends, when a heartbeat is sent.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt as _;
use gempool_translate::ChatRequest;

use super::{
    answer, ask, client, drain, error, event, gateway, keys_used, minute_quota, open_stream, shown,
};
use crate::fakes::{FakeHost, Piece, Scripted};
use crate::{Body, OwnedExchange, Reply, exchange};

fn streamed(pieces: Vec<Piece>) -> Scripted {
    Scripted::pieces(200, pieces)
}

#[test]
fn a_whole_stream_ends_with_done() {
    let host = FakeHost::new([streamed(vec![
        Piece::Bytes(event("Hel", None)),
        Piece::Bytes(event("lo", Some("STOP"))),
    ])]);
    let gateway = gateway(&host, &[]);
    let body = open_stream(&host, &gateway).unwrap();
    let (text, broken) = drain(&host, body);
    assert!(text.contains("Hel") && text.contains("lo"));
    assert!(text.ends_with("data: [DONE]\n\n") && !broken, "{text}");
    assert!(
        host.sent()[0]
            .url
            .ends_with(":streamGenerateContent?alt=sse")
    );
}

#[test]
fn what_fails_before_the_first_part_is_retried_with_another_key() {
    for first in [
        minute_quota("30s"),
        error(500, "INTERNAL", "Internal error encountered."),
        streamed(vec![Piece::Reset]),
        streamed(vec![]),
        streamed(vec![Piece::Bytes(b"data: {\"candidates\":[{\"con".to_vec())]),
        streamed(vec![Piece::Bytes(b"data: not json\r\n\r\n".to_vec())]),
        streamed(vec![Piece::Bytes(
            b"data: {\"error\":{\"code\":503,\"message\":\"overloaded\",\"status\":\"UNAVAILABLE\"}}\r\n\r\n"
                .to_vec(),
        )]),
    ] {
        let shown = format!("{first:?}");
        let host = FakeHost::new([
            first,
            streamed(vec![Piece::Bytes(event("second", Some("STOP")))]),
        ]);
        let gateway = gateway(&host, &[]);
        let body = open_stream(&host, &gateway).unwrap_or_else(|failure| panic!("{shown}: {failure:?}"));
        let (text, broken) = drain(&host, body);
        assert!(text.contains("second") && !broken, "{shown}: {text}");
        assert_eq!(keys_used(&host).len(), 2, "{shown}");
    }
}

#[test]
fn an_empty_stream_is_asked_for_once_more_and_then_given_as_it_is() {
    let empty = b"data: {\"candidates\":[{\"content\":{\"role\":\"model\"},\"finishReason\":\"STOP\"}]}\r\n\r\n";
    let empty = || streamed(vec![Piece::Bytes(empty.to_vec())]);
    let host = FakeHost::new([empty(), empty()]);
    let gateway = gateway(&host, &[]);
    let body = open_stream(&host, &gateway).unwrap();
    let (text, broken) = drain(&host, body);
    assert!(text.ends_with("data: [DONE]\n\n") && !broken, "{text}");
    assert_eq!(keys_used(&host).len(), 2);
}

#[test]
fn a_break_after_the_first_part_is_an_error_event_and_a_broken_body() {
    let started = || Piece::Bytes(event("partial", None));
    for (pieces, code) in [
        (vec![started(), Piece::Reset], "upstream_unreachable"),
        (vec![started()], "upstream_truncated"),
        (
            vec![started(), Piece::Bytes(b"data: {\"candidates\":[{".to_vec())],
            "upstream_truncated",
        ),
        (
            vec![started(), Piece::Bytes(b"data: nonsense\r\n\r\n".to_vec())],
            "upstream_malformed",
        ),
        (
            vec![started(), Piece::Wait(Duration::from_secs(3_600))],
            "upstream_timeout",
        ),
        (
            vec![
                started(),
                Piece::Bytes(
                    b"data: {\"error\":{\"code\":500,\"message\":\"boom\",\"status\":\"INTERNAL\"}}\r\n\r\n"
                        .to_vec(),
                ),
            ],
            "upstream_error",
        ),
    ] {
        let host = FakeHost::new([streamed(pieces)]);
        let gateway = gateway(&host, &[]);
        let body = open_stream(&host, &gateway).unwrap();
        let (text, broken) = drain(&host, body);
        assert!(broken, "{code}: ended cleanly: {text}");
        assert!(text.contains("partial"), "{code}: {text}");
        assert!(text.contains(&format!(r#""code":"{code}""#)), "{code}: {text}");
        assert!(!text.contains("[DONE]") && !text.contains(r#""finish_reason":"stop""#), "{text}");
        assert_eq!(keys_used(&host).len(), 1, "{code}: retried after the first byte");
        assert_eq!(host.open_bodies(), 0, "{code}: the upstream stays open");
    }
}

#[test]
fn a_limit_that_comes_inside_a_stream_still_rests_the_key() {
    let limit = br#"{"error":{"code":429,"message":"quota","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"30s"}]}}"#;
    let host = FakeHost::new([streamed(vec![
        Piece::Bytes(event("partial", None)),
        Piece::Bytes([b"data: ".as_slice(), limit, b"\r\n\r\n"].concat()),
    ])]);
    let gateway = gateway(&host, &[]);
    let body = open_stream(&host, &gateway).unwrap();
    assert!(drain(&host, body).1);
    let status = shown(&host, &gateway);
    assert_eq!(status["keyPool"]["coolingKeys"], 1, "{status}");
}

#[test]
fn silence_is_filled_with_heartbeats_and_output_resets_them() {
    let host = FakeHost::new([streamed(vec![
        Piece::Bytes(event("a", None)),
        Piece::Wait(Duration::from_millis(3_500)),
        Piece::Bytes(event("b", None)),
        Piece::Wait(Duration::from_millis(400)),
        Piece::Bytes(event("c", Some("STOP"))),
    ])]);
    let gateway = gateway(&host, &[("heartbeat_ms", "1000")]);
    let body = open_stream(&host, &gateway).unwrap();
    let (text, broken) = drain(&host, body);
    let beats = text.matches(": ping\n\n").count();
    assert!((3..=6).contains(&beats), "{beats}: {text}");
    assert!(!broken && text.ends_with("data: [DONE]\n\n"));
}

#[test]
fn a_drip_that_never_ends_is_cut_at_the_total_time() {
    let drip = (0..1_000).flat_map(|_| {
        [
            Piece::Bytes(event("x", None)),
            Piece::Wait(Duration::from_millis(500)),
        ]
    });
    let host = FakeHost::new([streamed(drip.collect())]);
    let gateway = gateway(&host, &[("total_timeout_ms", "10000")]);
    let body = open_stream(&host, &gateway).unwrap();
    let (text, broken) = drain(&host, body);
    assert!(broken && text.contains("upstream_timeout"), "{text}");
    assert!(text.matches(r#""content":"x""#).count() <= 30);
}

#[test]
fn a_client_that_leaves_closes_the_upstream_and_blames_no_key() {
    let host = FakeHost::new([streamed(vec![
        Piece::Bytes(event("a", None)),
        Piece::Wait(Duration::from_secs(60)),
    ])]);
    let gateway = gateway(&host, &[]);
    let body = open_stream(&host, &gateway).unwrap();
    assert_eq!(host.open_bodies(), 1);
    drop(body);
    assert_eq!(host.open_bodies(), 0);
    let status = shown(&host, &gateway);
    assert_eq!(status["keyPool"]["availableKeys"], 2);
}

#[test]
fn a_stream_that_answers_with_one_document_is_not_passed_off_as_a_stream() {
    // Without `alt=sse` or behind a proxy, Gemini may answer with plain JSON.
    let host = FakeHost::new([streamed(vec![Piece::Bytes(answer("plain").into_bytes())])]);
    let gateway = gateway(&host, &[("max_attempts", "1")]);
    match open_stream(&host, &gateway) {
        Ok(body) => {
            let (text, broken) = drain(&host, body);
            assert!(broken || text.contains("plain"), "{text}");
        }
        Err(failure) => assert!(failure.status().is_server_error()),
    }
}

/// A client's body that tells by its count whether somebody still holds it.
struct Counted(Arc<Vec<u8>>);

impl AsRef<[u8]> for Counted {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

#[test]
fn a_committed_stream_lets_go_of_the_request_unless_it_may_be_gone_on_with() {
    for (continuations, delay, held) in [("0", 0, false), ("0", 60, false), ("2", 0, true)] {
        let mut pieces = streamed(vec![
            Piece::Bytes(event("Hel", None)),
            Piece::Wait(Duration::from_secs(1)),
            Piece::Bytes(event("lo", Some("STOP"))),
        ]);
        pieces.delay = Duration::from_secs(delay);
        let host = FakeHost::new([pieces]);
        let gateway = gateway(&host, &[("continuations", continuations)]);
        let body = Arc::new(ask(true));
        let request = OwnedExchange::read(Bytes::from_owner(Counted(Arc::clone(&body))), |body| {
            Ok(Box::new(ChatRequest::parse(body)?))
        });
        let client = client(&host, &gateway);
        let reply = host.run(exchange(&gateway, client, request.unwrap()));
        let Ok(Reply::Stream {
            body: Body::Stream(mut stream),
            ..
        }) = reply
        else {
            panic!("no stream");
        };
        host.run(async {
            loop {
                let item = stream.next().await.unwrap().unwrap();
                if item.starts_with(b"data: ") {
                    break;
                }
                assert_eq!(Arc::strong_count(&body), 2, "a retry needs it");
            }
        });
        let case = (continuations, delay);
        assert_eq!(Arc::strong_count(&body) == 2, held, "{case:?}");
    }
}
