//! A load of which every exchange is noted with its times, while something happens to the target.
//!
//! Unlike `load` it takes refusals and broken connections for results, not for failures of the measurement.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Result, ensure};
use http::StatusCode;
use tokio::task::{JoinSet, LocalSet};

use crate::caller::Caller;
use crate::stopwatch::Stopwatch;
use crate::workload::Prepared;

/// Exchanges of one timeline: ten minutes at ten thousand a second, 40 bytes each.
const MAX_EXCHANGES: usize = 6_000_000;

/// Pause of a connection after it broke, so that a dead target does not spin the load generator.
const BROKEN_PAUSE: Duration = Duration::from_millis(10);

/// How long an answer may take after the end, before it counts as broken. A client would have given up long before.
const LAST_ANSWER_LIMIT: Duration = Duration::from_secs(15);

/// How an exchange ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// With the whole answer.
    Complete,
    /// With another status than 200.
    Refused(StatusCode),
    /// With a broken connection or an incomplete answer.
    Broken,
}

/// A request and what came of it, by the stopwatch of the run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exchange {
    pub(crate) start: Duration,
    pub(crate) end: Duration,
    pub(crate) outcome: Outcome,
}

impl Exchange {
    pub(crate) fn latency(&self) -> Duration {
        self.end.saturating_sub(self.start)
    }
}

/// Exchanges in the order of their ends.
pub(crate) type Timeline = Rc<RefCell<Vec<Exchange>>>;

/// Loads a target over some connections for as long as `events` takes, and waits for the answers that are on their
/// way then. `timeline` can be looked at meanwhile.
pub(crate) async fn record<T>(
    prepared: &Prepared,
    connections: usize,
    clock: Stopwatch,
    timeline: &Timeline,
    events: impl Future<Output = Result<T>>,
) -> Result<T> {
    let is_over = Rc::new(Cell::new(false));
    let tasks = LocalSet::new();
    tasks
        .run_until(async {
            let mut loops = JoinSet::new();
            for _ in 0..connections {
                let prepared = prepared.clone();
                let timeline = Rc::clone(timeline);
                let is_over = Rc::clone(&is_over);
                loops.spawn_local(async move {
                    while !is_over.get() {
                        if !ask_until(&prepared, clock, &timeline, &is_over).await {
                            tokio::time::sleep(BROKEN_PAUSE).await;
                        }
                    }
                });
            }
            let found = events.await;
            is_over.set(true);
            let ended_at = clock.elapsed();
            let ending = async { while loops.join_next().await.is_some() {} };
            if tokio::time::timeout(LAST_ANSWER_LIMIT, ending)
                .await
                .is_err()
            {
                let never_answered = loops.len();
                loops.abort_all();
                let broken = Exchange {
                    start: ended_at,
                    end: clock.elapsed(),
                    outcome: Outcome::Broken,
                };
                let broken = std::iter::repeat_n(broken, never_answered);
                timeline.borrow_mut().extend(broken);
            }
            ensure!(
                timeline.borrow().len() < MAX_EXCHANGES,
                "more than {MAX_EXCHANGES} exchanges: measure for a shorter time"
            );
            found
        })
        .await
}

/// Asks over one connection until it breaks or all is over; `false` when it broke.
async fn ask_until(
    prepared: &Prepared,
    clock: Stopwatch,
    timeline: &Timeline,
    is_over: &Cell<bool>,
) -> bool {
    let mut start = clock.elapsed();
    let note = |start, outcome| {
        let end = clock.elapsed();
        let mut timeline = timeline.borrow_mut();
        if timeline.len() < MAX_EXCHANGES {
            timeline.push(Exchange {
                start,
                end,
                outcome,
            });
        }
    };
    let Ok(mut caller) = Caller::connect(prepared.address).await else {
        note(start, Outcome::Broken);
        return false;
    };
    while !is_over.get() {
        start = clock.elapsed();
        let outcome = match caller.ask(prepared, clock).await {
            Ok(reply) if reply.status != StatusCode::OK => Outcome::Refused(reply.status),
            Ok(_) if caller.is_complete(prepared) => Outcome::Complete,
            Ok(_) | Err(_) => Outcome::Broken,
        };
        note(start, outcome);
        if outcome == Outcome::Broken {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use gemini_sim::Sim;
    use serde_json::json;

    use super::*;
    use crate::workload::{self, Dialect, Mode};

    async fn outcomes(script: serde_json::Value) -> Vec<Outcome> {
        let sim = Sim::builder()
            .script(script)
            .start("127.0.0.1:0")
            .await
            .unwrap();
        let prepared = workload::prepare(sim.addr(), Dialect::Gemini, Mode::Unary).unwrap();
        let timeline = Timeline::default();
        let enough = async {
            while timeline.borrow().len() < 8 {
                tokio::task::yield_now().await;
            }
            Ok(())
        };
        record(&prepared, 2, Stopwatch::start(), &timeline, enough)
            .await
            .unwrap();
        timeline.borrow().iter().map(|it| it.outcome).collect()
    }

    #[tokio::test]
    async fn every_exchange_is_noted_with_how_it_ended() {
        let refused = Outcome::Refused(StatusCode::TOO_MANY_REQUESTS);
        let cases = [
            (json!([]), Outcome::Complete),
            (
                json!([{"then": {"respond": {"error": "rate_limited_minute"}}}]),
                refused,
            ),
            (
                json!([{"then": {"fault": {"kind": "end_after_bytes", "bytes": 100}}}]),
                Outcome::Broken,
            ),
            (
                json!([{"then": {"fault": {"kind": "reset_before_headers"}}}]),
                Outcome::Broken,
            ),
        ];
        for (script, expected) in cases {
            let found = outcomes(script.clone()).await;
            assert!(found.len() >= 8);
            assert!(found.iter().all(|it| *it == expected), "{script} {found:?}");
        }
    }
}
