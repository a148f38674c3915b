//! Ways to Gemini: which a key takes, what is sent along, and what a refusal of an address costs whom.

use std::rc::Rc;

use super::pools::{chat, gateway_with, ok};
use super::shelf::{self, CLIENT, put_client, put_pool};
use super::{error, shown};
use crate::Gateway;
use crate::fakes::FakeHost;

const EGRESSES: [(&str, &str); 4] = [
    ("gemini_base_url", "https://one.test"),
    ("egress_2_url", "https://two.test"),
    ("egress_2_path", "/gateway"),
    ("egress_2_headers", "X-Token: t0k3n"),
];

fn scene(host: &Rc<FakeHost>, keys: &str) -> Rc<Gateway> {
    put_pool(host, "team-a", keys, |_| {});
    put_client(host, "team-a", CLIENT, |_| {});
    gateway_with(host, &EGRESSES)
}

fn location() -> crate::fakes::Scripted {
    error(
        400,
        "FAILED_PRECONDITION",
        "User location is not supported for the API use.",
    )
}

#[test]
fn a_pinned_key_takes_its_way_with_that_ways_headers_and_path() {
    let host = FakeHost::new([ok(), ok()]);
    let gateway = scene(&host, "one");
    shelf::pin(&host, "team-a", "one", "egress-2");
    chat(&host, &gateway).unwrap();
    shelf::pin(&host, "team-a", "one", "default");
    host.pass(std::time::Duration::from_secs(2));
    chat(&host, &gateway).unwrap();
    let sent = host.sent();
    assert!(
        sent[0]
            .url
            .starts_with("https://two.test/gateway/v1beta/models/")
    );
    assert_eq!(sent[0].egress_headers, ["x-token: t0k3n"]);
    assert!(sent[1].url.starts_with("https://one.test/v1beta/models/"));
    assert!(sent[1].egress_headers.is_empty());
}

#[test]
fn a_refused_address_sends_keys_another_way_and_kills_none_flt6() {
    let host = FakeHost::new([location(), ok(), ok(), ok()]);
    let gateway = scene(&host, "one,two");
    for _ in 0..3 {
        chat(&host, &gateway).unwrap();
    }
    let sent = host.sent();
    let way = |at: usize| sent[at].url.get(..15).unwrap().to_owned();
    assert_ne!(way(0), way(1));
    assert_eq!((way(1), way(1)), (way(2), way(3)), "the refused way rests");
}

#[test]
fn with_one_address_that_is_refused_the_client_hears_it_and_no_key_is_blamed() {
    let host = FakeHost::new([location()]);
    let gateway = super::gateway(&host, &[]);
    let failure = super::unary(&host, &gateway).unwrap_err();
    assert_eq!(
        failure.to_error().code.as_deref(),
        Some("unsupported_location")
    );
    assert_eq!(shown(&host, &gateway)["keyPool"]["availableKeys"], 2);
}

#[test]
fn a_way_that_breaks_three_times_in_a_row_is_left_and_no_key_is_blamed_flt9() {
    let broken = || crate::fakes::Scripted::unreachable();
    let host = FakeHost::new([broken(), broken(), broken(), ok(), ok()]);
    let gateway = scene(&host, "one");
    assert!(chat(&host, &gateway).is_err(), "three attempts on one way");
    chat(&host, &gateway).unwrap();
    let sent = host.sent();
    let way = |at: usize| sent[at].url.get(..15).unwrap().to_owned();
    assert_eq!(way(0), way(2));
    assert_ne!(way(2), way(3), "the only key goes another way");
}
