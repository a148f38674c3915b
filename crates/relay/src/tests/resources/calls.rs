//! Calls about resources, and lists of them.

use super::super::keys_used;
use super::*;

#[test]
fn a_deleted_resource_is_forgotten() {
    let scene = Scene::new([]);
    scene.raw_file("abc");
    scene.host.then(Scripted::whole(200, "{}"));
    let delete = ResourceRequest::Delete(ResourceKind::File, "abc");
    assert_eq!(scene.ask(&scene.client(), delete).unwrap(), "{}");
    assert_eq!(scene.host.sent()[1].method, "DELETE");
    assert!(is_unknown(&scene.get(&scene.client(), "abc")));
    assert!(is_unknown(&scene.elsewhere().get(&scene.client(), "abc")));
}

#[test]
fn a_cache_is_made_by_the_key_of_its_file_prolonged_and_used() {
    let cache = r#"{"name":"cachedContents/c1","model":"models/gemini-2.5-flash"}"#;
    let scene = Scene::new([]);
    let key = scene.raw_file("abc");
    for body in [cache, cache] {
        scene.host.then(Scripted::whole(200, body));
    }
    scene.host.then(Scripted::whole(200, answer("cached")));
    let client = scene.client();
    let create = ResourceRequest::CreateCache(mentioning(&["abc"]).into());
    assert_eq!(scene.ask(&client, create).unwrap(), cache);
    let update = ResourceRequest::UpdateCache {
        id: "c1",
        mask: Some("ttl"),
        body: Bytes::from_static(br#"{"ttl":"7200s"}"#),
    };
    scene.ask(&client, update).unwrap();
    let body = r#"{"contents":[],"cachedContent":"cachedContents/c1"}"#;
    scene.generate(&client, body).unwrap();
    let sent = scene.host.sent();
    assert_eq!(keys_used(&scene.host), vec![key; 4]);
    assert_eq!(sent[2].method, "PATCH");
    assert_eq!(
        sent[2].url,
        "https://gemini.test/v1beta/cachedContents/c1?updateMask=ttl"
    );
}

#[test]
fn a_batch_is_started_once_asked_for_and_cancelled() {
    let batch = r#"{"name":"batches/b1","metadata":{"state":"BATCH_STATE_PENDING"}}"#;
    let scene = Scene::new([
        minute_quota("30s"),
        Scripted::whole(200, batch),
        Scripted::whole(200, batch),
        Scripted::whole(200, "{}"),
    ]);
    let client = scene.client();
    let start = || ResourceRequest::StartBatch {
        model: "gemini-2.5-flash",
        of: BatchOf::Generate,
        body: Bytes::from_static(
            br#"{"batch":{"inputConfig":{"requests":{"requests":[{"request":{}}]}}}}"#,
        ),
    };
    assert_eq!(scene.ask(&client, start()).unwrap(), batch);
    let get = ResourceRequest::Get(ResourceKind::Batch, "b1");
    scene.ask(&client, get).unwrap();
    scene
        .ask(&client, ResourceRequest::CancelBatch("b1"))
        .unwrap();
    let sent = scene.host.sent();
    let used = keys_used(&scene.host);
    assert_ne!(used[0], used[1]);
    assert_eq!(used[1..], vec![used[1].clone(); 3]);
    assert!(sent[1].body.contains(r#""store":false"#));
    assert_eq!(
        sent[1].url,
        "https://gemini.test/v1beta/models/gemini-2.5-flash:batchGenerateContent"
    );
    assert_eq!(sent[3].url, "https://gemini.test/v1beta/batches/b1:cancel");

    // What broke off may have been started.
    scene.host.then(Scripted::unreachable());
    assert!(scene.ask(&client, start()).is_err());
    assert_eq!(scene.host.sent().len(), 5);
}

#[test]
fn a_list_holds_what_the_client_made_with_every_key_that_it_had() {
    let scene = Scene::new([]);
    let first = scene.raw_file("a");
    scene.host.then(minute_quota("30s"));
    let second = scene.raw_file("b");
    assert_ne!(first, second);
    scene.host.pass(std::time::Duration::from_secs(60));
    let list = |client: &Client, token: &str| {
        let request = ResourceRequest::List {
            kind: ResourceKind::File,
            size: Some(500),
            token,
        };
        scene.ask(client, request)
    };
    let page = |ids: &[&str], next: &str| {
        let files: Vec<String> = ids
            .iter()
            .map(|id| format!(r#"{{"name":"files/{id}","sizeBytes":"1"}}"#))
            .collect();
        let files = files.join(",");
        Scripted::whole(200, format!(r#"{{"files":[{files}]{next}}}"#))
    };
    // The last key's first page has nothing of the client's, its second one does.
    for answer in [
        page(&["others"], r#","nextPageToken":"t&1""#),
        page(&["others2", "b"], ""),
        page(&["a"], ""),
    ] {
        scene.host.then(answer);
    }
    let before = scene.host.sent().len();
    assert_eq!(
        list(&scene.client(), "").unwrap(),
        r#"{"files":[{"name":"files/b","sizeBytes":"1"}],"nextPageToken":"1."}"#
    );
    assert_eq!(
        list(&scene.client(), "1.").unwrap(),
        r#"{"files":[{"name":"files/a","sizeBytes":"1"}]}"#
    );
    assert_eq!(list(&scene.client(), "2.").unwrap(), "{}");
    assert_eq!(list(&scene.other(), "").unwrap(), "{}");
    assert!(list(&scene.client(), "t").is_err());
    let sent = scene.host.sent();
    let asked: Vec<&str> = sent[before..]
        .iter()
        .map(|sent| sent.key.as_str())
        .collect();
    assert_eq!(asked, [second.as_str(), &second, &first]);
    assert_eq!(
        sent[before + 1].url,
        "https://gemini.test/v1beta/files?pageSize=100&pageToken=t%261"
    );
}

#[test]
fn googles_refusals_keep_their_words() {
    let scene = Scene::new([]);
    scene.raw_file("abc");
    scene.host.then(error(
        403,
        "PERMISSION_DENIED",
        "You do not have permission to access the File abc or it may not exist.",
    ));
    let failure = scene.get(&scene.client(), "abc").unwrap_err();
    assert_eq!(failure.status(), 403);
    assert!(failure.to_error().message.contains("may not exist"));
    assert_eq!(scene.host.sent().len(), 2);
}
