//! How long it is remembered who made what, and in which pool.

use std::time::Duration;

use super::super::shelf::{MASTER_KEY, put_client, put_pool};
use super::*;

const HOUR: Duration = Duration::from_hours(1);
const BATCH: &str = r#"{"name":"batches/b1","metadata":{}}"#;

/// Google's answer about a cache that ends at this time of two days.
fn cache(updated: &str, ends: &str) -> String {
    format!(
        r#"{{"name":"cachedContents/c1","updateTime":"2031-05-{updated}","expireTime":"2031-05-{ends}"}}"#
    )
}

impl Scene {
    fn make_cache(&self, answer: &str) {
        self.host.then(Scripted::whole(200, answer.to_owned()));
        let body = Bytes::from_static(br#"{"contents":[]}"#);
        self.ask(&self.client(), ResourceRequest::CreateCache(body))
            .unwrap();
    }

    fn make_batch(&self) {
        self.host.then(Scripted::whole(200, BATCH));
        let start = ResourceRequest::StartBatch {
            model: "gemini-2.5-flash",
            of: BatchOf::Generate,
            body: Bytes::from_static(
                br#"{"batch":{"inputConfig":{"requests":{"requests":[{"request":{}}]}}}}"#,
            ),
        };
        self.ask(&self.client(), start).unwrap();
    }

    fn knows(&self, kind: ResourceKind, id: &str) -> bool {
        self.host.forget_script();
        self.host.then(Scripted::whole(200, "{}"));
        let result = self.ask(&self.client(), ResourceRequest::Get(kind, id));
        assert!(result.is_ok() || is_unknown(&result), "{result:?}");
        result.is_ok()
    }
}

#[test]
fn a_resource_is_remembered_as_long_as_google_keeps_it() {
    type Make = fn(&Scene);
    let cases: [(ResourceKind, &str, u32, Make); 6] = [
        (ResourceKind::File, "f1", 48, |scene| {
            scene.raw_file("f1");
        }),
        (ResourceKind::Batch, "b1", 96, Scene::make_batch),
        (ResourceKind::CachedContent, "c1", 3, |scene| {
            scene.make_cache(&cache("01T23:00:00.25Z", "02T02:00:00Z"));
        }),
        // Longer than anything is remembered, without an end, and an end before the beginning.
        (ResourceKind::CachedContent, "c1", 168, |scene| {
            scene.make_cache(&cache("01T00:00:00Z", "20T00:00:00Z"));
        }),
        (ResourceKind::CachedContent, "c1", 168, |scene| {
            scene.make_cache(r#"{"name":"cachedContents/c1","expireTime":7}"#);
        }),
        (ResourceKind::CachedContent, "c1", 168, |scene| {
            scene.make_cache(&cache("02T00:00:00Z", "01T00:00:00Z"));
        }),
    ];
    for (kind, id, hours, make) in cases {
        let made = Scene::new([]);
        make(&made);
        made.host.pass(HOUR * (hours - 1));
        assert!(made.knows(kind, id), "{id}, {hours}: here");
        assert!(made.elsewhere().knows(kind, id), "{id}, {hours}: elsewhere");
        made.host.pass(HOUR + HOUR / 60);
        assert!(!made.knows(kind, id), "{id}, {hours}: here, later");
        assert!(
            !made.elsewhere().knows(kind, id),
            "{id}, {hours}: elsewhere, later"
        );
    }
}

#[test]
fn a_cache_that_is_prolonged_is_remembered_longer() {
    let scene = Scene::new([]);
    scene.make_cache(&cache("01T00:00:00Z", "01T01:00:00Z"));
    scene.host.pass(HOUR / 2);
    let prolonged = cache("01T00:30:00Z", "01T05:30:00Z");
    scene.host.then(Scripted::whole(200, prolonged));
    let update = ResourceRequest::UpdateCache {
        id: "c1",
        mask: Some("ttl"),
        body: Bytes::from_static(br#"{"ttl":"18000s"}"#),
    };
    scene.ask(&scene.client(), update).unwrap();
    scene.host.pass(HOUR * 4);
    assert!(scene.elsewhere().knows(ResourceKind::CachedContent, "c1"));
}

#[test]
fn a_clients_key_is_remembered_while_it_has_something() {
    let scene = Scene::new([]);
    scene.raw_file("old");
    // The key's own entry ends in an hour, the file in two days.
    scene.host.pass(HOUR * (7 * 24 - 1));
    let key = scene.raw_file("new");
    scene.host.pass(HOUR * 2);
    let elsewhere = scene.elsewhere();
    let page = r#"{"files":[{"name":"files/new"}]}"#;
    scene.host.then(Scripted::whole(200, page));
    let list = ResourceRequest::List {
        kind: ResourceKind::File,
        size: None,
        token: "",
    };
    assert_eq!(elsewhere.ask(&elsewhere.client(), list).unwrap(), page);
    assert_eq!(scene.host.sent().last().unwrap().key, key);
}

#[test]
fn a_key_that_another_instance_has_moved_to_is_seen_within_a_minute() {
    let scene = Scene::new([]);
    let first = scene.raw_file("a");
    let elsewhere = scene.elsewhere();
    scene.host.then(minute_quota("30s"));
    let second = elsewhere.raw_file("b");
    assert_ne!(first, second);
    scene.host.pass(Duration::from_secs(61));
    assert_eq!(scene.raw_file("c"), second);
}

/// Two pools of one key each, and a gateway beside them.
fn two_pools(script: impl IntoIterator<Item = Scripted>) -> Scene {
    let host = FakeHost::new(script);
    for pool in ["team-a", "team-b"] {
        put_pool(&host, pool, &format!("key-of-{pool}"), |_| {});
        put_client(&host, pool, &format!("sk-{pool}"), |_| {});
    }
    let gateway = stored(&host);
    Scene { host, gateway }
}

fn stored(host: &Rc<FakeHost>) -> Rc<Gateway> {
    let none = [("gemini_api_keys", ""), ("valid_auth_tokens", "")];
    gateway(host, &[none[0], none[1], ("master_key", MASTER_KEY)])
}

impl Scene {
    fn stored_client(&self, pool: &str) -> Client {
        let client = super::super::identify(&self.host, &self.gateway, &format!("sk-{pool}"));
        client.unwrap().unwrap()
    }
}

#[test]
fn two_pools_may_have_files_of_one_name() {
    let scene = two_pools([]);
    for pool in ["team-a", "team-b"] {
        scene.host.then(Scripted::whole(200, file("report")));
        let new = step(&[("x-goog-upload-protocol", "raw")], "bytes");
        let client = scene.stored_client(pool);
        let made = upload(&scene.gateway, &client, new);
        scene.host.run(made).unwrap();
    }
    for pool in ["team-a", "team-b"] {
        scene.host.then(Scripted::whole(200, "{}"));
        scene.get(&scene.stored_client(pool), "report").unwrap();
    }
    let [a, b] = ["key-of-team-a", "key-of-team-b"];
    assert_eq!(keys_used(&scene.host), [a, b, a, b]);
}

#[test]
fn a_ticket_alone_leads_a_new_instance_to_its_pool() {
    let begun = Scripted::whole(200, "").with_upload("x-goog-upload-url", "x?upload_id=u1");
    let done = Scripted::whole(200, file("abc")).with_upload("x-goog-upload-status", "final");
    let scene = two_pools([begun, done]);
    let start = [
        ("x-goog-upload-protocol", "resumable"),
        ("x-goog-upload-command", "start"),
    ];
    let client = scene.stored_client("team-b");
    let begun = upload(&scene.gateway, &client, step(&start, "{}"));
    let ticket = scene.host.run(begun).unwrap().ticket.unwrap();
    assert_eq!(ticket.reveal().to_string(), "team-b.u1");

    let elsewhere = stored(&scene.host);
    let go_on = |client: Option<&Client>, ticket: &UploadTicket| {
        let last = step(&[("x-goog-upload-command", "upload, finalize")], "bytes");
        let step = continue_upload(&elsewhere, client, ticket, last);
        scene.host.run(step).map(text)
    };
    let moved = UploadTicket::of_query("upload_id=team-a.u1").unwrap();
    assert!(is_unknown(&go_on(None, &moved)));
    let other = scene.stored_client("team-a");
    assert!(is_unknown(&go_on(Some(&other), &ticket)));
    assert_eq!(go_on(None, &ticket).unwrap(), file("abc"));
    assert_eq!(
        keys_used(&scene.host),
        ["key-of-team-b", "key-of-team-b"],
        "nobody else is asked"
    );
}
