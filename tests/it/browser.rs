//! The admin pages in a real browser; the claims are in `tests/browser`, which Node runs.

use tokio::process::Command;

use crate::support::command::run_to_success;
use crate::support::scene::Scene;
use crate::support::secrets::CLIENT_KEYS;

#[tokio::test]
async fn admin_pages_work_in_chromium() {
    let scene = Scene::start().await;
    let not_set_up = Scene::builder()
        .variable("GEMINI_API_KEYS", "")
        .variable("VALID_AUTH_TOKENS", "")
        .start()
        .await;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/browser");
    let output = run_to_success(
        Command::new("node")
            .arg("--test")
            .current_dir(folder)
            .env("GEMPOOL_URL", scene.product().url())
            .env("GEMPOOL_KEY", CLIENT_KEYS[0])
            .env("GEMPOOL_SETUP_URL", not_set_up.product().url()),
    )
    .await;
    println!("{output}");
}
