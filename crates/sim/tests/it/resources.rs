//! Files, caches and batches: what a project keeps, and that no other one gets it.

use std::time::Duration;

use gemini_sim::{ManualClock, Sim};
use serde_json::{Value, json};

use crate::client::{Response, UNARY, prompt, request};

const FILES: &str = "https://generativelanguage.googleapis.com/v1beta/files/";
const HOUR: Duration = Duration::from_secs(60 * 60);

async fn start() -> (Sim, ManualClock) {
    let clock = ManualClock::at(1_795_262_400_000);
    let sim = Sim::builder().keys(["a", "b"]).clock(clock.clone());
    (sim.start("127.0.0.1:0").await.unwrap(), clock)
}

async fn call(sim: &Sim, key: &str, line: &str, body: &Value) -> Response {
    let (method, target) = line.split_once(' ').unwrap();
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let headers = format!("x-goog-api-key: {key}\r\n");
    request(sim, method, target, &headers, body.as_bytes()).await
}

async fn upload(sim: &Sim, headers: &str, target: &str, body: &[u8]) -> Response {
    request(sim, "POST", target, headers, body).await
}

/// A file of this type, with key `a`: its id.
async fn file(sim: &Sim, mime_type: &str) -> String {
    let headers = format!(
        "x-goog-api-key: a\r\nx-goog-upload-protocol: raw\r\ncontent-type: {mime_type}\r\n"
    );
    let made = upload(sim, &headers, "/upload/v1beta/files", b"bytes").await;
    assert_eq!(made.status, 200, "{}", made.body);
    let name = made.json()["file"]["name"].as_str().unwrap().to_owned();
    name.strip_prefix("files/").unwrap().to_owned()
}

fn mentioning(id: &str) -> Value {
    json!({"contents": [{"role": "user", "parts": [
        {"fileData": {"fileUri": format!("{FILES}{id}"), "mimeType": "text/plain"}},
        {"text": "What does it say?"}
    ]}]})
}

fn message(response: &Response) -> String {
    let message = response.json()["error"]["message"].clone();
    message.as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_resumable_upload_needs_a_key_to_begin_and_its_id_to_go_on() {
    let (sim, _) = start().await;
    let first = "x-goog-upload-protocol: resumable\r\nx-goog-upload-command: start\r\n\
                 x-goog-upload-header-content-length: 5\r\nx-goog-upload-header-content-type: text/plain\r\n";
    let target = "/upload/v1beta/files";
    let body = json!({"file": {"displayName": "five.txt", "name": "files/five"}}).to_string();
    let refused = upload(&sim, first, target, body.as_bytes()).await;
    assert_eq!(refused.status, 403);
    let keyed = format!("x-goog-api-key: a\r\n{first}");
    let begun = upload(&sim, &keyed, target, body.as_bytes()).await;
    assert_eq!(begun.header("x-goog-upload-status"), Some("active"));
    let url = begun.header("x-goog-upload-url").unwrap();
    let target = url.strip_prefix("http://sim").unwrap().to_owned();

    let query = "x-goog-upload-command: query\r\n";
    let state = upload(&sim, query, &target, b"").await;
    assert_eq!(state.header("x-goog-upload-size-received"), Some("0"));
    for (headers, body, status, text) in [
        (
            "x-goog-upload-command: upload\r\nx-goog-upload-offset: 0\r\n",
            &b"123"[..],
            400,
            "multiple",
        ),
        (
            "x-goog-upload-command: upload, finalize\r\nx-goog-upload-offset: 9\r\n",
            b"12345",
            400,
            "offset",
        ),
        (
            "x-goog-api-key: b\r\nx-goog-upload-command: query\r\n",
            b"",
            403,
            "another project",
        ),
        ("x-goog-upload-command: fly\r\n", b"", 400, "command"),
    ] {
        let refused = upload(&sim, headers, &target, body).await;
        assert_eq!(refused.status, status, "{headers}");
        assert!(message(&refused).contains(text), "{}", refused.body);
    }
    let last = "x-goog-upload-command: upload, finalize\r\nx-goog-upload-offset: 0\r\n";
    let done = upload(&sim, last, &target, b"12345").await;
    assert_eq!(done.header("x-goog-upload-status"), Some("final"));
    let file = &done.json()["file"];
    assert_eq!(file["name"], "files/five");
    assert_eq!(file["sizeBytes"], "5");
    assert_eq!(file["state"], "ACTIVE");
    assert_eq!(file["uri"], format!("{FILES}five"));
    assert_eq!(file["displayName"], "five.txt");
    assert_eq!(file["mimeType"], "text/plain");
    let again = upload(&sim, query, &target, b"").await;
    assert_ne!(again.status, 200, "it has ended");
}

#[tokio::test]
async fn a_file_can_come_with_its_description_in_one_body() {
    let (sim, _) = start().await;
    let headers = "x-goog-api-key: a\r\nx-goog-upload-protocol: multipart\r\n\
                   content-type: multipart/related; boundary=xx\r\n";
    let body = "--xx\r\ncontent-type: application/json\r\n\r\n{\"file\":{\"display_name\":\"d\"}}\r\n\
                --xx\r\ncontent-type: text/plain\r\n\r\n12345\r\n--xx--";
    let made = upload(&sim, headers, "/upload/v1beta/files", body.as_bytes()).await;
    let file = &made.json()["file"];
    assert_eq!(
        (&file["displayName"], &file["mimeType"], &file["sizeBytes"]),
        (&json!("d"), &json!("text/plain"), &json!("5"))
    );
}

#[tokio::test]
async fn no_other_project_sees_a_file_and_it_is_gone_after_two_days() {
    let (sim, clock) = start().await;
    let id = file(&sim, "text/plain").await;
    let get = format!("GET /v1beta/files/{id}");
    assert_eq!(call(&sim, "a", &get, &Value::Null).await.status, 200);
    assert_eq!(
        call(&sim, "a", &format!("POST {UNARY}"), &mentioning(&id))
            .await
            .status,
        200
    );
    let text = format!("You do not have permission to access the File {id} or it may not exist.");
    for (line, body) in [
        (get.clone(), Value::Null),
        (format!("DELETE /v1beta/files/{id}"), Value::Null),
        (format!("POST {UNARY}"), mentioning(&id)),
    ] {
        let refused = call(&sim, "b", &line, &body).await;
        assert_eq!(
            (refused.status, message(&refused)),
            (403, text.clone()),
            "{line}"
        );
    }
    let list = call(&sim, "b", "GET /v1beta/files", &Value::Null).await;
    assert_eq!(list.json(), json!({}));
    clock.advance(48 * HOUR);
    assert_eq!(call(&sim, "a", &get, &Value::Null).await.status, 403);
}

#[tokio::test]
async fn a_video_is_not_ready_before_it_was_looked_at_again() {
    let (sim, _) = start().await;
    let id = file(&sim, "video/mp4").await;
    let ask = format!("POST {UNARY}");
    let refused = call(&sim, "a", &ask, &mentioning(&id)).await;
    assert_eq!(refused.json()["error"]["status"], "FAILED_PRECONDITION");
    let get = format!("GET /v1beta/files/{id}");
    let first = call(&sim, "a", &get, &Value::Null).await.json();
    let second = call(&sim, "a", &get, &Value::Null).await.json();
    assert_eq!(
        (&first["state"], &second["state"]),
        (&json!("PROCESSING"), &json!("ACTIVE"))
    );
    assert_eq!(call(&sim, "a", &ask, &mentioning(&id)).await.status, 200);
}

#[tokio::test]
async fn lists_have_pages_and_names_are_taken_once() {
    let (sim, _) = start().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(format!("files/{}", file(&sim, "text/plain").await));
    }
    ids.sort();
    let page = |target: &str| {
        let line = format!("GET {target}");
        let sim = &sim;
        async move { call(sim, "a", &line, &Value::Null).await.json() }
    };
    let first = page("/v1beta/files?pageSize=2").await;
    let token = first["nextPageToken"].as_str().unwrap();
    let second = page(&format!("/v1beta/files?pageSize=2&pageToken={token}")).await;
    let names: Vec<&str> = [&first, &second]
        .iter()
        .flat_map(|page| page["files"].as_array().unwrap())
        .map(|file| file["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ids);
    let start = "x-goog-api-key: a\r\nx-goog-upload-protocol: resumable\r\nx-goog-upload-command: start\r\n";
    for (name, status) in [(ids[0].as_str(), 409), ("files/-x", 400), ("x", 400)] {
        let body = json!({"file": {"name": name}}).to_string();
        let refused = upload(&sim, start, "/upload/v1beta/files", body.as_bytes()).await;
        assert_eq!(refused.status, status, "{name}");
    }
    let body = json!({"file": {"color": "red"}}).to_string();
    let refused = upload(&sim, start, "/upload/v1beta/files", body.as_bytes()).await;
    assert!(message(&refused).contains("color"));
}

fn cache() -> Value {
    json!({
        "model": "models/gemini-2.5-flash",
        "displayName": "long",
        "ttl": "600s",
        "contents": [{"role": "user", "parts": [{"text": "word ".repeat(1_000)}]}],
    })
}

#[tokio::test]
async fn a_cache_serves_its_model_and_project_until_it_ends() {
    let (sim, clock) = start().await;
    let small =
        json!({"model": "models/gemini-2.5-flash", "contents": [{"parts": [{"text": "a"}]}]});
    let refused = call(&sim, "a", "POST /v1beta/cachedContents", &small).await;
    assert!(message(&refused).contains("too small. total_token_count=1, min"));
    let made = call(&sim, "a", "POST /v1beta/cachedContents", &cache())
        .await
        .json();
    assert_eq!(made["usageMetadata"]["totalTokenCount"], 1_250);
    let name = made["name"].as_str().unwrap();
    let mut ask = prompt("And?");
    ask["cachedContent"] = json!(name);
    let line = format!("POST {UNARY}");
    let usage = call(&sim, "a", &line, &ask).await.json()["usageMetadata"].clone();
    assert_eq!(usage["cachedContentTokenCount"], 1_250);
    let other = call(
        &sim,
        "a",
        "POST /v1beta/models/gemini-3.5-flash:generateContent",
        &ask,
    )
    .await;
    assert!(message(&other).contains("has to be the same"));
    let gone = "CachedContent not found (or permission denied)";
    let refused = call(&sim, "b", &line, &ask).await;
    assert_eq!((refused.status, message(&refused).as_str()), (403, gone));

    clock.advance(HOUR / 12);
    let patch = format!("PATCH /v1beta/{name}?updateMask=ttl");
    let longer = call(&sim, "a", &patch, &json!({"ttl": "7200s"})).await;
    assert_eq!(longer.status, 200, "{}", longer.body);
    let refused = call(&sim, "a", &patch, &json!({"displayName": "x"})).await;
    assert_eq!(refused.status, 400);
    clock.advance(HOUR);
    assert_eq!(call(&sim, "a", &line, &ask).await.status, 200);
    clock.advance(2 * HOUR);
    let refused = call(&sim, "a", &line, &ask).await;
    assert_eq!((refused.status, message(&refused).as_str()), (403, gone));
}

#[tokio::test]
async fn a_batch_is_answered_when_it_is_looked_at() {
    let (sim, _) = start().await;
    let start = "POST /v1beta/models/gemini-2.5-flash:batchGenerateContent";
    let body = json!({"batch": {"displayName": "two", "inputConfig": {"requests": {"requests": [
        {"request": prompt("Say hi."), "metadata": {"key": "first"}},
        {"request": {"contents": []}},
    ]}}}});
    let made = call(&sim, "a", start, &body).await.json();
    assert_eq!(made["metadata"]["state"], "BATCH_STATE_PENDING");
    let name = made["name"].as_str().unwrap();
    let get = format!("GET /v1beta/{name}");
    assert_eq!(call(&sim, "b", &get, &Value::Null).await.status, 404);
    let done = call(&sim, "a", &get, &Value::Null).await.json();
    assert_eq!(done["metadata"]["state"], "BATCH_STATE_SUCCEEDED");
    let answers = &done["response"]["inlinedResponses"]["inlinedResponses"];
    assert_eq!(answers[0]["metadata"]["key"], "first");
    assert!(answers[0]["response"]["candidates"].is_array());
    assert_eq!(answers[1]["error"]["code"], 400);
    let list = call(&sim, "a", "GET /v1beta/batches", &Value::Null)
        .await
        .json();
    assert_eq!(list["operations"][0]["name"], name);

    let other = call(&sim, "a", start, &body).await.json();
    let name = other["name"].as_str().unwrap();
    let cancel = format!("POST /v1beta/{name}:cancel");
    assert_eq!(call(&sim, "a", &cancel, &json!({})).await.status, 200);
    let get = format!("GET /v1beta/{name}");
    let ended = call(&sim, "a", &get, &Value::Null).await.json();
    assert_eq!(ended["metadata"]["state"], "BATCH_STATE_CANCELLED");
    for body in [
        json!({}),
        json!({"batch": {"inputConfig": {"fileName": "files/none"}}}),
    ] {
        assert_ne!(call(&sim, "a", start, &body).await.status, 200);
    }
}

#[tokio::test]
async fn a_script_can_meet_uploads_and_lists() {
    let (sim, _) = start().await;
    sim.set_script(json!([{"match": {"method": "files", "key": "b"}, "then": {"respond": {"error": "overloaded"}}}]))
        .unwrap();
    assert_eq!(
        call(&sim, "b", "GET /v1beta/files", &Value::Null)
            .await
            .status,
        503
    );
    assert_eq!(
        call(&sim, "a", "GET /v1beta/files", &Value::Null)
            .await
            .status,
        200
    );
    file(&sim, "text/plain").await;
    sim.clear();
    assert_eq!(
        call(&sim, "a", "GET /v1beta/files", &Value::Null)
            .await
            .json(),
        json!({})
    );
}
