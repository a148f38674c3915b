//! The client libraries that people use, pinned, against the real product: what they see is claimed in
//! `tests/python` and `tests/node`; here is what runs them, and what the upstream saw.

use serde_json::json;
use tokio::process::Command;

use crate::support::chat::{
    self, AGENT_MODEL, EMBEDDING_MODEL, IMAGE_MODEL, MODEL, OTHER_MODEL, SPEECH_MODEL,
};
use crate::support::command::{required_variable, run_to_success};
use crate::support::scene::Scene;
use crate::support::secrets::CLIENT_KEYS;

async fn scene() -> Scene {
    Scene::builder()
        .models(chat::models())
        .script(
            json!([{"match": {"model": OTHER_MODEL}, "then": {"respond": {"error": "quota_day"}}}]),
        )
        // Requests of a conversation meet different instances, as they do in use.
        .threads(2)
        .start()
        .await
}

fn told_about(command: &mut Command, scene: &Scene) {
    command
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("GEMPOOL_URL", scene.product().url())
        .env("GEMPOOL_KEY", CLIENT_KEYS[0])
        .env("GEMPOOL_OTHER_KEY", CLIENT_KEYS[1])
        .env("GEMPOOL_MODEL", MODEL)
        .env("GEMPOOL_EXHAUSTED_MODEL", OTHER_MODEL)
        .env("GEMPOOL_AGENT_MODEL", AGENT_MODEL)
        .env("GEMPOOL_EMBEDDING_MODEL", EMBEDDING_MODEL)
        .env("GEMPOOL_IMAGE_MODEL", IMAGE_MODEL)
        .env("GEMPOOL_SPEECH_MODEL", SPEECH_MODEL);
}

/// Runs a file and gives the scene in which it ran.
async fn python(file: &str) -> Scene {
    let scene = scene().await;
    let mut command = Command::new(required_variable("GEMPOOL_PYTHON"));
    command
        .arg(file)
        .arg("--verbose")
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/python"));
    told_about(&mut command, &scene);
    println!("{}", run_to_success(&mut command).await);
    scene
}

async fn node(file: &str) -> Scene {
    let scene = scene().await;
    let mut command = Command::new("node");
    command
        .args(["--test", file])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/node"));
    told_about(&mut command, &scene);
    println!("{}", run_to_success(&mut command).await);
    scene
}

/// Every request carried one of the pool's keys and never the client's.
fn upstream_saw_no_client_key(scene: &Scene) {
    let requests = scene.sim().requests();
    assert!(!requests.is_empty());
    for request in requests {
        let shown = format!("{request:?}");
        for key in CLIENT_KEYS {
            assert!(!shown.contains(key), "a client key went upstream");
        }
    }
}

#[tokio::test]
async fn openai_python() {
    upstream_saw_no_client_key(&python("test_openai.py").await);
}

#[tokio::test]
async fn anthropic_python() {
    upstream_saw_no_client_key(&python("test_anthropic.py").await);
}

#[tokio::test]
async fn google_genai_python() {
    upstream_saw_no_client_key(&python("test_google_genai.py").await);
}

/// Each project is asked only about what it made itself; the simulator refuses everything else. (What one
/// instance has deleted, another may still ask for.)
fn upstream_refused_nothing(scene: &Scene) {
    upstream_saw_no_client_key(scene);
    let generations = scene.generations();
    assert!(!generations.is_empty());
    for request in generations {
        assert_eq!(request.status, 200, "{request:?}");
    }
}

#[tokio::test]
async fn google_resources_python() {
    upstream_refused_nothing(&python("test_google_resources.py").await);
}

#[tokio::test]
async fn google_resources_node() {
    upstream_refused_nothing(&node("google-resources.test.mjs").await);
}

#[tokio::test]
async fn langchain_python() {
    upstream_saw_no_client_key(&python("test_langchain.py").await);
}

#[tokio::test]
async fn openai_node() {
    upstream_saw_no_client_key(&node("openai.test.mjs").await);
}

#[tokio::test]
async fn anthropic_node() {
    upstream_saw_no_client_key(&node("anthropic.test.mjs").await);
}

#[tokio::test]
async fn google_genai_node() {
    upstream_saw_no_client_key(&node("google-genai.test.mjs").await);
}

#[tokio::test]
async fn vercel_ai_node() {
    upstream_saw_no_client_key(&node("vercel-ai.test.mjs").await);
}
