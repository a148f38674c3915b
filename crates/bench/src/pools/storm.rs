//! Every key refuses every call: how often the upstream is bothered, and how soon there is an answer again.
//!
//! The refusals ask to wait for longer than the storm lasts, so that it is known when the first key may come back.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result;
use http::StatusCode;
use serde::Serialize;

use super::by_keys::Running;
use super::upstream::Upstream;
use crate::cli::Options;
use crate::stopwatch::Stopwatch;
use crate::timeline::{self, Exchange, Outcome, Timeline};

/// Connections that keep asking.
const CONNECTIONS: usize = 16;

/// How much longer than the storm the refusals ask to wait.
const HINT_BEYOND_STORM: Duration = Duration::from_secs(2);

/// How long to wait for an answer after the first key may return. Keys come back spread over some seconds, one trial
/// each; what takes longer than this is reported as never.
const RECOVERY_LIMIT: Duration = Duration::from_secs(15);

/// How often to look.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// What came of a storm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Storm {
    pub(super) keys: usize,
    pub(super) seconds: f64,
    /// Asked during the storm and answered, however.
    pub(super) admitted: u64,
    /// Of these, by status; 0 is a broken connection.
    pub(super) by_status: BTreeMap<u16, u64>,
    pub(super) upstream_calls: u64,
    pub(super) calls_per_admitted: f64,
    /// From the time at which the first key might be used again to the end of the first complete answer.
    pub(super) first_success_ms: Option<f64>,
}

/// When things happened, by the stopwatch of the timeline.
#[derive(Clone, Copy, Debug)]
struct Course {
    /// The upstream began to answer.
    lifted: Duration,
    /// The first key might be used again.
    first_return: Duration,
}

/// Raises a storm, lets it pass, and waits for the first answer.
///
/// Not for the last refusal: the refusals name a limit of requests per minute, which gempool keeps to from then on.
pub(super) async fn measure(
    pool: &Running,
    upstream: &Upstream,
    options: &Options,
) -> Result<Storm> {
    let time = options.storm();
    let hint = time + HINT_BEYOND_STORM;
    let question = pool.question()?;
    let timeline = Timeline::default();
    let calls_before = upstream.calls().await?;
    upstream.refuse(hint.as_secs_f64()).await?;
    let clock = Stopwatch::start();
    let events = async {
        tokio::time::sleep(time).await;
        upstream.answer().await?;
        let lifted = clock.elapsed();
        let calls = upstream.calls().await?.saturating_sub(calls_before);
        // A key that was not asked yet is as good as ever.
        let all_asked = usize::try_from(calls).is_ok_and(|calls| calls >= pool.keys());
        let first_return = if all_asked { hint } else { lifted };
        let first_return = first_return.max(lifted);
        let course = Course {
            lifted,
            first_return,
        };
        while clock.elapsed() < first_return + RECOVERY_LIMIT {
            if first_success(&timeline.borrow(), course).is_some() {
                break;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok((course, calls))
    };
    let (course, calls) =
        timeline::record(&question, CONNECTIONS, clock, &timeline, events).await?;
    Ok(summarize(pool.keys(), &timeline.borrow(), course, calls))
}

/// The first complete answer since a key may be used again. Exchanges come in the order of their ends.
fn first_success(exchanges: &[Exchange], course: Course) -> Option<&Exchange> {
    let first = exchanges.partition_point(|exchange| exchange.end < course.first_return);
    let mut since = exchanges.iter().skip(first);
    since.find(|exchange| exchange.outcome == Outcome::Complete)
}

fn summarize(keys: usize, exchanges: &[Exchange], course: Course, upstream_calls: u64) -> Storm {
    let mut by_status: BTreeMap<u16, u64> = BTreeMap::new();
    let mut admitted = 0_u64;
    for exchange in exchanges {
        // What was asked before and answered after waited out the storm, and was admitted all the same.
        if exchange.start < course.lifted {
            admitted += 1;
            *by_status.entry(status(exchange.outcome)).or_default() += 1;
        }
    }
    let first_success = first_success(exchanges, course)
        .map(|exchange| exchange.end.saturating_sub(course.first_return));
    Storm {
        keys,
        seconds: course.lifted.as_secs_f64(),
        admitted,
        by_status,
        upstream_calls,
        calls_per_admitted: upstream_calls as f64 / admitted.max(1) as f64,
        first_success_ms: first_success.map(|time| time.as_secs_f64() * 1_000.0),
    }
}

fn status(outcome: Outcome) -> u16 {
    match outcome {
        Outcome::Complete => StatusCode::OK.as_u16(),
        Outcome::Refused(status) => status.as_u16(),
        Outcome::Broken => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFUSED: Outcome = Outcome::Refused(StatusCode::TOO_MANY_REQUESTS);

    fn exchange(start_ms: u64, end_ms: u64, outcome: Outcome) -> Exchange {
        Exchange {
            start: Duration::from_millis(start_ms),
            end: Duration::from_millis(end_ms),
            outcome,
        }
    }

    const COURSE: Course = Course {
        lifted: Duration::from_millis(1_000),
        first_return: Duration::from_millis(3_000),
    };

    #[test]
    fn counts_what_was_asked_during_the_storm_and_times_from_the_first_return() {
        let exchanges = [
            exchange(0, 10, REFUSED),
            exchange(10, 20, REFUSED),
            exchange(1_500, 1_510, REFUSED),
            // It waited out the storm.
            exchange(30, 3_200, Outcome::Complete),
            exchange(3_300, 3_400, REFUSED),
            exchange(3_400, 4_500, Outcome::Complete),
        ];
        let storm = summarize(10, &exchanges, COURSE, 6);
        assert_eq!(storm.admitted, 3);
        assert_eq!(storm.by_status, BTreeMap::from([(200, 1), (429, 2)]));
        assert!((storm.calls_per_admitted - 2.0).abs() < 1e-9);
        assert_eq!(storm.first_success_ms, Some(200.0));
    }

    #[test]
    fn what_never_gets_well_has_no_time_of_it() {
        let exchanges = [exchange(0, 10, REFUSED), exchange(17_000, 17_900, REFUSED)];
        let storm = summarize(10, &exchanges, COURSE, 2);
        assert_eq!(storm.first_success_ms, None);
    }
}
