//! The same control by HTTP, for tests in another process.

use gemini_sim::Sim;
use serde_json::json;

use crate::client::{UNARY, get, post, prompt, request};

#[tokio::test]
async fn script_and_records_can_be_reached_over_http() {
    let sim = Sim::builder().start("127.0.0.1:0").await.unwrap();
    let script = json!([{"then": {"respond": {"error": "overloaded"}}}]);
    assert_eq!(
        post(&sim, "/__sim/script", &script).await.json(),
        json!({"rules": 1})
    );
    assert_eq!(post(&sim, UNARY, &prompt("hi")).await.status, 503);

    let records = get(&sim, "/__sim/requests").await.json();
    assert_eq!(records.as_array().unwrap().len(), 1);
    assert_eq!(records[0]["outcome"], "served");
    assert_eq!(records[0]["method"], "generateContent");
    assert_eq!(records[0]["body"], prompt("hi").to_string());

    assert_eq!(
        request(&sim, "DELETE", "/__sim/requests", "", b"")
            .await
            .status,
        200
    );
    assert!(sim.requests().is_empty());
}

#[tokio::test]
async fn a_bad_script_is_refused_with_the_reason_and_the_old_one_stays() {
    let sim = Sim::builder().start("127.0.0.1:0").await.unwrap();
    post(
        &sim,
        "/__sim/script",
        &json!([{"then": {"respond": {"error": "overloaded"}}}]),
    )
    .await;
    let refused = post(&sim, "/__sim/script", &json!([{"then": {"nothing": {}}}])).await;
    assert_eq!(refused.status, 400);
    assert!(refused.body.contains("nothing"));
    assert_eq!(post(&sim, UNARY, &prompt("hi")).await.status, 503);
}

#[tokio::test]
async fn requests_are_counted_even_where_none_is_recorded() {
    let sim = Sim::builder()
        .without_records()
        .start("127.0.0.1:0")
        .await
        .unwrap();
    for count in 0..3 {
        assert_eq!(
            get(&sim, "/__sim/count").await.json(),
            json!({"requests": count})
        );
        post(&sim, UNARY, &prompt("hi")).await;
    }
    assert!(sim.requests().is_empty());
}
