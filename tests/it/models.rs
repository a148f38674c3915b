//! `GET /v1/models`: what Gemini offers these keys, asked page by page and then remembered.

use serde_json::{Value, json};

use crate::support::chat::{MODEL, OTHER_MODEL};
use crate::support::patience::patiently;
use crate::support::scene::Scene;
use crate::support::secrets::UPSTREAM_KEYS;

fn ids(list: &Value) -> Vec<String> {
    assert_eq!(list["object"], "list");
    let models = list["data"].as_array().unwrap().iter();
    models
        .map(|model| model["id"].as_str().unwrap().to_owned())
        .collect()
}

fn page(models: &[&str], next: Option<&str>) -> Value {
    let models: Vec<Value> = models
        .iter()
        .map(|name| json!({"name": format!("models/{name}"), "supportedGenerationMethods": ["generateContent"]}))
        .collect();
    let mut page = json!({"models": models});
    if let Some(next) = next {
        page["nextPageToken"] = json!(next);
    }
    json!({"respond": {"status": 200, "body": page}})
}

#[tokio::test]
async fn models_are_listed_in_openai_words_and_asked_for_once() {
    let scene = Scene::start().await;

    let list = scene.client().get("/v1/models").await.ok();
    let asked = scene.sim().requests().len();
    let again = scene.client().get("/v1/models").await.ok();

    let names = ids(&list);
    for name in [MODEL, OTHER_MODEL] {
        assert!(names.iter().any(|listed| listed == name), "{names:?}");
    }
    for model in list["data"].as_array().unwrap() {
        assert_eq!(model["object"], "model");
        assert_eq!(model["owned_by"], "google");
        assert!(model["created"].is_u64(), "{model}");
    }
    assert_eq!(again, list);
    assert!(asked >= 1);
    assert_eq!(
        scene.sim().requests().len(),
        asked,
        "the second list came from memory"
    );
}

#[tokio::test]
async fn a_list_longer_than_a_page_is_read_to_its_end() {
    // More than the thousand that one page may hold.
    let all: Vec<String> = (0..1_500)
        .map(|number| format!("gemini-test-{number:04}"))
        .collect();
    let scene = Scene::builder()
        .upstream_keys(&UPSTREAM_KEYS[..1])
        .models(all.clone())
        .start()
        .await;

    let mut listed = ids(&scene.client().get("/v1/models").await.ok());

    listed.sort_unstable();
    assert_eq!(listed, all);
    assert!(scene.sim().requests().len() >= 2);
}

#[tokio::test]
async fn what_only_one_key_may_use_is_listed_too() {
    let [old, new, ..] = UPSTREAM_KEYS;
    let scene = Scene::scripted(json!([
        {"match": {"key": old, "method": "models"}, "then": page(&["shared", "only-old"], None)},
        {"match": {"key": new, "method": "models"}, "then": page(&["shared", "only-new"], None)},
    ]))
    .await;

    let mut names = ids(&scene.client().get("/v1/models").await.ok());

    names.sort_unstable();
    assert_eq!(names, ["only-new", "only-old", "shared"]);
}

#[tokio::test]
async fn a_key_that_cannot_list_does_not_hide_what_the_other_can() {
    let [failed, healthy, ..] = UPSTREAM_KEYS;
    let scene = Scene::scripted(json!([
        {"match": {"key": failed, "method": "models"}, "then": {"respond": {"error": "invalid_key"}}},
        {"match": {"key": healthy, "method": "models"}, "then": page(&["visible"], None)},
    ]))
    .await;

    assert_eq!(
        ids(&scene.client().get("/v1/models").await.ok()),
        ["visible"]
    );
}

#[tokio::test]
async fn a_list_that_nobody_gives_is_an_error_and_is_asked_for_again() {
    let scene = Scene::scripted(json!([
        {"match": {"method": "models"}, "then": {"respond": {"error": "internal"}}}
    ]))
    .await;
    let answer = scene.client().get("/v1/models").await;
    answer.error(502);

    scene.sim().set_script(json!([])).expect("a valid script");

    // The model's pause after an internal error is about a second; ten minutes would be a cached failure.
    patiently("the list to come back", async {
        while scene.client().get("/v1/models").await.status != 200 {}
    })
    .await;
}
