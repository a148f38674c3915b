//! Processes of a run: started, waited for until they listen, ended with the run.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};

use crate::stopwatch::Stopwatch;

/// How long a process may take until it listens: compiling the component on a slow machine included.
const START_LIMIT: Duration = Duration::from_secs(180);

/// Bytes of output read while waiting for the address; more means that it will not come.
const MAX_OUTPUT_BYTES: u64 = 64 * 1024;

/// What is printed before the address by all of them.
const LISTENING: &str = "listening on http://";

/// A process that listens.
#[derive(Debug)]
pub(crate) struct Listening {
    child: Child,
    /// Kept so that the process does not write into a closed pipe.
    _output: BufReader<tokio::io::Take<ChildStdout>>,
    pub(crate) address: SocketAddr,
    /// From its start to the line that tells the address.
    pub(crate) after: Duration,
}

impl Listening {
    /// Starts a program with its log in `log`, and waits until it tells its address.
    pub(crate) async fn start(mut command: Command, log: &Path) -> Result<Self> {
        let name = format!("{:?}", command.as_std().get_program());
        let errors = std::fs::File::create(log)?;
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(errors)
            .kill_on_drop(true);
        let clock = Stopwatch::start();
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        let output = child.stdout.take().context("no standard output")?;
        let mut output = BufReader::new(output.take(MAX_OUTPUT_BYTES));
        let address = tokio::time::timeout(START_LIMIT, read_address(&mut output)).await;
        let after = clock.elapsed();
        match address {
            Ok(Ok(address)) => Ok(Self {
                child,
                _output: output,
                address,
                after,
            }),
            Ok(Err(error)) => Err(error.context(format!("{name} did not start{}", tail(log)))),
            Err(_) => bail!("{name} does not listen after {START_LIMIT:?}{}", tail(log)),
        }
    }

    /// Its process id.
    pub(crate) fn process(&self) -> Result<u32> {
        self.child.id().context("the process has ended")
    }

    /// Ends it and waits for that.
    pub(crate) async fn end(mut self) -> Result<()> {
        self.child.kill().await.context("cannot end a process")
    }
}

async fn read_address(output: &mut (impl AsyncBufReadExt + Unpin)) -> Result<SocketAddr> {
    let mut line = String::new();
    loop {
        line.clear();
        if output.read_line(&mut line).await? == 0 {
            bail!("no line with its address");
        }
        if let Some((_, address)) = line.split_once(LISTENING) {
            return address
                .trim()
                .parse()
                .with_context(|| format!("odd line {line:?}"));
        }
    }
}

/// The end of a log, to be added to an error.
fn tail(log: &Path) -> String {
    const LINES: usize = 10;
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().rev().take(LINES).collect();
    if lines.is_empty() {
        return String::new();
    }
    let lines: Vec<&str> = lines.into_iter().rev().collect();
    format!("; its log ends:\n{}", lines.join("\n"))
}
