//! The behavior of the component as a client sees it, over a small site of its own.
//!
//! These tests do not look at the page that happens to be embedded; `tests/browser` does.

use http::{HeaderMap, Method, Request, Response, StatusCode, header};

use super::respond;
use crate::{
    security::{CONTENT_SECURITY_POLICY, PERMISSIONS_POLICY},
    site::{Asset, Lifetime, Site, Variant},
};

static SITE: Site = Site {
    assets: &[
        Asset {
            path: "assets/a b.png",
            content_type: "image/png",
            lifetime: Lifetime::Revalidate,
            identity: variant(b"png", "\"png\""),
            gzip: None,
            brotli: None,
        },
        Asset {
            path: "assets/index-Bx3kQ9aZ.js",
            content_type: "text/javascript; charset=utf-8",
            lifetime: Lifetime::Immutable,
            identity: variant(b"script", "\"js\""),
            gzip: Some(variant(b"gz", "\"js-gz\"")),
            brotli: Some(variant(b"b", "\"js-br\"")),
        },
        Asset {
            path: "index.html",
            content_type: "text/html; charset=utf-8",
            lifetime: Lifetime::Revalidate,
            identity: variant(b"page", "\"page\""),
            gzip: Some(variant(b"pgz", "\"page-gz\"")),
            brotli: None,
        },
    ],
};

const SCRIPT: &str = "/assets/index-Bx3kQ9aZ.js";

const fn variant(bytes: &'static [u8], etag: &'static str) -> Variant {
    Variant { bytes, etag }
}

fn send(method: Method, path: &str, headers: &[(&str, &str)]) -> Response<&'static [u8]> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    respond(&SITE, &request.body(()).unwrap())
}

fn get(path: &str) -> Response<&'static [u8]> {
    send(Method::GET, path, &[])
}

fn value(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).map(|value| value.to_str().unwrap())
}

#[test]
fn serves_a_file_with_type_length_tag_and_cache_rule() {
    let response = get(SCRIPT);
    let headers = response.headers();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(*response.body(), b"script");
    let expected = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CONTENT_LENGTH, "6"),
        (header::ETAG, "\"js\""),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::VARY, "accept-encoding"),
    ];
    for (name, want) in expected {
        assert_eq!(value(headers, name.clone()), Some(want), "{name}");
    }
    assert_eq!(value(headers, header::CONTENT_ENCODING), None);
}

#[test]
fn routes_each_path_to_file_page_or_nothing() {
    let cases: &[(&str, u16, &str)] = &[
        ("/", 200, "page"),
        ("/?next=%2Fadmin", 200, "page"),
        ("/index.html", 200, "page"),
        ("/login", 200, "page"),
        ("/login/", 200, "page"),
        ("/admin", 200, "page"),
        ("/admin/", 200, "page"),
        ("/admin/pools/p-1/keys", 200, "page"),
        ("/admin/%E6%B1%A0", 200, "page"),
        ("/assets/a%20b.png", 200, "png"),
        ("/assets/a%20b.png?v=1", 200, "png"),
        ("/admin/old-1234.js", 404, ""),
        ("/assets/gone-12345678.js", 404, ""),
        ("/assets/", 404, ""),
        ("/assets", 404, ""),
        ("/nothing", 404, ""),
        ("/login/more", 404, ""),
        ("/administrator", 404, ""),
        ("/assets//index-Bx3kQ9aZ.js", 404, ""),
        // Decoded once: `%2520` is the name `a%20b.png`, which no file has.
        ("/assets/a%2520b.png", 404, ""),
        ("/%252e%252e/index.html", 404, ""),
        ("/../index.html", 404, ""),
        ("/assets/../index.html", 404, ""),
        ("/assets/./a", 404, ""),
        ("/%2e%2e/index.html", 404, ""),
        ("/assets%2f..%2findex.html", 404, ""),
        ("/admin/..", 404, ""),
        ("/assets%5c..", 404, ""),
        ("/a%00", 404, ""),
        ("/a%0d%0aSet-Cookie:x", 404, ""),
        ("/a%", 404, ""),
        ("/a%2", 404, ""),
        ("/a%zz", 404, ""),
        ("/%ff", 404, ""),
    ];
    for (path, status, body) in cases {
        let response = get(path);
        assert_eq!(response.status(), *status, "{path}");
        if *status == 200 {
            assert_eq!(*response.body(), body.as_bytes(), "{path}");
        }
    }
}

#[test]
fn refuses_a_path_that_does_not_start_at_the_root() {
    let request = Request::builder().uri("*").body(()).unwrap();
    assert_eq!(respond(&SITE, &request).status(), StatusCode::NOT_FOUND);
}

#[test]
fn head_has_the_headers_of_get_and_no_body() {
    for path in ["/", SCRIPT, "/nothing"] {
        let head = send(Method::HEAD, path, &[]);
        let get = get(path);
        assert_eq!(head.status(), get.status());
        assert_eq!(head.headers(), get.headers());
        assert!(head.body().is_empty(), "{path}");
    }
}

#[test]
fn other_methods_are_told_which_are_possible() {
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"] {
        let response = send(method.parse().unwrap(), "/", &[]);
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(value(response.headers(), header::ALLOW), Some("GET, HEAD"));
    }
}

#[test]
fn negotiates_the_smallest_encoding_the_client_accepts() {
    let cases = [
        ("", None),
        ("identity", None),
        ("deflate", None),
        ("gzip", Some("gzip")),
        ("GZIP", Some("gzip")),
        ("x-gzip", Some("gzip")),
        ("br", Some("br")),
        ("gzip, deflate, br, zstd", Some("br")),
        ("*", Some("br")),
        ("br;q=0, *", Some("gzip")),
        ("gzip;q=1.0, br;q=0.5", Some("gzip")),
        ("gzip;q=0.001", Some("gzip")),
        ("gzip ; q=0.8 , br ; q=0.9", Some("br")),
        ("gzip;q=0, br;q=0", None),
        ("identity;q=0.5, gzip;q=0.4", None),
        ("identity;q=0, gzip;q=0.4", Some("gzip")),
        ("identity;q=0", None),
        ("*;q=0", None),
        // Malformed weights refuse their coding.
        ("br;q=2, gzip", Some("gzip")),
        ("br;q=0.1234, gzip", Some("gzip")),
        ("br;q=x", None),
        ("br;level=1", None),
    ];
    for (accept, expected) in cases {
        let response = send(Method::GET, SCRIPT, &[("accept-encoding", accept)]);
        let got = value(response.headers(), header::CONTENT_ENCODING);
        assert_eq!(got, expected, "{accept:?}");
        let body: &[u8] = match expected {
            Some("br") => b"b",
            Some(_) => b"gz",
            None => b"script",
        };
        assert_eq!(*response.body(), body, "{accept:?}");
    }
}

#[test]
fn reads_accept_encoding_over_several_lines() {
    let lines = [("accept-encoding", "gzip;q=0"), ("accept-encoding", "br")];
    let response = send(Method::GET, SCRIPT, &lines);
    assert_eq!(
        value(response.headers(), header::CONTENT_ENCODING),
        Some("br")
    );
}

#[test]
fn encodings_have_tags_of_their_own() {
    let cases = [("", "\"js\""), ("gzip", "\"js-gz\""), ("br", "\"js-br\"")];
    for (accept, etag) in cases {
        let response = send(Method::GET, SCRIPT, &[("accept-encoding", accept)]);
        assert_eq!(value(response.headers(), header::ETAG), Some(etag));
    }
}

#[test]
fn answers_304_when_the_client_has_the_file() {
    let cases = [
        ("\"js\"", true),
        ("W/\"js\"", true),
        ("*", true),
        (" * ", true),
        ("\"other\", \"js\"", true),
        ("\"a,b\",W/\"js\"", true),
        (", ,\"js\"", true),
        ("\"other\"", false),
        ("\"js-gz\"", false),
        ("js", false),
        ("\"js", false),
        ("w/\"js\"", false),
        ("", false),
    ];
    for (tags, known) in cases {
        for method in [Method::GET, Method::HEAD] {
            let response = send(method, SCRIPT, &[("if-none-match", tags)]);
            let status = if known { 304 } else { 200 };
            assert_eq!(response.status(), status, "{tags:?}");
        }
    }
}

#[test]
fn not_modified_repeats_tag_cache_rule_and_vary_and_has_no_body() {
    let asked = [
        ("if-none-match", "\"page-gz\""),
        ("accept-encoding", "gzip"),
    ];
    let response = send(Method::GET, "/admin/keys", &asked);
    let headers = response.headers();
    assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
    assert!(response.body().is_empty());
    assert_eq!(value(headers, header::ETAG), Some("\"page-gz\""));
    assert_eq!(value(headers, header::CACHE_CONTROL), Some("no-cache"));
    assert_eq!(value(headers, header::VARY), Some("accept-encoding"));
    assert_eq!(value(headers, header::CONTENT_TYPE), None);
    assert_eq!(value(headers, header::CONTENT_LENGTH), None);
}

#[test]
fn a_star_does_not_turn_a_missing_file_into_304() {
    let response = send(Method::GET, "/nothing", &[("if-none-match", "*")]);
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
}

#[test]
fn sends_the_whole_file_when_asked_for_a_range() {
    let response = send(Method::GET, SCRIPT, &[("range", "bytes=0-1")]);
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(*response.body(), b"script");
    assert_eq!(
        value(response.headers(), header::ACCEPT_RANGES),
        Some("none")
    );
}

#[test]
fn every_answer_is_confined_and_lets_no_other_origin_in() {
    let known = [("if-none-match", "*"), ("origin", "https://evil.example")];
    let answers = [
        get("/"),
        get(SCRIPT),
        get("/nothing"),
        get("/a%"),
        send(Method::POST, "/", &[]),
        send(Method::HEAD, "/", &[]),
        send(Method::GET, "/", &known),
        send(Method::OPTIONS, "/", &known),
    ];
    for response in answers {
        let headers = response.headers();
        let expected = [
            ("content-security-policy", CONTENT_SECURITY_POLICY),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("permissions-policy", PERMISSIONS_POLICY),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
        ];
        for (name, want) in expected {
            assert_eq!(headers.get(name).unwrap(), want, "{}", response.status());
        }
        let open = headers
            .keys()
            .find(|n| n.as_str().starts_with("access-control-"));
        assert_eq!(open, None);
    }
}

#[test]
fn errors_are_short_text_that_is_not_kept() {
    for response in [get("/nothing"), get("/a%"), send(Method::PUT, "/", &[])] {
        let headers = response.headers();
        assert_eq!(value(headers, header::CACHE_CONTROL), Some("no-store"));
        assert_eq!(
            value(headers, header::CONTENT_TYPE),
            Some("text/plain; charset=utf-8")
        );
        assert!(response.body().ends_with(b".\n") || response.body().ends_with(b"/\n"));
    }
}

#[test]
fn the_embedded_table_is_sorted_and_has_the_page_if_it_has_anything() {
    let paths: Vec<_> = crate::site::EMBEDDED
        .assets
        .iter()
        .map(|a| a.path)
        .collect();
    assert!(paths.is_sorted());
    assert!(paths.is_empty() || crate::site::EMBEDDED.find("index.html").is_some());
}
