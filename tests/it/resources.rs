//! Files over plain HTTP: they stick to their key across instances and restarts, in every dialect.

use http::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::chat::{MODEL, prompt};
use crate::support::client::Client;
use crate::support::scene::Scene;

async fn upload(client: &Client) -> Value {
    let answer = client
        .request(Method::POST, "/upload/v1beta/files")
        .header("x-goog-upload-protocol", "raw")
        .header("content-type", "text/plain")
        .body("five!")
        .answer()
        .await;
    answer.ok()["file"].clone()
}

/// A chat that mentions a file by its name.
fn about(file: &Value) -> Value {
    json!({"model": MODEL, "messages": [{"role": "user", "content": [
        {"type": "file", "file": {"file_id": file["name"]}},
        {"type": "text", "text": prompt()},
    ]}]})
}

#[tokio::test]
async fn seed_003_a_file_is_served_by_its_key_from_every_instance_and_after_a_restart() {
    let folder = TempDir::new().unwrap();
    let scene = Scene::builder()
        .store(&format!(
            "sqlite:{}",
            folder.path().join("gempool.db").display()
        ))
        .threads(2)
        .start()
        .await;
    let file = upload(&scene.client()).await;
    for _ in 0..4 {
        scene.chat(&about(&file)).await.ok();
    }

    let scene = scene.kill_and_restart().await;

    for _ in 0..4 {
        scene.chat(&about(&file)).await.ok();
    }
    let path = format!("/v1beta/{}", file["name"].as_str().unwrap());
    assert_eq!(scene.client().get(&path).await.ok()["sizeBytes"], "5");
    for request in scene.sim().requests() {
        assert_eq!(request.status, 200, "another key was asked: {request:?}");
    }
}

#[tokio::test]
async fn a_file_of_nobody_is_not_found_and_no_key_is_asked() {
    let scene = Scene::start().await;
    let file = json!({"name": "files/never-made"});
    let answer = scene.chat(&about(&file)).await;
    assert_eq!(answer.error(404)["code"], "resource_not_found");
    assert!(scene.sim().requests().is_empty());
}

#[tokio::test]
async fn seed_004_the_count_of_keys_has_the_badges_shape() {
    let scene = Scene::start().await;
    let count = scene.client().get("/keycount").await;
    assert_eq!(count.text(), r#"{"keyCount":2,"message":"success"}"#);
    assert_eq!(
        scene.client().anonymous().get("/keycount").await.error(401)["code"],
        "invalid_api_key"
    );
}
