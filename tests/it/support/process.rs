//! A child process with captured streams, signals by process id, and an end that can be awaited.
//!
//! It is killed when dropped. It knows nothing of what the program is.

use std::process::{Command, ExitStatus, Stdio};
use std::thread::JoinHandle;

use rustix::process::{Pid, Signal, kill_process};
use tokio::sync::watch;

use super::output::Output;
use super::patience::patiently;

/// A running (or ended) child.
pub(crate) struct Process {
    pid: Pid,
    pub(crate) stdout: Output,
    pub(crate) stderr: Output,
    exit: watch::Receiver<Option<ExitStatus>>,
    waiter: Option<JoinHandle<()>>,
}

impl Process {
    /// Starts `command`, taking over its streams.
    pub(crate) fn spawn(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {:?}: {error}", command.get_program()));
        let pid = i32::try_from(child.id())
            .ok()
            .and_then(Pid::from_raw)
            .expect("a process id");
        let stdout = Output::follow(child.stdout.take().expect("piped stdout"));
        let stderr = Output::follow(child.stderr.take().expect("piped stderr"));
        let (announce, exit) = watch::channel(None);
        let waiter = std::thread::spawn(move || {
            let status = child.wait().expect("the child is ours to wait for");
            announce.send_replace(Some(status));
        });
        Self {
            pid,
            stdout,
            stderr,
            exit,
            waiter: Some(waiter),
        }
    }

    /// Sends a signal; a process that has already ended is left alone.
    pub(crate) fn signal(&self, signal: Signal) {
        if self.exit_status().is_none() {
            // It may end between the look and the signal: then there is nothing to tell it.
            let _ = kill_process(self.pid, signal);
        }
    }

    /// The exit status, if it has ended.
    pub(crate) fn exit_status(&self) -> Option<ExitStatus> {
        *self.exit.borrow()
    }

    /// Waits for the end.
    pub(crate) async fn exited(&self) -> ExitStatus {
        let mut exit = self.exit.clone();
        patiently("the process to end", async move {
            exit.wait_for(Option::is_some)
                .await
                .expect("the waiter lives")
                .expect("a status")
        })
        .await
    }

    /// Kills without notice (`kill -9`) and collects what was written.
    pub(crate) fn kill(&mut self) -> Written {
        self.signal(Signal::KILL);
        if let Some(waiter) = self.waiter.take() {
            let _ = waiter.join();
        }
        Written {
            stdout: self.stdout.finish(),
            stderr: self.stderr.finish(),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// All a process wrote.
pub(crate) struct Written {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}
