//! The admin pages as the host serves them: routed beside the API, cached rightly, locked down.
//!
//! The component's own tables are tested in `admin/`; how it looks and works in `tests/browser`.

use http::Method;

use crate::support::client::Client;
use crate::support::scene::Scene;

/// The first script that the start page loads.
async fn script_path(client: &Client) -> String {
    let page = client.get("/").await.text();
    let (_, rest) = page
        .split_once("src=\"/assets/")
        .expect("the page loads a script");
    let (name, _) = rest.split_once('"').expect("a closed attribute");
    format!("/assets/{name}")
}

#[tokio::test]
async fn pages_are_served_without_a_key_and_locked_down() {
    let scene = Scene::start().await;
    let client = scene.client().anonymous();
    for path in ["/", "/login", "/admin", "/admin/pools/7"] {
        let page = client.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(
            page.header("content-type"),
            "text/html; charset=utf-8",
            "{path}"
        );
        assert_eq!(page.header("cache-control"), "no-cache", "{path}");
        assert!(
            page.header("content-security-policy")
                .starts_with("default-src 'none'"),
            "{path}"
        );
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert!(page.text().contains("<title>"), "{path}");
    }
    assert!(scene.sim().requests().is_empty());
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever_and_pages_revalidated() {
    let scene = Scene::start().await;
    let client = scene.client().anonymous();

    let script = client.get(&script_path(&client).await).await;
    assert_eq!(script.status, 200);
    assert!(
        script.header("content-type").starts_with("text/javascript"),
        "{:?}",
        script.headers
    );
    assert!(
        script.header("cache-control").contains("immutable"),
        "{:?}",
        script.headers
    );

    let page = client.get("/").await;
    let tag = page.header("etag");
    assert!(
        tag.starts_with('"') && tag.ends_with('"'),
        "a strong tag, quoted: {tag}"
    );
    let again = client
        .request(Method::GET, "/")
        .header("if-none-match", tag)
        .answer()
        .await;
    assert_eq!(again.status, 304);
    assert!(again.body.is_empty());
    assert_eq!(again.header("etag"), tag);
}

#[tokio::test]
async fn head_has_the_headers_and_no_body() {
    let scene = Scene::start().await;
    let client = scene.client().anonymous();
    let page = client.get("/").await;
    let head = client.request(Method::HEAD, "/").answer().await;
    assert_eq!(head.status, 200);
    assert!(head.body.is_empty());
    assert_eq!(head.header("etag"), page.header("etag"));
    assert_eq!(head.header("content-length"), page.body.len().to_string());
}

#[tokio::test]
async fn unknown_files_are_not_found_and_api_paths_never_become_pages() {
    let scene = Scene::start().await;
    let client = scene.client().anonymous();
    assert_eq!(client.get("/assets/nothing.js").await.status, 404);
    assert_eq!(client.get("/../Cargo.toml").await.status, 404);
    client.get("/v1/nothing").await.error(404);
}
