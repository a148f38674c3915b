//! The official OpenAI Python SDK, as users run it (`tests/python/test_sdk.py`).
//!
//! The claims about what Python sees are in that file; here is what the upstream saw.

use serde_json::json;
use tokio::process::Command;

use crate::support::chat::{MODEL, OTHER_MODEL};
use crate::support::command::{required_variable, run_to_success};
use crate::support::scene::Scene;
use crate::support::secrets::CLIENT_KEYS;

#[tokio::test]
async fn official_python_sdk_chats_streams_lists_and_reads_typed_errors() {
    let scene = Scene::builder()
        .script(
            json!([{"match": {"model": OTHER_MODEL}, "then": {"respond": {"error": "quota_day"}}}]),
        )
        .start()
        .await;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/python/test_sdk.py");
    let output = run_to_success(
        Command::new(required_variable("GEMPOOL_PYTHON"))
            .args([script, "--verbose"])
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("GEMPOOL_URL", scene.product().url())
            .env("GEMPOOL_KEY", CLIENT_KEYS[0])
            .env("GEMPOOL_MODEL", MODEL)
            .env("GEMPOOL_EXHAUSTED_MODEL", OTHER_MODEL),
    )
    .await;
    println!("{output}");

    let prompts = scene.generations_of(MODEL);
    assert_eq!(
        prompts.len(),
        3,
        "two unary answers and one stream were asked for"
    );
    for call in &prompts {
        assert!(String::from_utf8_lossy(&call.body).contains("Say hello to the SDK"));
    }
}
