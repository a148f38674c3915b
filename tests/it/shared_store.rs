//! Two hosts on one Redis are one gempool: cooling, edits and revocation cross over, counts add up.
//!
//! Times are those of the issue: two seconds for what instances learn and admins change, five for a revoked key. They
//! are waited for, with a bound that a busy machine keeps, and never slept.

use std::time::Duration;

use gempool_redis_fixture::Server;
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::support::chat;
use crate::support::client::Client;
use crate::support::manage::Office;
use crate::support::patience::within;
use crate::support::product::Product;
use crate::support::scene::Scene;
use crate::support::secrets::UPSTREAM_KEYS;

/// Longest time until a change has crossed over, with room for a machine that does other things: the promise is two
/// seconds.
const CROSSED_OVER: Duration = Duration::from_secs(10);

/// Two hosts with a pool of keys, and a client of each.
struct Pair {
    _server: Server,
    office: Office,
    scene: Scene,
    other: Product,
    key: String,
}

impl Pair {
    /// `None` where there is no Redis.
    async fn start(keys: &[&str], script: Value) -> Option<Self> {
        let server = Server::start(&[])?;
        let office = Office::on_store(&server.url());
        office.pool("shared", &["--strategy", "round-robin"], &keys.join("\n"));
        let key = office.client_key("shared", &[]);
        let scene = office
            .scene()
            .upstream_keys(keys)
            .script(script)
            .start()
            .await;
        let other = scene.another_product().await;
        Some(Self {
            _server: server,
            office,
            scene,
            other,
            key,
        })
    }

    fn here(&self) -> Client {
        self.scene.client().with_key(&self.key)
    }

    fn there(&self) -> Client {
        Client::new(self.other.addr()).with_key(&self.key)
    }
}

/// Asks again until `holds`.
async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    within(CROSSED_OVER, what, async {
        while !holds().await {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_key_that_cools_or_dies_on_one_host_is_left_alone_by_the_other() {
    let [cooling, dead, healthy] = UPSTREAM_KEYS;
    let script = json!([
        {"match": {"key": cooling}, "then": {"respond": {"error": "rate_limited_minute", "retry_s": 60.0}}},
        {"match": {"key": dead}, "then": {"respond": {"error": "leaked"}}},
    ]);
    let Some(pair) = Pair::start(&UPSTREAM_KEYS, script).await else {
        return;
    };
    for _ in 0..3 {
        pair.here().chat(&chat::unary()).await.ok();
    }

    // The other host hears of both before it has tried either.
    let there = pair.there();
    until("both marks have crossed over", async || {
        let status = there.get("/v1/status").await.ok();
        status["keyPool"]["failedKeys"] == 1 && status["keyPool"]["coolingKeys"] == 1
    })
    .await;
    let before = pair.scene.generations().len();
    for _ in 0..4 {
        there.chat(&chat::unary()).await.ok();
    }
    let used = pair.scene.keys_used().split_off(before);
    assert!(used.iter().all(|key| key == healthy), "{used:?}");
}

#[tokio::test]
async fn edits_and_revocations_reach_both_hosts() {
    let [first, second, _] = UPSTREAM_KEYS;
    let Some(pair) = Pair::start(&[first, second], json!([])).await else {
        return;
    };
    let hosts = [pair.here(), pair.there()];
    for host in &hosts {
        host.chat(&chat::unary()).await.ok();
    }

    pair.office.run(&["pools", "disable", "shared"], "");
    for host in &hosts {
        until("the pool is off", async || {
            host.chat(&chat::unary()).await.status == 403
        })
        .await;
    }
    pair.office.run(&["pools", "enable", "shared"], "");
    for host in &hosts {
        until("the pool is on", async || {
            host.chat(&chat::unary()).await.status == 200
        })
        .await;
    }

    let clients = pair.office.json(&["clients", "list", "--json"]);
    let id = clients[0]["id"].as_str().unwrap();
    pair.office.run(&["clients", "revoke", id], "");
    for host in &hosts {
        until("the client key is refused", async || {
            host.chat(&chat::unary()).await.status == 401
        })
        .await;
    }
}

#[tokio::test]
async fn counts_add_up_exactly_after_both_hosts_drained() {
    let Some(pair) = Pair::start(&UPSTREAM_KEYS[..2], json!([])).await else {
        return;
    };
    let (here, there) = (pair.here(), pair.there());
    for _ in 0..20 {
        here.chat(&chat::unary()).await.ok();
        there.chat(&chat::unary()).await.ok();
        there.stream(&chat::streaming()).await.assert_complete();
    }
    // One that fails counts as a request and as an error.
    here.chat(&json!({"model": "gemini-2.5-flash", "messages": []}))
        .await
        .error(400);

    for product in [pair.scene.product(), &pair.other] {
        product.signal(Signal::TERM);
        assert!(product.exited().await.success());
    }

    let usage = pair
        .office
        .json(&["pools", "usage", "shared", "--days", "2", "--json"]);
    let days = usage["days"].as_array().unwrap();
    let sum = |field: &str| {
        let of_days = days.iter().filter_map(|day| day[field].as_u64());
        of_days.sum::<u64>()
    };
    assert_eq!(sum("requests"), 60, "{usage}");
    assert_eq!(
        sum("errors"),
        0,
        "what never went out is no use of the pool: {usage}"
    );
    assert!(sum("tokens") > 0, "{usage}");
}
