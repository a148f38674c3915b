//! Files, uploads and counts over HTTP: methods, headers, who is let in.

use super::*;

const START: &str = "https://generativelanguage.googleapis.com/upload/v1beta/files?upload_id=Abc-1&upload_protocol=resumable";

fn begun() -> Scripted {
    Scripted::whole(200, "")
        .with_upload("x-goog-upload-url", START)
        .with_upload("x-goog-upload-status", "active")
}

fn finished() -> Scripted {
    Scripted::whole(200, r#"{"file":{"name":"files/abc"}}"#)
        .with_upload("x-goog-upload-status", "final")
        .with_upload("x-goog-upload-size-received", "5")
}

fn start() -> http::request::Builder {
    authorized(&Method::POST, "/upload/v1beta/files")
        .header("x-goog-upload-protocol", "resumable")
        .header("x-goog-upload-command", "start")
}

#[test]
fn an_upload_goes_on_at_an_address_of_ours() {
    let host = FakeHost::new([begun(), finished()]);
    let app = ready(&host);
    let request = start().header("host", "pool.test:3000");
    let response = send(&host, &app, request.body(Body::full("{}")).unwrap());
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["x-goog-upload-status"], "active");
    let url = response.headers()["x-goog-upload-url"].to_str().unwrap();
    assert_eq!(
        url,
        "http://pool.test:3000/upload/v1beta/files?upload_id=env.Abc-1&upload_protocol=resumable"
    );
    // The id is the credential.
    let path = url.strip_prefix("http://pool.test:3000").unwrap();
    let last = request_to(path)
        .header("x-goog-upload-command", "upload, finalize")
        .header("x-goog-upload-offset", "0");
    let response = send(&host, &app, last.body(Body::full("bytes")).unwrap());
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["x-goog-upload-status"], "final");
    assert_eq!(response.headers()["x-goog-upload-size-received"], "5");
    assert_eq!(json(&response)["file"]["name"], "files/abc");
}

fn request_to(path: &str) -> http::request::Builder {
    request(&Method::POST, path)
}

#[test]
fn an_id_opens_its_own_upload_only_and_no_wrong_key_passes_beside_it() {
    let host = FakeHost::new([begun()]);
    let app = ready(&host);
    let _ = send(&host, &app, start().body(Body::full("{}")).unwrap());
    for (query, credential, status) in [
        ("?upload_id=env.other", None, 404),
        ("?upload_id=no-pool.Abc-1", None, 404),
        ("?upload_id=env.Abc-1", Some("Bearer wrong"), 401),
        ("?upload_id=env.Abc-1", Some("Bearer key-a"), 401),
        ("?upload_id=env.Abc-1&upload_id=env.Abc-1", None, 401),
        ("?upload_id=Abc-1", None, 401),
        ("?upload_id=Env.Abc-1", None, 401),
        ("?upload_id=", None, 401),
        ("", None, 401),
    ] {
        let path = format!("/upload/v1beta/files{query}");
        let mut builder = request_to(&path).header("x-goog-upload-command", "query");
        if let Some(credential) = credential {
            builder = builder.header("authorization", credential);
        }
        let response = send(&host, &app, builder.body(Body::empty()).unwrap());
        assert_eq!(response.status(), status, "{query} {credential:?}");
        assert_eq!(json(&response)["error"]["code"], status);
    }
    assert_eq!(host.sent().len(), 1);
}

#[test]
fn a_header_that_google_does_not_document_is_named() {
    let host = FakeHost::new([]);
    let app = ready(&host);
    let request = authorized(&Method::POST, "/upload/v1beta/files")
        .header("x-goog-upload-protocol", "carrier-pigeon")
        .body(Body::empty())
        .unwrap();
    let response = send(&host, &app, request);
    assert_eq!(response.status(), 400);
    assert!(String::from_utf8_lossy(response.body()).contains("x-goog-upload-protocol"));
}

#[test]
fn of_the_query_only_what_a_method_knows_goes_on_sec018() {
    let host = FakeHost::new([begun(), finished(), Scripted::whole(200, "{}")]);
    let app = ready(&host);
    let _ = send(&host, &app, start().body(Body::full("{}")).unwrap());
    let path = "/upload/v1beta/files?upload_id=env.Abc-1&key=x&$httpMethod=DELETE&fields=name";
    let last = request_to(path).header("authorization", format!("Bearer {CLIENT_KEY}"));
    let last = last.header("x-goog-upload-command", "finalize");
    let response = send(&host, &app, last.body(Body::empty()).unwrap());
    assert_eq!(response.status(), 200);
    let list = "/v1beta/files?pageSize=7&key=x&fields=name&pageToken=";
    let request = authorized(&Method::GET, list).body(Body::empty()).unwrap();
    assert_eq!(send(&host, &app, request).status(), 200);
    let urls: Vec<String> = host.sent().into_iter().map(|sent| sent.url).collect();
    assert_eq!(urls[1], START);
    assert_eq!(
        urls[2],
        "https://generativelanguage.googleapis.com/v1beta/files?pageSize=7"
    );
}

#[test]
fn resources_of_nobody_are_not_found_in_googles_shape_sec016() {
    let host = FakeHost::new([]);
    let app = ready(&host);
    for (method, path) in [
        (Method::GET, "/v1beta/files/abc"),
        (Method::DELETE, "/gemini/v1beta/files/abc"),
        (Method::GET, "/v1beta/cachedContents/abc"),
        (Method::PATCH, "/v1beta/cachedContents/abc?updateMask=ttl"),
        (Method::GET, "/v1beta/batches/abc"),
        (Method::POST, "/v1beta/batches/abc:cancel"),
    ] {
        let request = authorized(&method, path).body(Body::full("{}")).unwrap();
        let response = send(&host, &app, request);
        assert_eq!(response.status(), 404, "{method} {path}");
        assert_eq!(json(&response)["error"]["status"], "NOT_FOUND");
    }
    for path in ["/v1beta/files/abc:download", "/v1beta/interactions"] {
        let request = authorized(&Method::GET, path).body(Body::empty()).unwrap();
        assert_eq!(send(&host, &app, request).status(), 404, "{path}");
    }
    assert!(host.sent().is_empty());
}

#[test]
fn the_count_of_keys_is_for_clients_where_nobody_contributes() {
    let host = FakeHost::new([]);
    let app = ready(&host);
    let open = request(&Method::GET, "/keycount").body(Body::empty());
    assert_eq!(send(&host, &app, open.unwrap()).status(), 401);
    let request = authorized(&Method::GET, "/keycount").body(Body::empty());
    let response = send(&host, &app, request.unwrap());
    assert_eq!(response.body(), r#"{"keyCount":2,"message":"success"}"#);
}
