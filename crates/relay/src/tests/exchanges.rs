//! What every dialect's exchange gets: several calls, kept signatures, early heartbeats.

use std::rc::Rc;
use std::time::Duration;

use gempool_translate::{
    AnswerMeta, CallSignature, Exchange, InvalidRequest, JSON, Method, Plan, Signing, Target,
    UnaryAnswer, UpstreamFault, Usage,
};

use super::{
    answer, client, drain, error, event, gateway, identify, minute_quota, open_stream, shown, unary,
};
use crate::fakes::{FakeHost, Piece, Scripted};
use crate::{Failure, Gateway, OwnedExchange, Reply, exchange};

/// An exchange of a few calls, which shows what it was told.
struct Calls {
    count: usize,
    asks_for: Vec<&'static str>,
}

impl Exchange for Calls {
    fn model(&self) -> &'static str {
        "gemini-3-flash"
    }

    fn unsigned_calls(&self) -> Vec<&str> {
        self.asks_for.clone()
    }

    fn plan(&self, target: &Target<'_>) -> Result<Plan, InvalidRequest> {
        let bodies = (0..self.count).map(|position| {
            let known: Vec<String> = target.signatures.values().cloned().collect();
            let signing = target.signing;
            format!("{position} {signing:?} {}", known.join(",")).into_bytes()
        });
        Ok(Plan {
            method: Method::BatchEmbed,
            bodies: bodies.collect(),
            signed: target.signing == Signing::Kept,
        })
    }

    fn render(&self, answers: &[&[u8]], _: &AnswerMeta) -> Result<UnaryAnswer, UpstreamFault> {
        Ok(UnaryAnswer {
            body: answers.concat(),
            content_type: JSON,
            usage: Usage::default(),
            empty: false,
            signatures: vec![CallSignature {
                call_id: "call_1".to_owned(),
                signature: "sig-1".to_owned(),
            }],
        })
    }
}

fn run(
    host: &FakeHost,
    gateway: &Rc<Gateway>,
    client_key: &str,
    calls: Calls,
) -> Result<String, Failure> {
    let client = identify(host, gateway, client_key).unwrap().unwrap();
    let request = OwnedExchange::read("".into(), |_| Ok(Box::new(calls)))?;
    match host.run(exchange(gateway, client, request))? {
        Reply::Whole { body, length, .. } => {
            let (text, broken) = drain(host, body);
            assert_eq!((text.len(), broken), (length, false));
            Ok(text)
        }
        Reply::Stream { .. } => panic!("streamed"),
    }
}

fn bodies(host: &FakeHost) -> Vec<String> {
    host.sent().into_iter().map(|sent| sent.body).collect()
}

fn one() -> Calls {
    Calls {
        count: 1,
        asks_for: Vec::new(),
    }
}

#[test]
fn several_calls_are_answered_in_their_order_whichever_comes_first() {
    let mut slow = Scripted::whole(200, "first ");
    slow.delay = Duration::from_secs(3);
    let host = FakeHost::new([
        slow,
        Scripted::whole(200, "second "),
        Scripted::whole(200, "third"),
    ]);
    let gateway = gateway(&host, &[]);
    let calls = Calls {
        count: 3,
        asks_for: Vec::new(),
    };
    let text = run(&host, &gateway, "sk-pool-test", calls).unwrap();
    assert_eq!(text, "first second third");
    let url = &host.sent()[0].url;
    assert!(url.ends_with("gemini-3-flash:batchEmbedContents"), "{url}");
}

#[test]
fn one_call_of_several_that_fails_for_good_fails_the_request() {
    let host = FakeHost::new([
        Scripted::whole(200, "first"),
        error(400, "INVALID_ARGUMENT", "no"),
    ]);
    let gateway = gateway(&host, &[]);
    let calls = Calls {
        count: 2,
        asks_for: Vec::new(),
    };
    let failure = run(&host, &gateway, "sk-pool-test", calls).unwrap_err();
    assert_eq!(failure.status().as_u16(), 400);
    assert_eq!(host.open_bodies(), 0);
}

#[test]
fn a_refused_signature_is_replaced_once_with_the_same_key_3_8() {
    let refusal = || error(400, "INVALID_ARGUMENT", "Corrupted thought signature.");
    let host = FakeHost::new([refusal(), Scripted::whole(200, "ok")]);
    let gateway = gateway(&host, &[]);
    assert_eq!(run(&host, &gateway, "sk-pool-test", one()).unwrap(), "ok");
    assert_eq!(bodies(&host), ["0 Kept ", "0 Replaced "]);
    let keys = super::keys_used(&host);
    assert_eq!(keys[0], keys[1]);

    // Once: a second refusal is the client's to hear.
    let host = FakeHost::new([refusal(), refusal(), Scripted::whole(200, "never")]);
    let gateway = super::gateway(&host, &[]);
    let failure = run(&host, &gateway, "sk-pool-test", one()).unwrap_err();
    assert_eq!(failure.status().as_u16(), 400);
    assert_eq!(host.sent().len(), 2);
}

#[test]
fn signatures_come_back_to_the_client_they_were_made_for_and_to_no_other_3_5() {
    let host = FakeHost::new([]);
    let keys = [("valid_auth_tokens", "client-a,client-b")];
    let gateway = gateway(&host, &keys);
    let ask = |gateway: &Rc<Gateway>, client: &str| {
        host.then(Scripted::whole(200, "ok"));
        let calls = Calls {
            count: 1,
            asks_for: vec!["call_0", "call_1"],
        };
        run(&host, gateway, client, calls).unwrap();
        bodies(&host).pop().unwrap()
    };
    assert_eq!(ask(&gateway, "client-b"), "0 Kept ");
    assert_eq!(ask(&gateway, "client-b"), "0 Kept sig-1");
    assert_eq!(ask(&gateway, "client-a"), "0 Kept ");
    // Another instance, with an empty memory, finds it in the store.
    let other = super::gateway(&host, &keys);
    assert_eq!(ask(&other, "client-b"), "0 Kept sig-1");
    // A store that is away costs the signature and nothing else.
    let third = super::gateway(&host, &keys);
    host.store_away.set(true);
    assert_eq!(ask(&third, "client-b"), "0 Kept ");
}

#[test]
fn what_signatures_take_in_the_store_is_bounded() {
    let host = FakeHost::new([]);
    let gateway = gateway(&host, &[]);
    let client = client(&host, &gateway);
    for number in 0..1_500 {
        let signatures = vec![CallSignature {
            call_id: format!("call_{number}"),
            signature: "s".repeat(16 * 1024),
        }];
        let write = gateway.signatures.keep(&gateway, client.id, signatures);
        host.run(write.unwrap());
    }
    let documents = host.documents.borrow();
    assert!(documents.len() <= 256, "{}", documents.len());
    let largest = documents.values().map(Vec::len).max().unwrap();
    assert!(largest <= 64 * 1024, "{largest}");
}

#[test]
fn a_stream_that_takes_long_begins_with_heartbeats_and_still_changes_keys() {
    let mut late = minute_quota("30s");
    late.delay = Duration::from_secs(25);
    let mut second = Scripted::pieces(200, vec![Piece::Bytes(event("hello", Some("STOP")))]);
    second.delay = Duration::from_secs(12);
    let host = FakeHost::new([late, second]);
    let gateway = gateway(&host, &[("first_byte_timeout_ms", "60000")]);
    let body = open_stream(&host, &gateway).unwrap();
    assert_eq!(
        host.sent().len(),
        1,
        "the stream has begun before the answer"
    );
    let (text, broken) = drain(&host, body);
    // At 20 s, then every 5 s until the answer at 37 s.
    assert!(text.starts_with(&": ping\n\n".repeat(4)), "{text}");
    assert!(text.contains("hello") && text.ends_with("data: [DONE]\n\n") && !broken);
    assert_eq!(host.sent().len(), 2);
}

#[test]
fn a_stream_that_was_begun_early_ends_with_an_error_event_when_all_keys_fail() {
    let mut late = error(400, "INVALID_ARGUMENT", "no such thing");
    late.delay = Duration::from_secs(22);
    let host = FakeHost::new([late]);
    let gateway = gateway(&host, &[]);
    let body = open_stream(&host, &gateway).unwrap();
    let (text, broken) = drain(&host, body);
    assert!(
        text.contains(r#""error":{"message":"no such thing""#),
        "{text}"
    );
    assert!(broken && !text.contains("[DONE]"), "{text}");
}

#[test]
fn a_client_that_leaves_before_the_answer_ends_the_call() {
    let mut late = Scripted::whole(200, answer("late"));
    late.delay = Duration::from_secs(50);
    let host = FakeHost::new([late]);
    let gateway = gateway(&host, &[]);
    let body = open_stream(&host, &gateway).unwrap();
    drop(body);
    assert_eq!(host.open_bodies(), 0);
    let status = shown(&host, &gateway);
    assert_eq!(status["keyPool"]["availableKeys"], 2);
}

#[test]
fn a_stream_made_of_a_whole_answer_loses_nothing_x15() {
    let host = FakeHost::new([Scripted::whole(200, answer("all of it"))]);
    let gateway = gateway(&host, &[("fake_streaming", "on")]);
    let body = open_stream(&host, &gateway).unwrap();
    let (text, broken) = drain(&host, body);
    assert!(
        text.contains("all of it") && text.ends_with("data: [DONE]\n\n"),
        "{text}"
    );
    assert!(!broken);
    assert!(host.sent()[0].url.ends_with(":generateContent"));
    // Whole answers stay whole.
    host.then(Scripted::whole(200, answer("whole")));
    assert!(unary(&host, &gateway).unwrap().contains("whole"));
}

#[test]
fn an_answer_that_breaks_off_is_gone_on_with_where_that_is_wanted() {
    let half = || Scripted::pieces(200, vec![Piece::Bytes(event("one, t", None)), Piece::Reset]);
    let rest = || Scripted::pieces(200, vec![Piece::Bytes(event("wo", Some("STOP")))]);
    let host = FakeHost::new([half(), rest()]);
    let gateway = gateway(&host, &[("continuations", "2")]);
    let body = open_stream(&host, &gateway).unwrap();
    let (text, broken) = drain(&host, body);
    assert!(!broken && text.ends_with("data: [DONE]\n\n"), "{text}");
    let first = text.find("one, t").unwrap();
    assert!(first < text.find(r#""wo""#).unwrap());
    assert_eq!(
        text.matches(r#""role":"assistant""#).count(),
        1,
        "one answer"
    );
    let again = host.sent().remove(1).body;
    assert!(
        again.contains(r#"{"role":"model","parts":[{"text":"one, t"}]}"#),
        "{again}"
    );

    // By default a broken answer is a broken answer.
    let host = FakeHost::new([half(), rest()]);
    let body = open_stream(&host, &super::gateway(&host, &[])).unwrap();
    assert!(drain(&host, body).1);
    assert_eq!(host.sent().len(), 1);
}

#[test]
fn continuations_are_bounded_and_the_cut_is_then_told() {
    let cut = || Scripted::pieces(200, vec![Piece::Bytes(event("a", Some("MAX_TOKENS")))]);
    let host = FakeHost::new([cut(), cut(), cut(), cut()]);
    let gateway = gateway(&host, &[("continuations", "2")]);
    let client = client(&host, &gateway);
    let ask = |limit: &str| {
        let body = format!(
            r#"{{"model":"gemini-2.5-flash","stream":true,"stream_options":{{"include_usage":true}},"messages":[{{"role":"user","content":"hi"}}]{limit}}}"#
        );
        let request = OwnedExchange::read(body.into(), |body| {
            Ok(Box::new(gempool_translate::ChatRequest::parse(body)?))
        })
        .unwrap();
        match host
            .run(exchange(&gateway, client.clone(), request))
            .unwrap()
        {
            Reply::Stream { body, .. } => drain(&host, body),
            Reply::Whole { .. } => panic!("whole"),
        }
    };
    // The stream of one piece is over before its head is sent, so the head goes on, too.
    let (text, broken) = ask("");
    assert!(
        !broken && text.contains(r#""finish_reason":"length""#),
        "{text}"
    );
    assert!(text.contains(r#""continuations":2"#), "{text}");
    assert_eq!(host.sent().len(), 3);

    // A limit that the client set is one that it wants.
    let (text, _) = ask(r#","max_tokens":5"#);
    assert!(text.contains(r#""finish_reason":"length""#) && !text.contains("continuations"));
    assert_eq!(host.sent().len(), 4);
}
