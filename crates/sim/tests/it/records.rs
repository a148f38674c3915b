//! What the simulator remembers of a request, and when it knows that a client left.

use std::time::Duration;

use gemini_sim::{DefaultAnswer, Method, Outcome, Sim};
use serde_json::json;

use crate::client::{EVENTS, MODEL, PATIENCE, UNARY, open_post, post, prompt, read_until, request};

async fn start() -> Sim {
    Sim::builder().start("127.0.0.1:0").await.unwrap()
}

#[tokio::test]
async fn a_request_is_recorded_as_it_was_sent() {
    let sim = start().await;
    let body = prompt("hi").to_string();
    let headers = "X-Goog-Api-Key: k\r\nX-Odd: 1\r\nx-odd: 2\r\n";
    let target = format!("{UNARY}?alt=json");
    let response = request(&sim, "POST", &target, headers, body.as_bytes()).await;
    let recorded = sim.requests().remove(0);
    assert_eq!((recorded.seq, recorded.connection), (1, 1));
    assert_eq!(recorded.http_method, "POST");
    assert_eq!(
        (recorded.path.as_str(), recorded.query.as_str()),
        (UNARY, "alt=json")
    );
    let odd: Vec<_> = recorded
        .headers
        .iter()
        .filter(|(name, _)| name == "x-odd")
        .collect();
    assert_eq!(odd.len(), 2);
    assert_eq!(recorded.header("x-goog-api-key"), Some("k"));
    assert_eq!(recorded.body, body);
    assert_eq!(recorded.key.as_deref(), Some("k"));
    assert_eq!(recorded.model.as_deref(), Some(MODEL));
    assert_eq!(recorded.method, Some(Method::GenerateContent));
    assert_eq!((recorded.status, recorded.outcome), (200, Outcome::Served));
    assert_eq!(recorded.bytes_sent, response.body.len() as u64);
}

#[tokio::test]
async fn served_streams_and_refusals_are_recorded_as_served() {
    let sim = start().await;
    post(&sim, EVENTS, &prompt("hi")).await;
    post(&sim, UNARY, &json!({})).await;
    post(&sim, "/nowhere", &json!({})).await;
    let ends: Vec<_> = sim
        .requests()
        .iter()
        .map(|record| (record.status, record.outcome))
        .collect();
    let served = |status| (status, Outcome::Served);
    assert_eq!(ends, [served(200), served(400), served(404)]);
}

#[tokio::test]
async fn a_client_that_leaves_in_a_slow_stream_is_noticed() {
    let answer = DefaultAnswer {
        chunk_delay: Duration::from_secs(3600),
        ..DefaultAnswer::default()
    };
    let sim = Sim::builder()
        .answer(answer)
        .start("127.0.0.1:0")
        .await
        .unwrap();
    let mut stream = open_post(&sim, EVENTS, &prompt("one two three four")).await;
    read_until(&mut stream, "data:").await;
    drop(stream);
    let gone = sim
        .wait_for(|request| request.client_gone(), PATIENCE)
        .await
        .unwrap();
    assert!(gone.finished() && gone.bytes_sent > 0);
}

#[tokio::test]
async fn waiting_in_vain_ends() {
    let sim = start().await;
    let waited = sim.wait_for(|_| true, Duration::from_millis(1)).await;
    assert_eq!(waited, None);
}

#[tokio::test]
async fn clearing_forgets_records_and_script() {
    let sim = start().await;
    sim.set_script(json!([{"then": {"respond": {"error": "internal"}}}]))
        .unwrap();
    assert_eq!(post(&sim, UNARY, &prompt("hi")).await.status, 500);
    sim.clear();
    assert!(sim.requests().is_empty());
    assert_eq!(post(&sim, UNARY, &prompt("hi")).await.status, 200);
}

#[tokio::test]
async fn the_debug_form_of_a_record_shows_no_key() {
    let sim = start().await;
    let body = prompt("hi").to_string();
    let target = format!("{UNARY}?key=topsecret");
    request(&sim, "POST", &target, "", body.as_bytes()).await;
    assert!(!format!("{:?}", sim.requests()).contains("topsecret"));
}

#[tokio::test]
async fn after_shutdown_nothing_listens_and_open_connections_end() {
    let sim = start().await;
    sim.set_script(json!([{"then": {"fault": {"kind": "stall_before_headers"}}}]))
        .unwrap();
    let stalled = open_post(&sim, UNARY, &prompt("hi")).await;
    sim.wait_for(|_| true, PATIENCE).await.unwrap();
    let address = sim.addr();
    sim.shutdown().await;
    let (bytes, _) = crate::client::read_to_end(stalled).await;
    assert!(bytes.is_empty());
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}
