//! The store goes away under load and comes back: what requests notice of it.

use std::time::Duration;

use anyhow::{Context, Result};
use gempool_redis_fixture::Server;
use serde::Serialize;

use crate::cli::Options;
use crate::matrix::median;
use crate::stopwatch::Stopwatch;
use crate::timeline::{self, Exchange, Outcome, Timeline};
use crate::workload::Prepared;

/// Connections that keep asking.
const CONNECTIONS: usize = 16;

/// How much slower than usual a request must be to count as one that waited for the store.
const WAITED: Duration = Duration::from_millis(100);

/// How the store goes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// It takes connections and commands, and answers nothing (SIGSTOP).
    Frozen,
    /// It is gone (SIGKILL), and is started again on its data.
    Killed,
}

/// What requests noticed, from the beginning of the outage to some time after it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(super) struct Outage {
    pub(super) kind: Kind,
    pub(super) seconds: f64,
    pub(super) requests: usize,
    /// Refused or broken.
    pub(super) failed: usize,
    /// Before the outage.
    pub(super) usual_p50_ms: f64,
    pub(super) p50_ms: f64,
    /// The slowest, over the usual p50.
    pub(super) worst_added_ms: f64,
    /// Requests that waited for the store.
    pub(super) waited: usize,
    /// Times at which some waited: waits that overlap are one.
    pub(super) waits: usize,
}

/// When the store went, by the stopwatch of the timeline, and for how long.
#[derive(Clone, Copy, Debug)]
struct Course {
    /// Answers before were given by a process that was not warm.
    warm: Duration,
    gone: Duration,
    back: Duration,
}

/// Takes the store away in both ways, one after the other.
pub(super) async fn measure(
    mut server: Server,
    question: &Prepared,
    options: &Options,
    mut progress: impl FnMut(&str) -> Result<()>,
) -> Result<Vec<Outage>> {
    let mut outages = Vec::new();
    for kind in [Kind::Frozen, Kind::Killed] {
        progress(&format!("Redis is {kind:?}"))?;
        let timeline = Timeline::default();
        let clock = Stopwatch::start();
        let events = pass(kind, server, clock, options);
        let (same, course) =
            timeline::record(question, CONNECTIONS, clock, &timeline, events).await?;
        server = same;
        let outage = summarize(kind, &timeline.borrow(), course);
        outages.push(outage.context("nothing was answered before the outage")?);
    }
    Ok(outages)
}

/// One outage, with time before and after it.
async fn pass(
    kind: Kind,
    server: Server,
    clock: Stopwatch,
    options: &Options,
) -> Result<(Server, Course)> {
    tokio::time::sleep(options.warm_up()).await;
    let warm = clock.elapsed();
    tokio::time::sleep(options.time()).await;
    let gone = clock.elapsed();
    let server = away_from_load(server, move |server| match kind {
        Kind::Frozen => server.freeze(),
        Kind::Killed => server.kill(),
    })
    .await?;
    tokio::time::sleep(options.outage()).await;
    let server = away_from_load(server, move |server| match kind {
        Kind::Frozen => server.thaw(),
        Kind::Killed => server.start_again(),
    })
    .await?;
    let back = clock.elapsed();
    tokio::time::sleep(options.time().max(options.warm_up())).await;
    Ok((server, Course { warm, gone, back }))
}

/// On another thread, because it waits for the server, and the load must not.
async fn away_from_load(
    mut server: Server,
    act: impl FnOnce(&mut Server) + Send + 'static,
) -> Result<Server> {
    let acted = tokio::task::spawn_blocking(move || {
        act(&mut server);
        server
    });
    acted.await.context("the server cannot be controlled")
}

fn summarize(kind: Kind, exchanges: &[Exchange], course: Course) -> Option<Outage> {
    let latencies = |from: Duration, to: Duration| {
        let within = exchanges
            .iter()
            .filter(move |exchange| exchange.start >= from && exchange.end <= to);
        within.map(|exchange| exchange.latency())
    };
    latencies(course.warm, course.gone).next()?;
    let usual_ms = median(latencies(course.warm, course.gone).map(milliseconds));
    let noticed: Vec<&Exchange> = exchanges
        .iter()
        .filter(|exchange| exchange.end >= course.gone)
        .collect();
    let slow_ms = usual_ms + milliseconds(WAITED);
    let is_slow = |exchange: &&&Exchange| milliseconds(exchange.latency()) > slow_ms;
    let slow: Vec<&Exchange> = noticed.iter().filter(is_slow).copied().collect();
    let worst = noticed.iter().map(|exchange| exchange.latency()).max();
    let failed = noticed
        .iter()
        .filter(|exchange| exchange.outcome != Outcome::Complete);
    Some(Outage {
        kind,
        seconds: course.back.saturating_sub(course.gone).as_secs_f64(),
        requests: noticed.len(),
        failed: failed.count(),
        usual_p50_ms: usual_ms,
        p50_ms: median(
            noticed
                .iter()
                .map(|exchange| milliseconds(exchange.latency())),
        ),
        worst_added_ms: (milliseconds(worst.unwrap_or_default()) - usual_ms).max(0.0),
        waited: slow.len(),
        waits: count_waits(&slow),
    })
}

/// Groups of exchanges that overlap in time.
fn count_waits(slow: &[&Exchange]) -> usize {
    let mut times: Vec<(Duration, Duration)> = slow
        .iter()
        .map(|exchange| (exchange.start, exchange.end))
        .collect();
    times.sort();
    let mut waits = 0;
    let mut until = Duration::ZERO;
    for (start, end) in times {
        if waits == 0 || start > until {
            waits += 1;
        }
        until = until.max(end);
    }
    waits
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(start_ms: u64, end_ms: u64, outcome: Outcome) -> Exchange {
        Exchange {
            start: Duration::from_millis(start_ms),
            end: Duration::from_millis(end_ms),
            outcome,
        }
    }

    const COURSE: Course = Course {
        warm: Duration::from_millis(1_000),
        gone: Duration::from_millis(2_000),
        back: Duration::from_millis(5_000),
    };

    #[test]
    fn waits_that_overlap_are_one_and_what_failed_is_counted() {
        let exchanges = [
            // Before all was warm.
            exchange(0, 900, Outcome::Complete),
            exchange(1_100, 1_102, Outcome::Complete),
            exchange(1_900, 2_400, Outcome::Complete),
            exchange(1_950, 2_410, Outcome::Complete),
            exchange(3_000, 3_003, Outcome::Broken),
            exchange(4_000, 4_200, Outcome::Complete),
        ];
        let outage = summarize(Kind::Frozen, &exchanges, COURSE).unwrap();
        assert_eq!((outage.requests, outage.failed), (4, 1));
        assert_eq!((outage.waited, outage.waits), (3, 2));
        assert!((outage.usual_p50_ms - 2.0).abs() < 1e-9);
        assert!((outage.worst_added_ms - 498.0).abs() < 1e-9);
        assert!((outage.seconds - 3.0).abs() < 1e-9);
    }

    #[test]
    fn without_answers_before_there_is_nothing_to_compare_with() {
        let exchanges = [exchange(2_100, 2_200, Outcome::Complete)];
        assert_eq!(summarize(Kind::Killed, &exchanges, COURSE), None);
    }
}
