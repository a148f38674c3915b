//! A closed loop of requests over a number of connections: each sends the next request when it has the
//! whole answer to the one before.
//!
//! It measures what is asked for and knows nothing of what it measures.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Result, bail};
use hdrhistogram::Histogram;
use http::StatusCode;
use tokio::task::{JoinSet, LocalSet};

use crate::caller::Caller;
use crate::stopwatch::Stopwatch;
use crate::workload::Prepared;

/// Significant digits of a histogram.
const DIGITS: u8 = 3;

/// What was measured. Times in nanoseconds.
#[derive(Debug)]
pub(crate) struct Measured {
    /// From the request to the end of the answer.
    pub(crate) latency: Histogram<u64>,
    /// From the request to the first text of the answer.
    pub(crate) first_text: Histogram<u64>,
    /// Complete answers.
    pub(crate) complete: u64,
    /// Answers that were refused, broken or incomplete.
    pub(crate) failed: u64,
    /// What the first failure was.
    pub(crate) failure: Option<String>,
}

impl Measured {
    fn new() -> Result<Self> {
        Ok(Self {
            latency: Histogram::new(DIGITS)?,
            first_text: Histogram::new(DIGITS)?,
            complete: 0,
            failed: 0,
            failure: None,
        })
    }
}

/// When things happen, by one stopwatch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    /// Answers that begin before this are not counted.
    pub(crate) warm_up: Duration,
    /// How long to measure after that.
    pub(crate) time: Duration,
}

/// Loads a target. `at_edge` is called when measuring begins and when it ends.
pub(crate) async fn run(
    prepared: &Prepared,
    connections: usize,
    window: Window,
    mut at_edge: impl FnMut() -> Result<()>,
) -> Result<Measured> {
    let measured = Rc::new(RefCell::new(Measured::new()?));
    let clock = Stopwatch::start();
    let end = window.warm_up + window.time;
    let tasks = LocalSet::new();
    tasks
        .run_until(async {
            let mut loops = JoinSet::new();
            for _ in 0..connections {
                let prepared = prepared.clone();
                let measured = Rc::clone(&measured);
                loops.spawn_local(async move {
                    while clock.elapsed() < end {
                        let Err(error) = ask_until(&prepared, clock, window, &measured).await
                        else {
                            continue;
                        };
                        let mut measured = measured.borrow_mut();
                        measured.failed += 1;
                        measured.failure.get_or_insert(error.to_string());
                    }
                });
            }
            tokio::time::sleep(window.warm_up.saturating_sub(clock.elapsed())).await;
            at_edge()?;
            tokio::time::sleep(end.saturating_sub(clock.elapsed())).await;
            at_edge()?;
            // What is on its way is not counted, and not waited for.
            loops.abort_all();
            while loops.join_next().await.is_some() {}
            anyhow::Ok(())
        })
        .await?;
    drop(tasks);
    match Rc::try_unwrap(measured) {
        Ok(measured) => Ok(measured.into_inner()),
        Err(_) => bail!("a connection outlived its run"),
    }
}

/// Asks over one connection until the window ends or something fails.
async fn ask_until(
    prepared: &Prepared,
    clock: Stopwatch,
    window: Window,
    measured: &RefCell<Measured>,
) -> Result<()> {
    let mut caller = Caller::connect(prepared.address).await?;
    loop {
        let start = clock.elapsed();
        if start >= window.warm_up + window.time {
            return Ok(());
        }
        let first_text = ask(&mut caller, prepared, clock).await?;
        let end = clock.elapsed();
        if start >= window.warm_up && end <= window.warm_up + window.time {
            let mut measured = measured.borrow_mut();
            measured.complete += 1;
            measured.latency.record(nanoseconds(end - start))?;
            measured
                .first_text
                .record(nanoseconds(first_text.saturating_sub(start)))?;
        }
    }
}

/// One request; the time at which the first text was there.
async fn ask(caller: &mut Caller, prepared: &Prepared, clock: Stopwatch) -> Result<Duration> {
    let reply = caller.ask(prepared, clock).await?;
    let answer = &caller.answer;
    match reply.first_text {
        _ if reply.status != StatusCode::OK => {
            let start = answer.get(..300).unwrap_or(answer);
            bail!(
                "status {}: {}",
                reply.status,
                String::from_utf8_lossy(start)
            )
        }
        Some(first_text) if caller.is_complete(prepared) => Ok(first_text),
        _ => bail!(
            "incomplete answer of {} bytes ends with {:?}",
            answer.len(),
            String::from_utf8_lossy(
                answer
                    .get(answer.len().saturating_sub(200)..)
                    .unwrap_or_default()
            )
        ),
    }
}

fn nanoseconds(time: Duration) -> u64 {
    // A histogram has no zero, and no run lasts the 584 years.
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use gemini_sim::Sim;
    use serde_json::json;

    use super::*;
    use crate::workload::{self, Dialect, Mode};

    #[tokio::test]
    async fn an_answer_that_is_broken_or_refused_counts_as_failed() {
        let cases = [
            json!([{"then": {"fault": {"kind": "end_after_bytes", "bytes": 300}}}]),
            json!([{"then": {"fault": {"kind": "truncate_after_bytes", "bytes": 300}}}]),
            json!([{"then": {"respond": {"error": "overloaded"}}}]),
        ];
        for script in cases {
            let sim = Sim::builder()
                .script(script.clone())
                .start("127.0.0.1:0")
                .await
                .unwrap();
            let prepared = workload::prepare(sim.addr(), Dialect::Gemini, Mode::Stream).unwrap();
            let window = Window {
                warm_up: Duration::ZERO,
                time: Duration::from_millis(200),
            };
            let measured = run(&prepared, 1, window, || Ok(())).await.unwrap();
            assert_eq!(measured.complete, 0, "{script}");
        }
    }
}
