//! Every key refuses: how much goes upstream, and what the pool's policy for emergencies does.

use std::time::Duration;

use super::pools::{chat, gateway};
use super::shelf::{CLIENT, put_client, put_pool};
use super::{answer, keys_used, minute_quota};
use crate::fakes::{FakeHost, Scripted};

#[test]
fn a_storm_of_limits_costs_at_most_a_fifth_more_calls_than_requests_flt2() {
    let host = FakeHost::new([]);
    let keys: Vec<String> = (0..100).map(|number| format!("key-{number}")).collect();
    put_pool(&host, "team-a", &keys.join(","), |_| {});
    put_client(&host, "team-a", CLIENT, |_| {});
    let gateway = gateway(&host);
    let requests = 3_000;
    for _ in 0..requests {
        for _ in 0..10 {
            host.then(minute_quota("10s"));
        }
        let before = host.sent().len();
        assert!(chat(&host, &gateway).is_err());
        assert!(host.sent().len() - before <= 3);
        host.pass(Duration::from_millis(20));
        host.forget_script();
    }
    let calls = host.sent().len();
    assert!(
        calls <= requests * 12 / 10,
        "{calls} calls for {requests} requests"
    );
}

#[test]
fn what_happens_when_every_key_rests_is_the_pools_decision() {
    for (emergency, asked) in [("fail", 2), ("probe-soonest", 3), ("reset", 3)] {
        let host = FakeHost::new([minute_quota("50s"), minute_quota("50s")]);
        put_pool(&host, "team-a", "one,two", |config| {
            config.policy.emergency = serde_json::from_value(emergency.into()).unwrap();
        });
        put_client(&host, "team-a", CLIENT, |_| {});
        let gateway = gateway(&host);
        let _ = chat(&host, &gateway);
        host.then(Scripted::whole(200, answer("ok")));
        let answered = chat(&host, &gateway);
        assert_eq!(answered.is_ok(), asked == 3, "{emergency}: {answered:?}");
        assert!(keys_used(&host).len() >= asked, "{emergency}");
    }
}
