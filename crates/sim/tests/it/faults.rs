//! Answers that break where the script says, and how it says.

use gemini_sim::{Outcome, Sim};
use serde_json::{Value, json};

use crate::client::{
    ARRAY, EVENTS, End, PATIENCE, UNARY, open_post, parse, post, prompt, read_to_end, read_until,
};

/// A simulator where every answer has this fault.
async fn with_fault(fault: Value) -> Sim {
    let script = json!([{"then": {"fault": fault}}]);
    Sim::builder()
        .script(script)
        .start("127.0.0.1:0")
        .await
        .unwrap()
}

#[tokio::test]
async fn no_answer_at_all_is_a_reset_or_an_end() {
    for (kind, expected) in [("reset_before_headers", End::Reset), ("close", End::Fin)] {
        for target in [UNARY, EVENTS] {
            let sim = with_fault(json!({"kind": kind})).await;
            let (bytes, end) = read_to_end(open_post(&sim, target, &prompt("hi")).await).await;
            assert_eq!((bytes.len(), end), (0, expected), "{kind} {target}");
            assert_eq!(sim.requests()[0].outcome, Outcome::Faulted);
        }
    }
}

#[tokio::test]
async fn a_body_breaks_after_exactly_the_bytes_asked_for() {
    for (kind, expected) in [
        ("reset_after_bytes", End::Reset),
        ("truncate_after_bytes", End::Fin),
    ] {
        for target in [UNARY, EVENTS, ARRAY] {
            for bytes in [0, 1, 100, 250] {
                let sim = with_fault(json!({"kind": kind, "bytes": bytes})).await;
                let response = post(&sim, target, &prompt("hi")).await;
                let case = format!("{kind} {target} {bytes}");
                assert_eq!(response.status, 200, "{case}");
                assert_eq!(response.body.len(), bytes, "{case}");
                assert_eq!(response.end, expected, "{case}");
                assert!(!response.is_whole, "{case}");
                let gone = sim
                    .wait_for(|request| request.finished(), PATIENCE)
                    .await
                    .unwrap();
                assert_eq!(
                    (gone.outcome, gone.bytes_sent),
                    (Outcome::Faulted, bytes as u64),
                    "{case}"
                );
            }
        }
    }
}

#[tokio::test]
async fn an_early_end_with_right_framing_looks_whole() {
    for target in [UNARY, EVENTS] {
        let sim = with_fault(json!({"kind": "end_after_bytes", "bytes": 100})).await;
        let response = post(&sim, target, &prompt("hi")).await;
        assert_eq!(
            (response.body.len(), response.is_whole),
            (100, true),
            "{target}"
        );
        assert_eq!(sim.requests()[0].outcome, Outcome::Served, "{target}");
    }
}

#[tokio::test]
async fn a_stalled_body_stays_open_until_the_client_leaves() {
    for target in [UNARY, EVENTS] {
        let sim = with_fault(json!({"kind": "stall_after_bytes", "bytes": 5})).await;
        let mut stream = open_post(&sim, target, &prompt("hi")).await;
        read_until(&mut stream, "\r\n\r\n").await;
        let open = sim
            .wait_for(|request| request.status == 200, PATIENCE)
            .await
            .unwrap();
        assert_eq!(open.outcome, Outcome::InFlight, "{target}");
        drop(stream);
        let gone = sim
            .wait_for(|request| request.client_gone(), PATIENCE)
            .await
            .unwrap();
        assert_eq!(gone.bytes_sent, 5, "{target}");
    }
}

#[tokio::test]
async fn a_stall_before_headers_ends_when_the_client_leaves() {
    let sim = with_fault(json!({"kind": "stall_before_headers"})).await;
    let stream = open_post(&sim, UNARY, &prompt("hi")).await;
    let open = sim
        .wait_for(|request| !request.finished(), PATIENCE)
        .await
        .unwrap();
    assert_eq!(open.status, 0);
    drop(stream);
    let gone = sim
        .wait_for(|request| request.client_gone(), PATIENCE)
        .await;
    assert!(gone.is_some());
}

#[tokio::test]
async fn late_headers_come_in_the_end() {
    let sim = with_fault(json!({"kind": "delay_headers", "ms": 5})).await;
    assert_eq!(post(&sim, UNARY, &prompt("hi")).await.status, 200);
}

#[tokio::test]
async fn one_malformed_event_leaves_the_others_and_the_framing_right() {
    let sim = with_fault(json!({"kind": "malformed_event", "at": 1})).await;
    let response = post(&sim, EVENTS, &prompt("one two three four")).await;
    assert!(response.is_whole);
    let events: Vec<_> = response.body.split_terminator("\r\n\r\n").collect();
    let is_json =
        |event: &&str| serde_json::from_str::<Value>(event.strip_prefix("data: ").unwrap()).is_ok();
    let valid: Vec<_> = events.iter().map(is_json).collect();
    assert_eq!(valid, [true, false, true, true]);

    let unary = post(&sim, UNARY, &prompt("hi")).await;
    assert!(unary.is_whole && serde_json::from_str::<Value>(&unary.body).is_err());
}

#[tokio::test]
async fn a_huge_event_is_one_event() {
    let sim = with_fault(json!({"kind": "huge_event", "bytes": 3_000_000})).await;
    let response = post(&sim, EVENTS, &prompt("hi")).await;
    let events = response.events();
    assert_eq!(events.len(), 1);
    let text = events[0]["candidates"][0]["content"]["parts"][0]["text"]
        .as_str()
        .unwrap();
    assert_eq!(text.len(), 3_000_000);
}

#[tokio::test]
async fn a_drip_sends_pieces_of_the_size_asked_for() {
    let sim = with_fault(json!({"kind": "drip", "bytes": 7, "ms": 1})).await;
    let (bytes, end) = read_to_end(open_post(&sim, EVENTS, &prompt("hi")).await).await;
    let raw = String::from_utf8(bytes.clone()).unwrap();
    let framed = raw.split_once("\r\n\r\n").unwrap().1;
    assert!(framed.starts_with("7\r\ndata: {\r\n7\r\n"), "{framed}");
    assert_eq!(parse(&bytes, end).events().len(), 4);
}

#[tokio::test]
async fn a_fault_breaks_its_own_connection_only() {
    let sim = Sim::builder()
        .script(json!([
            {"match": {"nth": 1}, "then": {"fault": {"kind": "stall_after_bytes", "bytes": 5}}},
            {"match": {"nth": 1}, "then": {"fault": {"kind": "reset_after_bytes", "bytes": 5}}}
        ]))
        .start("127.0.0.1:0")
        .await
        .unwrap();
    let mut stalled = open_post(&sim, EVENTS, &prompt("hi")).await;
    read_until(&mut stalled, "data:").await;
    assert_eq!(post(&sim, EVENTS, &prompt("hi")).await.end, End::Reset);
    assert_eq!(post(&sim, EVENTS, &prompt("hi")).await.events().len(), 4);
    assert_eq!(sim.requests()[0].outcome, Outcome::InFlight);
}
