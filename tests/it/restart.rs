//! `kill -9` at any time, and the next start works with what is on disk.

use tempfile::TempDir;

use crate::support::chat;
use crate::support::scene::Scene;
use crate::support::transcript::End;
use crate::support::upstream::stalling_once_after;

#[tokio::test]
async fn kill_in_the_middle_of_streams_and_the_next_start_serves_from_the_same_store() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("gempool.db");
    let scene = Scene::builder()
        .store(&format!("sqlite:{}", file.display()))
        .script(stalling_once_after("half"))
        .start()
        .await;
    scene.client().get("/v1/models").await.ok();
    let mut stream = scene.open_stream(&chat::streaming()).await;
    assert_eq!(stream.next_text().await, "half");

    let scene = scene.kill_and_restart().await;

    let rest = stream.read_to_end().await;
    assert!(
        matches!(rest.end, End::Broken(_)),
        "a killed stream must not look whole: {rest:?}"
    );
    scene.chat(&chat::unary()).await.ok();
    scene.stream(&chat::streaming()).await.assert_complete();
    scene.client().get("/v1/models").await.ok();
    assert_eq!(
        scene.client().anonymous().get("/health").await.ok()["status"],
        "ok"
    );
    assert!(file.exists(), "the store is where it was asked for");
}

#[tokio::test]
async fn many_kills_leave_a_store_that_opens() {
    let folder = TempDir::new().unwrap();
    let store = format!("sqlite:{}", folder.path().join("gempool.db").display());
    let mut scene = Scene::builder().store(&store).start().await;
    for _ in 0..3 {
        scene.sim().clear();
        // Requests are under way when it dies; what they answer is nobody's any more.
        let client = scene.client();
        let traffic =
            tokio::spawn(async move { while client.chat(&chat::unary()).await.status == 200 {} });
        scene.upstream_is_asked().await;
        scene = scene.kill_and_restart().await;
        traffic.abort();
        scene.chat(&chat::unary()).await.ok();
    }
}
