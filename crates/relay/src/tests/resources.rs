//! Files, caches and batches: which key is asked, and for whom.

mod calls;
mod lives;
mod uploads;

use std::rc::Rc;

use bytes::Bytes;
use gempool_translate::native::{BatchOf, NativeCall, NativeMethod, NativeRequest, ResourceKind};

use super::{answer, error, gateway, invalid_key, keys_used, minute_quota};
use crate::fakes::{FakeHost, Scripted};
use crate::resources::ResourceReply;
use crate::{
    Client, Failure, Gateway, NewUpload, Owned, OwnedExchange, Reply, ResourceRequest,
    UploadHeaders, UploadTicket, continue_upload, exchange, resource, upload,
};

const CLIENTS: (&str, &str) = ("valid_auth_tokens", "sk-pool-test,sk-pool-other");
const FILES: &str = "https://generativelanguage.googleapis.com/v1beta/files";

struct Scene {
    host: Rc<FakeHost>,
    gateway: Rc<Gateway>,
}

impl Scene {
    fn new(script: impl IntoIterator<Item = Scripted>) -> Self {
        let host = FakeHost::new(script);
        let gateway = gateway(&host, &[CLIENTS]);
        Self { host, gateway }
    }

    /// Another instance beside the same store.
    fn elsewhere(&self) -> Self {
        Self {
            host: Rc::clone(&self.host),
            gateway: gateway(&self.host, &[CLIENTS]),
        }
    }

    fn client(&self) -> Client {
        super::client(&self.host, &self.gateway)
    }

    fn other(&self) -> Client {
        let other = super::identify(&self.host, &self.gateway, "sk-pool-other");
        other.unwrap().unwrap()
    }

    fn ask(&self, client: &Client, request: ResourceRequest<'_>) -> Result<String, Failure> {
        let reply = self.host.run(resource(&self.gateway, client, request));
        reply.map(text)
    }

    fn get(&self, client: &Client, id: &str) -> Result<String, Failure> {
        self.ask(client, ResourceRequest::Get(ResourceKind::File, id))
    }

    fn upload(
        &self,
        headers: &[(&str, &'static str)],
        body: &str,
    ) -> Result<ResourceReply, Failure> {
        let new = step(headers, body);
        self.host.run(upload(&self.gateway, &self.client(), new))
    }

    /// A file of this id, made by whichever key is next.
    fn raw_file(&self, id: &str) -> String {
        self.host.then(Scripted::whole(200, file(id)));
        self.upload(&[("x-goog-upload-protocol", "raw")], "bytes")
            .unwrap();
        self.host.sent().last().unwrap().key.clone()
    }

    fn generate(&self, client: &Client, body: &str) -> Result<String, Failure> {
        let call = NativeCall {
            model: "gemini-2.5-flash",
            method: NativeMethod::Generate,
        };
        let body = Bytes::from(body.to_owned());
        let request = OwnedExchange::read(body, |body| {
            Ok(Box::new(NativeRequest::new(call, None, body)?))
        })?;
        match self
            .host
            .run(exchange(&self.gateway, client.clone(), request))?
        {
            Reply::Whole { body, .. } => Ok(super::drain(&self.host, body).0),
            Reply::Stream { .. } => panic!("a whole answer was asked for"),
        }
    }
}

fn step(headers: &[(&str, &'static str)], body: &str) -> NewUpload {
    let headers = UploadHeaders::read(|name| {
        let found = headers.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| *value)
    });
    NewUpload {
        headers: headers.unwrap(),
        body: Bytes::from(body.to_owned()),
    }
}

fn text(reply: ResourceReply) -> String {
    String::from_utf8(reply.body.to_vec()).unwrap()
}

fn file(id: &str) -> String {
    format!(r#"{{"file":{{"name":"files/{id}","uri":"{FILES}/{id}","state":"ACTIVE"}}}}"#)
}

fn mentioning(ids: &[&str]) -> String {
    let parts: Vec<String> = ids
        .iter()
        .map(|id| format!(r#"{{"fileData":{{"fileUri":"{FILES}/{id}"}}}}"#))
        .collect();
    format!(r#"{{"contents":[{{"parts":[{}]}}]}}"#, parts.join(","))
}

fn is_unknown(result: &Result<String, Failure>) -> bool {
    matches!(result, Err(Failure::Owned(Owned::Unknown { .. })))
}

#[test]
fn a_request_goes_out_with_the_key_of_its_file_and_no_other() {
    let scene = Scene::new([]);
    let key = scene.raw_file("abc");
    let elsewhere = scene.elsewhere();
    for _ in 0..3 {
        scene.host.then(Scripted::whole(200, answer("read")));
        let body = mentioning(&["abc"]);
        elsewhere.generate(&elsewhere.client(), &body).unwrap();
    }
    assert_eq!(keys_used(&scene.host), vec![key; 4]);
}

#[test]
fn a_client_keeps_its_key_so_that_one_request_may_mention_two_files() {
    let scene = Scene::new([]);
    let first = scene.raw_file("a");
    assert_eq!(scene.raw_file("b"), first);
    scene.host.then(Scripted::whole(200, answer("read")));
    let both = mentioning(&["a", "b"]);
    assert!(scene.generate(&scene.client(), &both).is_ok());

    // The key rests, so the next file is made with another one; the two cannot be used together.
    scene.host.then(minute_quota("30s"));
    assert_ne!(scene.raw_file("c"), first);
    let sent = scene.host.sent().len();
    let apart = mentioning(&["a", "c"]);
    let failure = scene.generate(&scene.client(), &apart).unwrap_err();
    let message = failure.to_error().message;
    assert_eq!(failure.status(), 400);
    assert!(
        message.contains("`files/a`") && message.contains("`files/c`"),
        "{message}"
    );
    assert_eq!(scene.host.sent().len(), sent, "nobody is asked");
}

#[test]
fn one_clients_resources_are_unknown_to_another_sec016() {
    let scene = Scene::new([]);
    scene.raw_file("abc");
    let sent = scene.host.sent().len();
    let (client, other) = (scene.client(), scene.other());
    let kind = ResourceKind::File;
    let results = [
        scene.get(&other, "abc"),
        scene.get(&client, "never-seen"),
        scene.ask(&other, ResourceRequest::Delete(kind, "abc")),
        scene.ask(
            &other,
            ResourceRequest::Get(ResourceKind::CachedContent, "abc"),
        ),
        scene.ask(&other, ResourceRequest::CancelBatch("abc")),
        scene.ask(
            &other,
            ResourceRequest::CreateCache(mentioning(&["abc"]).into()),
        ),
        scene.generate(&other, &mentioning(&["abc"])),
        scene.generate(&client, &mentioning(&["never-seen"])),
        scene.generate(
            &other,
            r#"{"contents":[],"cachedContent":"cachedContents/x"}"#,
        ),
        // Our own notes are no resources.
        scene.generate(&client, r#"{"contents":[],"cachedContent":"upload/00"}"#),
    ];
    for (place, result) in results.iter().enumerate() {
        assert!(is_unknown(result), "{place}: {result:?}");
        let Err(failure) = result else { continue };
        assert_eq!(failure.status(), 404);
    }
    assert_eq!(scene.host.sent().len(), sent, "nobody is asked");
}

#[test]
fn with_one_key_and_one_client_what_is_not_remembered_is_passed_on() {
    let host = FakeHost::new([Scripted::whole(200, answer("read"))]);
    let gateway = gateway(&host, &[("gemini_api_keys", "key-a")]);
    let scene = Scene { host, gateway };
    let body = mentioning(&["made-elsewhere"]);
    assert!(scene.generate(&scene.client(), &body).is_ok());
}

#[test]
fn a_key_that_rests_or_is_dead_says_so_and_no_other_is_asked() {
    for (trouble, status, code, waits) in [
        (minute_quota("42s"), 429, "rate_limit_exceeded", true),
        (invalid_key(), 404, "resource_gone", false),
    ] {
        let scene = Scene::new([]);
        scene.raw_file("abc");
        scene.host.then(trouble);
        let ask = || scene.generate(&scene.client(), &mentioning(&["abc"]));
        for _ in 0..2 {
            let failure = ask().unwrap_err();
            let error = failure.to_error();
            assert_eq!(failure.status().as_u16(), status, "{failure:?}");
            assert_eq!(error.code.as_deref(), Some(code));
            assert_eq!(error.retry_after_s.is_some(), waits);
            assert_eq!(scene.host.sent().len(), 2);
            if status == 404 {
                // Today's pool cannot say of one key among others that it is dead.
                break;
            }
        }
    }
}
