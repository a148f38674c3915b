//! How long gempool takes from nothing to an answer, with and without compiled components at hand.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use serde::Serialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::child::Listening;
use crate::stopwatch::Stopwatch;
use crate::targets;

/// Starts of each kind; the median is reported.
const STARTS: usize = 5;

/// How long the first answer may take.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);

/// Times of one kind of start, in milliseconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct StartUp {
    /// To the line that says it listens.
    pub(crate) listening_ms: f64,
    /// To the first 200 of `GET /health`.
    pub(crate) health_ms: f64,
}

/// Both kinds.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct StartUps {
    /// Nothing compiled yet.
    pub(crate) cold: StartUp,
    /// Compiled components on disk.
    pub(crate) warm: StartUp,
}

/// Starts and ends gempool a few times. Leaves its compiled components in the folder `cache`.
pub(crate) async fn measure(gempool: &Path, cache: &Path) -> Result<StartUps> {
    let folder = tempfile::tempdir()?;
    let mut cold = Vec::new();
    for start in 0..STARTS {
        let cache = folder.path().join(format!("cold-{start}"));
        cold.push(once(gempool, &cache).await?);
    }
    let cold = median(&cold);
    fill(gempool, cache, cold).await?;
    let mut warm = Vec::new();
    for _ in 0..STARTS {
        warm.push(once(gempool, cache).await?);
    }
    Ok(StartUps {
        cold,
        warm: median(&warm),
    })
}

/// Starts until the start shows that nothing had to be compiled: the cache is written in the
/// background, and a process that ends early has not written it.
async fn fill(gempool: &Path, cache: &Path, cold: StartUp) -> Result<()> {
    for _ in 0..STARTS {
        if once(gempool, cache).await?.listening_ms < cold.listening_ms / 2.0 {
            break;
        }
    }
    Ok(())
}

async fn once(gempool: &Path, cache: &Path) -> Result<StartUp> {
    std::fs::create_dir_all(cache)?;
    // Nothing is asked of the upstream, so none is there.
    let command = targets::serve(gempool, "http://127.0.0.1:9", cache);
    let clock = Stopwatch::start();
    let process = Listening::start(command, &cache.join("log")).await?;
    let health = health(&process).await;
    let health_ms = milliseconds(clock.elapsed());
    let listening_ms = milliseconds(process.after);
    process.end().await?;
    health?;
    Ok(StartUp {
        listening_ms,
        health_ms,
    })
}

async fn health(process: &Listening) -> Result<()> {
    let asking = async {
        let mut stream = TcpStream::connect(process.address).await?;
        let request = format!(
            "GET /health HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            process.address
        );
        stream.write_all(request.as_bytes()).await?;
        let mut status = [0; b"HTTP/1.1 200".len()];
        stream.read_exact(&mut status).await?;
        std::io::Result::Ok(status)
    };
    let status = tokio::time::timeout(ANSWER_LIMIT, asking)
        .await
        .context("no answer from /health")??;
    anyhow::ensure!(
        &status == b"HTTP/1.1 200",
        "/health says {:?}",
        String::from_utf8_lossy(&status)
    );
    Ok(())
}

fn median(starts: &[StartUp]) -> StartUp {
    StartUp {
        listening_ms: crate::matrix::median(starts.iter().map(|start| start.listening_ms)),
        health_ms: crate::matrix::median(starts.iter().map(|start| start.health_ms)),
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
