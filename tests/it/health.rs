//! `GET /health`: whether the product is up and set up, without any credential.

use http::Method;

use crate::support::chat;
use crate::support::scene::Scene;

#[tokio::test]
async fn health_needs_no_key_and_asks_no_upstream() {
    let scene = Scene::start().await;

    let answer = scene.client().anonymous().get("/health").await;

    let body = answer.ok();
    assert_eq!(body["status"], "ok");
    assert!(!body["version"].as_str().unwrap().is_empty(), "{body}");
    assert!(
        answer.header("cache-control").contains("no-"),
        "{:?}",
        answer.headers
    );
    assert!(scene.sim().requests().is_empty());
}

#[tokio::test]
async fn health_says_what_is_missing_and_so_does_a_chat() {
    for (variable, missing) in [
        ("GEMINI_API_KEYS", "GEMINI_API_KEYS"),
        ("VALID_AUTH_TOKENS", "VALID_AUTH_TOKENS"),
    ] {
        let scene = Scene::builder().variable(variable, "").start().await;

        let body = scene.client().anonymous().get("/health").await.json();
        assert_eq!(body["status"], "setup_required");
        assert!(body.to_string().contains(missing), "{body}");

        let error = scene.chat(&chat::unary()).await.error(503);
        assert_eq!(error["code"], "setup_required");
        assert!(
            error["message"].as_str().unwrap().contains(missing),
            "{error}"
        );
        assert!(scene.sim().requests().is_empty());
    }
}

#[tokio::test]
async fn a_variable_that_makes_no_sense_is_named() {
    let scene = Scene::builder()
        .variable("LOAD_BALANCE_STRATEGY", "fastest")
        .start()
        .await;

    let error = scene.chat(&chat::unary()).await.error(500);

    let message = error["message"].as_str().unwrap().to_lowercase();
    assert!(message.contains("load_balance_strategy"), "{error}");
    assert!(message.contains("fastest"), "{error}");
}

#[tokio::test]
async fn health_answers_head_and_refuses_the_rest() {
    let scene = Scene::start().await;
    let head = scene
        .client()
        .anonymous()
        .request(Method::HEAD, "/health")
        .answer()
        .await;
    assert_eq!(head.status, 200);
    assert!(head.body.is_empty());
    scene
        .client()
        .anonymous()
        .request(Method::POST, "/health")
        .answer()
        .await
        .error(405);
}
