//! `--store`: what is learned outlives the process, in a file or in a Redis that several hosts share, and a store that
//! is away stops nobody.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use gempool_redis_fixture::Server;
use tempfile::TempDir;

use crate::support::chat;
use crate::support::client::Client;
use crate::support::patience::within;
use crate::support::product::{Settings, refused_start};
use crate::support::scene::{Scene, SceneBuilder};

/// Longest time of a request whose store is away: ten times what it may add (500 ms, once), and far below the hang
/// that this is about.
const WITHOUT_STORE: Duration = Duration::from_secs(5);

/// How often the list of models was asked for.
fn lists_asked(scene: &Scene) -> usize {
    let requests = scene.sim().requests();
    let lists = requests.iter().filter(|it| it.path.ends_with("/models"));
    lists.count()
}

/// Starts with `builder`, learns the models, kills the product and expects the next one to know them.
async fn remembers_across_kill_9(builder: SceneBuilder) -> Scene {
    let scene = builder.start().await;
    scene.chat(&chat::unary()).await.ok();
    let list = scene.client().get("/v1/models").await.ok();
    let asked = lists_asked(&scene);
    assert!(asked > 0);

    let scene = scene.kill_and_restart().await;

    assert_eq!(scene.client().get("/v1/models").await.ok(), list);
    assert_eq!(lists_asked(&scene), asked, "the list came from the store");
    scene.chat(&chat::unary()).await.ok();
    scene.stream(&chat::streaming()).await.assert_complete();
    scene
}

/// A scene on a Redis. Its key is in a file, because each start has a folder of its own.
fn on_redis(url: &str, folder: &Path) -> SceneBuilder {
    let key = folder.join("key");
    std::fs::write(&key, "0123456789abcdef".repeat(4)).unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    Scene::builder()
        .store(url)
        .arguments(&["--master-key-file", key.to_str().unwrap()])
}

/// A port that was free a moment ago; Redis cannot choose one itself.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

#[tokio::test]
async fn a_file_keeps_what_was_learned_and_gets_a_private_key_beside_it() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("gempool.db");
    let key = folder.path().join("gempool.db.key");
    let store = format!("sqlite:{}", file.display());

    let scene = remembers_across_kill_9(Scene::builder().store(&store)).await;

    let made = std::fs::read_to_string(&key).unwrap();
    assert_eq!(made.trim().len(), 64);
    for file in [&file, &key] {
        let mode = std::fs::metadata(file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", file.display());
    }
    drop(scene.kill_and_restart().await);
    assert_eq!(std::fs::read_to_string(&key).unwrap(), made);
}

#[tokio::test]
async fn redis_keeps_what_was_learned() {
    let port = free_port();
    let Some(_server) = Server::start(&["--port", &port.to_string()]) else {
        return;
    };
    let folder = TempDir::new().unwrap();
    let url = format!("redis://127.0.0.1:{port}/0");
    remembers_across_kill_9(on_redis(&url, folder.path())).await;
}

#[tokio::test]
async fn two_hosts_on_one_redis_share_what_they_learn_flt39() {
    let Some(server) = Server::start(&[]) else {
        return;
    };
    let folder = TempDir::new().unwrap();
    let scene = on_redis(&server.url(), folder.path()).start().await;
    let list = scene.client().get("/v1/models").await.ok();
    let asked = lists_asked(&scene);
    let other = scene.another_product().await;
    assert_eq!(Client::new(other.addr()).get("/v1/models").await.ok(), list);
    assert_eq!(lists_asked(&scene), asked);
}

#[tokio::test]
async fn traffic_goes_on_while_redis_is_frozen_and_while_it_is_dead_flt28() {
    let Some(mut server) = Server::start(&[]) else {
        return;
    };
    let folder = TempDir::new().unwrap();
    let scene = on_redis(&server.url(), folder.path()).start().await;
    scene.chat(&chat::unary()).await.ok();
    let traffic = async |what: &str| {
        within(WITHOUT_STORE, what, async {
            scene.chat(&chat::unary()).await.ok();
            scene.stream(&chat::streaming()).await.assert_complete();
            scene.client().get("/v1/models").await.ok();
        })
        .await;
    };
    server.freeze();
    traffic("answers while Redis is frozen").await;
    server.thaw();
    server.kill();
    traffic("answers while there is no Redis").await;
    server.start_again();
    traffic("answers after Redis came back").await;
}

#[tokio::test]
async fn a_host_starts_without_its_redis_and_serves() {
    let Some(mut server) = Server::start(&[]) else {
        return;
    };
    server.kill();
    let folder = TempDir::new().unwrap();
    let scene = on_redis(&server.url(), folder.path()).start().await;
    scene.chat(&chat::unary()).await.ok();
}

#[tokio::test]
async fn a_store_or_key_that_cannot_be_used_is_refused_and_no_secret_is_shown_flt38() {
    let folder = TempDir::new().unwrap();
    let open = folder.path().join("key");
    std::fs::write(&open, "hunter2").unwrap();
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o644)).unwrap();
    let open = open.to_str().unwrap();
    let mut cases = vec![
        (vec!["--store", "rediss://:hunter2@host"], "TLS"),
        (vec!["--store", "redis://:hunter2@host:x"], "redis://"),
        (
            vec!["--store", "memory:", "--master-key-file", open],
            "chmod 600",
        ),
    ];
    let server = Server::start(&["--requirepass", "right"]);
    let url = server.as_ref().map(|it| it.url_with("hunter2"));
    if let Some(url) = &url {
        cases.push((vec!["--store", url], "credentials"));
    }
    for (arguments, expected) in cases {
        let settings = Settings {
            arguments: arguments.iter().map(ToString::to_string).collect(),
            ..Settings::default()
        };
        let (status, words) = refused_start(&settings).await;
        assert!(!status.success(), "{arguments:?}");
        assert!(words.contains(expected), "{arguments:?}: {words}");
        assert!(!words.contains("hunter2"), "{arguments:?}: {words}");
    }
}
