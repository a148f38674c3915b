//! Requests whose length two readers could understand differently (SEC-063): one answer at most, the
//! hidden second request is never carried out, and what goes upstream is framed by us.

use crate::support::chat;
use crate::support::client::CHAT;
use crate::support::raw_tcp::RawConnection;
use crate::support::scene::Scene;
use crate::support::secrets::CLIENT_KEYS;
use crate::support::upstream::header_values;

/// A whole request that asks for something recognizable.
fn hidden() -> String {
    format!(
        "GET /v1/models HTTP/1.1\r\nHost: pool\r\nAuthorization: Bearer {}\r\n\r\n",
        CLIENT_KEYS[0]
    )
}

/// A chat request with these framing headers and this body.
fn request(framing: &str, body: &str) -> String {
    format!(
        "POST {CHAT} HTTP/1.1\r\nHost: pool\r\nAuthorization: Bearer {}\r\n{framing}\r\n{body}",
        CLIENT_KEYS[0]
    )
}

#[tokio::test]
async fn ambiguous_framing_is_refused_and_hides_no_second_request() {
    let scene = Scene::start().await;
    let json = chat::unary().to_string();
    let chunked = format!("{:x}\r\n{json}\r\n0\r\n\r\n", json.len());
    let plain = json.len();
    let cases = [
        (
            "two lengths",
            format!("Content-Length: {plain}\r\nContent-Length: 0\r\n"),
            json.clone(),
        ),
        (
            "a list of lengths",
            format!("Content-Length: {plain}, 0\r\n"),
            json.clone(),
        ),
        (
            "a signed length",
            format!("Content-Length: +{plain}\r\n"),
            json.clone(),
        ),
        (
            "a hexadecimal length",
            format!("Content-Length: 0x{plain:x}\r\n"),
            json.clone(),
        ),
        (
            "a negative length",
            "Content-Length: -1\r\n".to_owned(),
            json.clone(),
        ),
        (
            "an endless length",
            "Content-Length: 99999999999999999999999\r\n".to_owned(),
            json.clone(),
        ),
        (
            "chunks, then identity",
            "Transfer-Encoding: chunked, identity\r\n".to_owned(),
            chunked.clone(),
        ),
        (
            "an unknown coding",
            "Transfer-Encoding: xchunked\r\n".to_owned(),
            chunked.clone(),
        ),
        (
            "a coding after a tab",
            "Transfer-Encoding:\tidentity\r\n".to_owned(),
            chunked.clone(),
        ),
        (
            "a folded header",
            "Transfer-Encoding:\r\n chunked\r\n".to_owned(),
            chunked.clone(),
        ),
        (
            "a space before the colon",
            "Transfer-Encoding : chunked\r\n".to_owned(),
            chunked.clone(),
        ),
        (
            "a null in a value",
            "X-A: b\0c\r\nContent-Length: 0\r\n".to_owned(),
            String::new(),
        ),
        (
            "a bare return in a value",
            "X-A: b\rTransfer-Encoding: chunked\r\n".to_owned(),
            chunked.clone(),
        ),
        (
            "a chunk size with a sign",
            "Transfer-Encoding: chunked\r\n".to_owned(),
            format!("+{chunked}"),
        ),
        (
            "a chunk size too long",
            "Transfer-Encoding: chunked\r\n".to_owned(),
            format!("{}{chunked}", "1".repeat(17)),
        ),
        (
            "a chunk longer than its size",
            "Transfer-Encoding: chunked\r\n".to_owned(),
            format!("1\r\n{json}\r\n0\r\n\r\n"),
        ),
    ];
    for (what, framing, body) in cases {
        scene.sim().clear();
        let mut connection = RawConnection::open(scene.addr()).await;
        connection.send(request(&framing, &body) + &hidden()).await;
        let answer = connection.read_to_close().await;
        let statuses = connection.statuses();
        assert!(
            [vec![], vec![400], vec![501]].contains(&statuses),
            "{what}: {statuses:?}\n{answer}"
        );
        let upstream = scene.sim().requests();
        assert!(
            upstream.is_empty(),
            "{what}: {} requests went upstream",
            upstream.len()
        );
    }
}

/// RFC 9112 §6.1 lets a server read such a request by its chunks if it then closes the connection.
#[tokio::test]
async fn a_length_beside_chunks_ends_the_connection_after_one_request() {
    let scene = Scene::start().await;
    let json = chat::unary().to_string();
    let chunked = format!("{:x}\r\n{json}\r\n0\r\n\r\n", json.len());
    let short = "Content-Length: 0\r\n".to_owned();
    let plain = format!("Content-Length: {}\r\n", json.len());
    let beyond = format!("Content-Length: {}\r\n", chunked.len() + hidden().len());
    let coding = "Transfer-Encoding: chunked\r\n";
    for length in [short, plain, beyond] {
        for framing in [format!("{length}{coding}"), format!("{coding}{length}")] {
            scene.sim().clear();
            let mut connection = RawConnection::open(scene.addr()).await;
            connection
                .send(request(&framing, &chunked) + &hidden())
                .await;
            let answer = connection.read_to_close().await;
            let statuses = connection.statuses();
            assert!(
                [vec![200], vec![400]].contains(&statuses),
                "{framing}: {statuses:?}\n{answer}"
            );
            let upstream = scene.sim().requests();
            assert_eq!(
                upstream.len(),
                scene.generations().len(),
                "{framing}: the hidden request was carried out"
            );
            assert!(
                upstream.len() <= 1,
                "{framing}: {} requests went upstream",
                upstream.len()
            );
        }
    }
}

#[tokio::test]
async fn old_or_foreign_protocols_are_refused() {
    let scene = Scene::start().await;
    let json = chat::unary().to_string();
    let chunked = format!("{:x}\r\n{json}\r\n0\r\n\r\n", json.len());
    let old = request("Transfer-Encoding: chunked\r\n", &chunked).replace("HTTP/1.1", "HTTP/1.0");
    let tunnel =
        "CONNECT pool:443 HTTP/1.1\r\nHost: pool:443\r\nConnection: close\r\n\r\n".to_owned();
    let future = listing("Host: pool\r\n").replacen("HTTP/1.1", "HTTP/1.2", 1);
    for (what, bytes) in [
        ("chunks in HTTP/1.0", old),
        ("a tunnel", tunnel),
        ("a version to come", future),
        ("no HTTP at all", "EHLO pool\r\n\r\n".to_owned()),
    ] {
        assert_refused(&scene, what, &bytes).await;
    }
}

/// RFC 9112 §3.2: a server must answer 400 to a request without exactly one `Host`.
#[tokio::test]
async fn a_request_names_exactly_one_host() {
    let scene = Scene::start().await;
    for (what, hosts) in [
        ("no host", ""),
        ("two hosts", "Host: pool\r\nHost: other\r\n"),
        ("a host with a path", "Host: pool/#@other\r\n"),
    ] {
        assert_refused(&scene, what, &listing(hosts)).await;
    }
}

/// A request that would reach the upstream, with these `Host` lines.
fn listing(hosts: &str) -> String {
    format!(
        "GET /v1/models HTTP/1.1\r\n{hosts}Authorization: Bearer {}\r\nConnection: close\r\n\r\n",
        CLIENT_KEYS[0]
    )
}

async fn assert_refused(scene: &Scene, what: &str, bytes: &str) {
    let mut connection = RawConnection::open(scene.addr()).await;
    connection.send(bytes).await;
    let answer = connection.read_to_close().await;
    let statuses = connection.statuses();
    let refused = statuses.len() <= 1 && statuses.iter().all(|status| (400..600).contains(status));
    assert!(refused, "{what}: {statuses:?}\n{answer}");
    assert!(scene.sim().requests().is_empty(), "{what} went upstream");
}

#[tokio::test]
async fn an_upgrade_that_nobody_offers_is_ignored() {
    let scene = Scene::start().await;
    let json = chat::unary().to_string();
    let framing = format!(
        "Content-Length: {}\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n",
        json.len()
    );
    let mut connection = RawConnection::open(scene.addr()).await;
    connection.send(request(&framing, &json)).await;
    let answer = connection.read_to_close().await;
    assert_eq!(connection.statuses(), [200], "{answer}");
    let calls = scene.generations();
    assert_eq!(calls.len(), 1);
    assert!(header_values(&calls[0], "upgrade").is_empty());
}

#[tokio::test]
async fn requests_on_one_connection_are_answered_one_after_another() {
    let scene = Scene::start().await;
    let json = chat::unary().to_string();
    let first = request(&format!("Content-Length: {}\r\n", json.len()), &json);
    let last = request(
        &format!("Content-Length: {}\r\nConnection: close\r\n", json.len()),
        &json,
    );
    let mut connection = RawConnection::open(scene.addr()).await;
    connection.send(format!("{first}{first}{last}")).await;
    connection.read_to_close().await;
    assert_eq!(connection.statuses(), [200, 200, 200]);
    assert_eq!(scene.generations().len(), 3);
}
