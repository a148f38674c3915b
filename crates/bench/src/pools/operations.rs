//! Operations on the store for a cold request and for warm ones, as Redis itself counts them.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use gempool_redis_fixture::Server;
use http::StatusCode;
use serde::Serialize;

use super::home::Home;
use super::upstream::Upstream;
use crate::caller::Caller;
use crate::cli::Options;
use crate::matrix::median;
use crate::stopwatch::Stopwatch;
use crate::workload::Prepared;

/// How long nothing must happen at the store until a new process counts as started, and how often to look.
const QUIET: Duration = Duration::from_millis(300);

/// How long to wait for that.
const QUIET_LIMIT: Duration = Duration::from_secs(10);

/// How long what a request leaves behind may take to be written: notes are written once a second.
const AFTERWARDS: Duration = Duration::from_millis(2_500);

/// Requests between two counts, some 10 ms of them: instances refresh and note about once a second, so that most
/// bursts show what requests themselves cost.
const BURST: u64 = 20;

/// Commands by which gempool reads (crates/kv/src/redis.rs).
const READS: [&str; 4] = ["get", "hget", "exists", "scan"];

/// Commands by which gempool writes.
const WRITES: [&str; 4] = ["set", "hset", "incrby", "del"];

/// Commands of some time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Commands {
    pub(super) reads: u64,
    pub(super) writes: u64,
}

/// What requests cost at the store.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Operations {
    /// By a process that just started, until nothing more happens, before any request.
    pub(super) start: Commands,
    /// Until the first request of that process was answered.
    pub(super) cold: Commands,
    /// What followed within some seconds.
    pub(super) afterwards: Commands,
    /// During requests on one connection, what instances do by the second included.
    pub(super) warm: Commands,
    pub(super) warm_requests: u64,
    pub(super) warm_s: f64,
    /// Reads per request in the median burst of warm requests.
    pub(super) warm_reads: f64,
}

/// Starts gempool, asks once, then on and on.
pub(super) async fn measure(
    home: &Home,
    server: &Server,
    cache: &Path,
    upstream: &Upstream,
    options: &Options,
) -> Result<Operations> {
    let mut redis = redis::Client::open(server.url())?.get_connection()?;
    let at_first = count(&mut redis)?;
    let gempool = home.serve(upstream, cache, &[]).await?;
    let question = home.question(&gempool)?;
    let started = when_quiet(&mut redis).await?;

    let clock = Stopwatch::start();
    let mut caller = Caller::connect(gempool.address).await?;
    ask(&mut caller, &question, clock).await?;
    let answered = count(&mut redis)?;
    tokio::time::sleep(AFTERWARDS).await;
    let written = count(&mut redis)?;

    let warm_up = clock.elapsed() + options.warm_up();
    while clock.elapsed() < warm_up {
        ask(&mut caller, &question, clock).await?;
    }
    let begun_at = clock.elapsed();
    let mut counts = vec![count(&mut redis)?];
    while clock.elapsed() < begun_at + options.time() {
        for _ in 0..BURST {
            ask(&mut caller, &question, clock).await?;
        }
        counts.push(count(&mut redis)?);
    }
    let warm_s = clock.elapsed().saturating_sub(begun_at).as_secs_f64();
    gempool.end().await?;
    let warm = match counts.as_slice() {
        [first, .., last] => last.since(*first),
        _ => Commands::default(),
    };
    let bursts = counts.iter().zip(counts.iter().skip(1));
    let reads = bursts
        .clone()
        .map(|(before, after)| after.since(*before).reads as f64);
    Ok(Operations {
        start: started.since(at_first),
        cold: answered.since(started),
        afterwards: written.since(answered),
        warm,
        warm_requests: bursts.map(|_| BURST).sum(),
        warm_s,
        warm_reads: median(reads) / BURST as f64,
    })
}

/// One request, which must succeed.
async fn ask(caller: &mut Caller, question: &Prepared, clock: Stopwatch) -> Result<()> {
    let reply = caller.ask(question, clock).await?;
    ensure!(
        reply.status == StatusCode::OK && caller.is_complete(question),
        "a request got status {}",
        reply.status
    );
    Ok(())
}

/// The count once it has stood still.
async fn when_quiet(redis: &mut redis::Connection) -> Result<Commands> {
    let clock = Stopwatch::start();
    let mut last = count(redis)?;
    while clock.elapsed() < QUIET_LIMIT {
        tokio::time::sleep(QUIET).await;
        let now = count(redis)?;
        if now == last {
            break;
        }
        last = now;
    }
    Ok(last)
}

/// All commands since the server started.
fn count(redis: &mut redis::Connection) -> Result<Commands> {
    let text: String = redis::cmd("INFO").arg("commandstats").query(redis)?;
    parse(&text).context("INFO commandstats is not as expected")
}

/// Lines such as `cmdstat_hget:calls=21,usec=175,usec_per_call=8.33`.
fn parse(text: &str) -> Option<Commands> {
    let mut commands = Commands::default();
    let lines = text
        .lines()
        .filter_map(|line| line.strip_prefix("cmdstat_"));
    for line in lines {
        let (name, values) = line.split_once(":calls=")?;
        let calls: u64 = values.split(',').next()?.parse().ok()?;
        if READS.contains(&name) {
            commands.reads += calls;
        } else if WRITES.contains(&name) {
            commands.writes += calls;
        }
    }
    Some(commands)
}

impl Commands {
    fn since(self, before: Self) -> Self {
        Self {
            reads: self.reads.saturating_sub(before.reads),
            writes: self.writes.saturating_sub(before.writes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_are_told_apart_and_the_rest_does_not_count() {
        let text = "# Commandstats\r\n\
            cmdstat_hget:calls=21,usec=175,usec_per_call=8.33,rejected_calls=0,failed_calls=0\r\n\
            cmdstat_get:calls=2,usec=1,usec_per_call=0.50\r\n\
            cmdstat_hset:calls=3,usec=175,usec_per_call=8.33\r\n\
            cmdstat_incrby:calls=1,usec=1,usec_per_call=1.00\r\n\
            cmdstat_config|get:calls=2,usec=94,usec_per_call=47.00\r\n\
            cmdstat_info:calls=9,usec=1,usec_per_call=1.00\r\n";
        let expected = Commands {
            reads: 23,
            writes: 4,
        };
        assert_eq!(parse(text), Some(expected));
        assert_eq!(parse("cmdstat_hget:nonsense"), None);
    }

    #[test]
    fn a_real_server_counts_what_it_was_asked() {
        let Some(server) = Server::start(&[]) else {
            return;
        };
        let client = redis::Client::open(server.url()).unwrap();
        let mut redis = client.get_connection().unwrap();
        let before = count(&mut redis).unwrap();
        let _: i64 = redis::cmd("HSET")
            .arg(&["name", "v", "value"])
            .query(&mut redis)
            .unwrap();
        let _: String = redis::cmd("HGET")
            .arg(&["name", "v"])
            .query(&mut redis)
            .unwrap();
        let expected = Commands {
            reads: 1,
            writes: 1,
        };
        assert_eq!(count(&mut redis).unwrap().since(before), expected);
    }
}
