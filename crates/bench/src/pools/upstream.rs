//! The simulator's process, which can be told to refuse everything and asked how often it was called.

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header::HOST};
use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

use crate::caller::Caller;
use crate::child::Listening;
use crate::stopwatch::Stopwatch;
use crate::workload::Prepared;

/// The simulator.
pub(super) struct Upstream {
    process: Listening,
    _logs: TempDir,
}

#[derive(Deserialize)]
struct Count {
    requests: u64,
}

impl Upstream {
    pub(super) async fn start() -> Result<Self> {
        let logs = tempfile::tempdir()?;
        let mut simulate = Command::new(std::env::current_exe()?);
        simulate.arg("simulate");
        let process = Listening::start(simulate, &logs.path().join("simulator.log")).await?;
        Ok(Self {
            process,
            _logs: logs,
        })
    }

    /// What is given to gempool as its upstream.
    pub(super) fn origin(&self) -> String {
        format!("http://{}", self.process.address)
    }

    /// From now on every key gets the per-minute 429 with its true body, asking for `retry_s` seconds.
    pub(super) async fn refuse(&self, retry_s: f64) -> Result<()> {
        let respond = json!({"error": "rate_limited_minute", "retry_s": retry_s});
        self.set_script(&json!([{"then": {"respond": respond}}]))
            .await
    }

    /// From now on everything is answered.
    pub(super) async fn answer(&self) -> Result<()> {
        self.set_script(&json!([])).await
    }

    /// Calls of the API since the start.
    pub(super) async fn calls(&self) -> Result<u64> {
        let body = self.control(Method::GET, "count", Bytes::new()).await?;
        let count: Count = serde_json::from_slice(&body)?;
        Ok(count.requests)
    }

    pub(super) async fn end(self) -> Result<()> {
        self.process.end().await
    }

    async fn set_script(&self, script: &Value) -> Result<()> {
        let script = Bytes::from(script.to_string());
        self.control(Method::POST, "script", script).await?;
        Ok(())
    }

    async fn control(&self, method: Method, name: &str, body: Bytes) -> Result<Vec<u8>> {
        let address = self.process.address;
        let host = HeaderValue::from_str(&address.to_string())?;
        let prepared = Prepared {
            address,
            method,
            uri: format!("/__sim/{name}").parse::<Uri>()?,
            headers: HeaderMap::from_iter([(HOST, host)]),
            body,
            proof: b"",
        };
        let asking = async {
            let mut caller = Caller::connect(address).await?;
            let reply = caller.ask(&prepared, Stopwatch::start()).await?;
            let answer = std::mem::take(&mut caller.answer);
            ensure!(
                reply.status == StatusCode::OK,
                "status {}: {}",
                reply.status,
                String::from_utf8_lossy(&answer)
            );
            Ok(answer)
        };
        asking
            .await
            .with_context(|| format!("the simulator's {name} cannot be reached"))
    }
}
