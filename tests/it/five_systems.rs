//! The five systems that one gempool replaces, each as a deployment of it: what their users rely on works here.
//!
//! One test for each row of the design's table, named after its system. Pools are worked on from the command line,
//! while the product serves them.

use std::collections::BTreeMap;
use std::time::Duration;

use gemini_sim::RecordedRequest;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::chat::{self, EMBEDDING_MODEL, IMAGE_MODEL, MODEL, OTHER_MODEL, SPEECH_MODEL};
use crate::support::client::Client;
use crate::support::manage::{Office, client};
use crate::support::patience::within;
use crate::support::scene::Scene;
use crate::support::secrets::UPSTREAM_KEYS;

/// How often each key was used for generations.
fn shares(scene: &Scene) -> BTreeMap<String, usize> {
    let mut shares = BTreeMap::new();
    for key in scene.keys_used() {
        *shares.entry(key).or_default() += 1;
    }
    shares
}

/// Longest time until a change is seen, with room for a machine that does other things: the promise is two seconds.
const SEEN: Duration = Duration::from_secs(10);

/// Asks until the answer has this status.
async fn until_status(client: &Client, body: &Value, status: u16) {
    within(SEEN, &format!("an answer with status {status}"), async {
        while client.chat(body).await.status != status {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn seed_000_multi_pool_worker() {
    let [first, second, third] = UPSTREAM_KEYS;
    let office = Office::on_sqlite();
    office.pool(
        "team-a",
        &["--description", "for A", "--allow", MODEL],
        &format!("{first}*3\n{second}\n{third}"),
    );
    office.pool("team-b", &[], second);
    let (of_a, of_b) = (
        office.client_key("team-a", &["--name", "A"]),
        office.client_key("team-b", &["--name", "B"]),
    );
    assert!(of_a.starts_with("sk-pool-"), "the form that its tools know");
    let scene = office.scene().upstream_keys(&UPSTREAM_KEYS).start().await;
    let (a, b) = (client(&scene, &of_a), client(&scene, &of_b));

    // 3:1:1 gives 60, 20 and 20 of a hundred.
    for _ in 0..100 {
        a.chat(&chat::unary()).await.ok();
    }
    assert_eq!(
        shares(&scene),
        BTreeMap::from([
            (first.to_owned(), 60),
            (second.to_owned(), 20),
            (third.to_owned(), 20)
        ])
    );

    // A model outside the pool's list, which the other pool has.
    let refused = a.chat(&chat::unary_for(OTHER_MODEL)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());
    assert!(refused.text().contains(OTHER_MODEL), "{}", refused.text());
    b.chat(&chat::unary_for(OTHER_MODEL)).await.ok();
    assert_eq!(
        scene.keys_used().last().unwrap(),
        second,
        "a pool's own keys"
    );
    let listed = a.get("/v1/models").await.ok();
    let ids: Vec<&str> = listed["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|model| model["id"].as_str())
        .collect();
    assert_eq!(ids, [MODEL], "the list shows what may be used");

    // A pool that is switched off, and on again.
    office.run(&["pools", "disable", "team-a"], "");
    until_status(&a, &chat::unary(), 403).await;
    b.chat(&chat::unary()).await.ok();
    office.run(&["pools", "enable", "team-a"], "");
    until_status(&a, &chat::unary(), 200).await;

    // A key that is switched off.
    let keys = office.json(&["keys", "list", "team-a", "--json"]);
    let masked = keys.to_string();
    assert!(!masked.contains(first), "lists show masks");
    let id = keys[0]["id"].as_str().unwrap();
    office.run(
        &["keys", "edit", "team-a", id, "--disable", "--name", "Ann's"],
        "",
    );
    let listed = office.json(&["keys", "list", "team-a", "--json", "--state", "disabled"]);
    assert_eq!(listed[0]["name"], "Ann's");

    // A new client key in place of the old one.
    let clients = office.json(&["clients", "list", "team-a", "--json"]);
    let id = clients[0]["id"].as_str().unwrap();
    let new = office.run(&["clients", "regenerate", id], "");
    until_status(&a, &chat::unary(), 401).await;
    client(&scene, new.trim()).chat(&chat::unary()).await.ok();

    // The backup of a pool.
    let backup = office.run(&["keys", "export", "team-a", "--format", "json"], "");
    office.pool("team-c", &[], "");
    office.run(&["keys", "import", "team-c", "-"], &backup);
    assert_eq!(
        office
            .json(&["keys", "list", "team-c", "--json"])
            .as_array()
            .unwrap()
            .len(),
        3
    );
    let shown = office.json(&["pools", "show", "team-a"]);
    assert_eq!(shown["pool"]["description"], "for A");
    assert_eq!(shown["keys"], 3);
}

#[tokio::test]
async fn seed_001_cooling_balancer() {
    let [first, second, third] = UPSTREAM_KEYS;
    let scene = Scene::builder()
        .upstream_keys(&UPSTREAM_KEYS)
        .models(chat::models())
        .variable("LOAD_BALANCE_STRATEGY", "round-robin")
        .variable("COOLING_PROFILE", "fixed")
        .variable("EMERGENCY", "reset")
        .script(json!([
            {"match": {"key": first, "times": 1}, "then": {"respond": {"error": "rate_limited_minute"}}},
            {"match": {"key": second, "times": 1}, "then": {"respond": {"error": "suspended"}}},
        ]))
        .start()
        .await;

    // Three variables are the whole set-up; failures go to the next key.
    for _ in 0..4 {
        scene.chat(&chat::unary()).await.ok();
    }
    assert_eq!(scene.keys_used().last().unwrap(), third);

    let status = scene.client().get("/v1/status").await.ok();
    let pool = &status["keyPool"];
    assert_eq!(pool["totalKeys"], 3, "{status}");
    assert_eq!(pool["availableKeys"], 1, "{status}");
    assert_eq!(pool["coolingKeys"], 1, "a 429 cools for a day: {status}");
    assert_eq!(pool["failedKeys"], 1, "a 403 is for good: {status}");
    assert_eq!(pool["strategy"], "round-robin");
    let cooling = &pool["coolingDetails"][0];
    let hours = cooling["remainingHours"].as_u64().unwrap();
    assert!((23..=26).contains(&hours), "{status}");
    assert_eq!(status["auth"]["validTokens"], 2);

    let embedding = json!({"model": EMBEDDING_MODEL, "input": "hello"});
    let embedded = scene.client().post("/v1/embeddings", &embedding).await.ok();
    assert!(embedded["data"][0]["embedding"].is_array(), "{embedded}");
    let models = scene.client().get("/v1/models").await.ok();
    assert!(!models["data"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn seed_001_emergency_reset_forgets_coolings_and_not_deaths() {
    let [first, second, _] = UPSTREAM_KEYS;
    let scene = Scene::builder()
        .variable("COOLING_PROFILE", "fixed")
        .variable("EMERGENCY", "reset")
        .script(json!([
            {"match": {"key": first, "times": 1}, "then": {"respond": {"error": "rate_limited_minute"}}},
            {"match": {"key": second}, "then": {"respond": {"error": "invalid_key"}}},
        ]))
        .start()
        .await;
    // The one cools for a day, the other is dead: the emergency wakes the one.
    scene.chat(&chat::unary()).await;

    scene.chat(&chat::unary()).await.ok();

    assert_eq!(scene.keys_used().last().unwrap(), first);
    let status = scene.client().get("/v1/status").await.ok();
    assert_eq!(status["keyPool"]["failedKeys"], 1, "{status}");
}

// The upstream must answer while a command is waited for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seed_002_proxy_panel() {
    let [first, second, _] = UPSTREAM_KEYS;
    let office = Office::on_sqlite();
    office.pool("panel", &[], &format!("{first}\n{second}"));
    let plain = office.client_key("panel", &["--name", "plain", "--safety", "BLOCK_ONLY_HIGH"]);
    let small = office.client_key("panel", &["--name", "small", "--tokens-per-day", "1"]);
    let slow = office.client_key("panel", &["--name", "slow", "--rpm", "2"]);
    let narrow = office.client_key("panel", &["--name", "narrow", "--allow", "gemini-*-pro"]);
    let paid = office.client_key("panel", &["--name", "paid", "--paid-only", "true"]);
    let scene = office.scene().start().await;
    let office = office.with_upstream(&scene);

    // Safety per client key.
    client(&scene, &plain).chat(&chat::unary()).await.ok();
    let thresholds: Vec<Value> = scene.only_generation()["safetySettings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|setting| setting["threshold"].clone())
        .collect();
    assert!(!thresholds.is_empty());
    assert!(
        thresholds
            .iter()
            .all(|threshold| threshold == "BLOCK_ONLY_HIGH")
    );

    // A budget per day: the request that spends it is served, the next one is not.
    client(&scene, &small).chat(&chat::unary()).await.ok();
    let refused = client(&scene, &small).chat(&chat::unary()).await;
    assert_eq!(
        refused.status,
        StatusCode::TOO_MANY_REQUESTS,
        "{}",
        refused.text()
    );
    assert!(refused.headers.contains_key("retry-after"));

    // Requests per minute.
    for _ in 0..2 {
        client(&scene, &slow).chat(&chat::unary()).await.ok();
    }
    let refused = client(&scene, &slow).chat(&chat::unary()).await;
    assert_eq!(
        refused.status,
        StatusCode::TOO_MANY_REQUESTS,
        "{}",
        refused.text()
    );

    // Models of one client key.
    client(&scene, &narrow)
        .chat(&chat::unary_for(OTHER_MODEL))
        .await
        .ok();
    let refused = client(&scene, &narrow).chat(&chat::unary()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());

    // Only projects whose prompts nobody trains on.
    let before = scene.generations().len();
    let refused = client(&scene, &paid).chat(&chat::unary()).await;
    assert_eq!(
        refused.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "{}",
        refused.text()
    );
    assert_eq!(
        scene.generations().len(),
        before,
        "no free key saw the prompt"
    );

    // Tests of keys, all and one, which cost no tokens.
    let output = office.try_run(&["keys", "test", "panel", "--json"], "");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines = String::from_utf8(output.stdout).unwrap();
    assert_eq!(lines.matches(r#""finding":"works""#).count(), 2, "{lines}");
    assert_eq!(scene.generations().len(), before);

    // Expired and revoked keys open nothing.
    let clients = office.json(&["clients", "list", "panel", "--json"]);
    let id = |name: &str| {
        let found = clients
            .as_array()
            .unwrap()
            .iter()
            .find(|it| it["name"] == name);
        found.unwrap()["id"].as_str().unwrap().to_owned()
    };
    office.run(
        &["clients", "edit", &id("plain"), "--expires", "2020-01-01"],
        "",
    );
    until_status(&client(&scene, &plain), &chat::unary(), 401).await;
    office.run(&["clients", "revoke", &id("narrow")], "");
    until_status(&client(&scene, &narrow), &chat::unary_for(OTHER_MODEL), 401).await;
}

// The upstream must answer while a command is waited for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seed_003_balance_server() {
    let office = Office::on_sqlite();
    office.pool("all", &["--profile", "google"], "");
    let bad = "canary-not-a-key-of-the-simulator-01";
    let many: String = (0..1_000)
        .map(|number| format!("bulk-key-{number:04}-of-the-balance-server\n"))
        .collect();
    let mut upstream: Vec<String> = many.lines().map(str::to_owned).collect();
    let imported = office.try_run(&["keys", "import", "all", "-"], &format!("{many}{bad}\n"));
    assert!(imported.status.success());
    assert!(String::from_utf8_lossy(&imported.stderr).contains("1001 keys added"));
    // Repeated, nothing is added.
    let again = office.try_run(&["keys", "import", "all", "-"], &many);
    assert!(
        String::from_utf8_lossy(&again.stderr).contains("0 keys added, 1000 were there already")
    );
    upstream.truncate(1_000);
    let key = office.client_key("all", &[]);
    let keys: Vec<&str> = upstream.iter().map(String::as_str).collect();
    let scene = office
        .scene()
        .upstream_keys(&keys)
        .models(chat::models())
        .start()
        .await;
    let office = office.with_upstream(&scene);
    let client = client(&scene, &key);

    // Verify: the one that Google does not know is found, and switched off where that is wanted.
    let tested = office.try_run(
        &[
            "keys",
            "test",
            "all",
            "--json",
            "--at-once",
            "32",
            "--disable-dead",
        ],
        "",
    );
    assert_eq!(tested.status.code(), Some(1), "some key does not work");
    let dead: Vec<Value> = String::from_utf8(tested.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|line: &Value| line["finding"] == "dead")
        .collect();
    assert_eq!(dead.len(), 1, "{dead:?}");
    assert_eq!(dead[0]["why"], "invalid");
    let disabled = office.json(&["keys", "list", "all", "--json", "--state", "disabled"]);
    assert_eq!(disabled.as_array().unwrap().len(), 1);
    let id = dead[0]["id"].as_str().unwrap();
    let found = office.json(&["keys", "list", "all", "--json", "--search", id]);
    assert_eq!(found.as_array().unwrap().len(), 1, "search by id");

    // Images, speech, search and thinking by the model's name.
    let image = json!({"model": IMAGE_MODEL, "prompt": "a cat"});
    let drawn = client.post("/v1/images/generations", &image).await.ok();
    assert!(drawn["data"][0]["b64_json"].is_string());
    let speech = json!({"model": SPEECH_MODEL, "input": "hello", "voice": "alloy"});
    let spoken = client.post("/v1/audio/speech", &speech).await;
    assert_eq!(spoken.status, StatusCode::OK);
    client
        .chat(&chat::unary_for(&format!("{MODEL}-search")))
        .await
        .ok();
    let searched = scene.generations_of(MODEL).pop().unwrap();
    let body: Value = serde_json::from_slice(&searched.body).unwrap();
    assert!(body["tools"].to_string().contains("googleSearch"), "{body}");
    client
        .chat(&chat::unary_for(&format!("{MODEL}-nothinking")))
        .await
        .ok();
    let thoughtless = scene.generations_of(MODEL).pop().unwrap();
    let body: Value = serde_json::from_slice(&thoughtless.body).unwrap();
    assert_eq!(
        body["generationConfig"]["thinkingConfig"]["thinkingBudget"], 0,
        "{body}"
    );

    // The doctor's summary.
    let report = office.run(&["doctor"], "");
    assert!(report.contains("pool all: 1001 keys"), "{report}");
    assert!(report.contains("1 disabled"), "{report}");
}

#[tokio::test]
async fn seed_004_shared_pool() {
    let [theirs, other, _] = UPSTREAM_KEYS;
    let office = Office::on_sqlite();
    let scene = office
        .scene()
        .variable("CONTRIBUTE_POOL", "shared")
        .script(json!([]))
        .start()
        .await;
    let path = format!("/v1beta/models/{MODEL}:generateContent");
    let question = json!({"contents": [{"role": "user", "parts": [{"text": chat::prompt()}]}]});
    let ask = async |key: &str| {
        let call = scene.client().anonymous().request(Method::POST, &path);
        call.header("x-goog-api-key", key)
            .json(&question)
            .answer()
            .await
    };
    let key_count = async || scene.client().anonymous().get("/keycount").await.ok();

    // A key that does not work joins nothing.
    assert_eq!(
        key_count().await,
        json!({"keyCount": 0, "message": "success"})
    );
    let refused = ask("canary-of-nobody-0123456789abcdef").await;
    assert_eq!(
        refused.status,
        StatusCode::BAD_REQUEST,
        "{}",
        refused.text()
    );
    assert_eq!(key_count().await["keyCount"], 0);

    // One that works does, after it has worked: the request itself went out with it.
    let answer = ask(theirs).await.ok();
    assert!(
        answer["candidates"][0]["content"].is_object(),
        "Google's own answer: {answer}"
    );
    let uses: Vec<RecordedRequest> = scene.generations();
    assert_eq!(uses.last().unwrap().key.as_deref(), Some(theirs));
    let joined = async |count: u64| {
        within(SEEN, &format!("{count} keys in the pool"), async {
            while key_count().await["keyCount"] != count {
                tokio::task::yield_now().await;
            }
        })
        .await;
    };
    joined(1).await;
    ask(other).await.ok();
    joined(2).await;

    // From now on the pool serves, and nothing is stored at Google for the owner of a key to read.
    within(SEEN, "the pool's other key to serve", async {
        while !scene.keys_used().split_off(3).contains(&other.to_owned()) {
            ask(theirs).await.ok();
        }
    })
    .await;
    for request in scene.generations() {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(body["store"], false, "{body}");
    }

    // Who brought a key sees what it did, and takes it back.
    let own = async |method: Method| {
        let call = scene.client().anonymous().request(method, "/contribution");
        call.header("x-goog-api-key", theirs).answer().await
    };
    let account = own(Method::GET).await.ok();
    assert!(!account.to_string().contains(theirs), "{account}");
    assert_eq!(own(Method::DELETE).await.status, StatusCode::OK);
    joined(1).await;
}
