//! Runs other programs: with their output passed through, or kept to be shown on failure.
//!
//! Knows nothing of what it runs. Never goes through a shell.

use std::io::{self, BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::console;

/// How much of a program's output is kept: the last 8 MiB, more than a person reads and
/// little enough to hold in memory whatever a test prints.
const KEPT_OUTPUT_BYTES: usize = 8 << 20;

/// What a program printed, standard output and error in the order they came, and how it ended.
pub(crate) struct Captured {
    /// Whether it ended with status 0.
    pub(crate) success: bool,
    /// The end of what it printed, at most [`KEPT_OUTPUT_BYTES`] give or take a line.
    pub(crate) output: String,
}

/// Runs a program with its output passed through.
///
/// # Errors
/// Names the command when it cannot be started or ends with another status than 0.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot start `{}`", describe(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", describe(command));
    }
    Ok(())
}

/// Runs a program and keeps its output; a status other than 0 is no error.
///
/// # Errors
/// Names the command when it cannot be started or its output cannot be read.
pub(crate) fn capture(command: &mut Command) -> Result<Captured> {
    let text = describe(command);
    let failed = || format!("cannot run `{text}`");
    // One pipe for both streams keeps their order, which two pipes would lose.
    let (reader, writer) = io::pipe().with_context(failed)?;
    command
        .stdin(Stdio::null())
        .stdout(writer.try_clone().with_context(failed)?)
        .stderr(writer);
    let mut child = command.spawn().with_context(failed)?;
    // The command still holds the writing ends; until they are closed the pipe has no end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let output = keep_tail(reader).with_context(failed)?;
    let status = child.wait().with_context(failed)?;
    Ok(Captured {
        success: status.success(),
        output,
    })
}

/// Runs a program and shows its output only if it fails.
///
/// # Errors
/// Names the command when it cannot be run or ends with another status than 0.
pub(crate) fn run_quiet(command: &mut Command) -> Result<()> {
    let captured = capture(command)?;
    if !captured.success {
        console::output(&captured.output);
        bail!("`{}` failed", describe(command));
    }
    Ok(())
}

/// First line of what a program prints, or `None` if it is missing or fails.
pub(crate) fn first_line(command: &mut Command) -> Option<String> {
    let captured = capture(command).ok().filter(|it| it.success)?;
    captured.output.lines().next().map(str::to_owned)
}

/// Runs a program for at most `limit`, then ends it. True only if it ended well in time.
///
/// # Errors
/// Fails when the program cannot be started or watched.
pub(crate) fn run_within(command: &mut Command, limit: Duration) -> Result<bool> {
    let text = describe(command);
    let failed = || format!("cannot run `{text}`");
    let (reader, writer) = io::pipe().with_context(failed)?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(writer)
        .spawn()
        .with_context(failed)?;
    command.stderr(Stdio::null());
    // The pipe ends when the program does: waiting for that needs no polling.
    let (ended, end) = mpsc::channel();
    thread::spawn(move || {
        let _ = ended.send(keep_tail(reader));
    });
    if end.recv_timeout(limit).is_err() {
        child.kill().context("cannot end the program")?;
        child.wait().context("cannot await the program's end")?;
        return Ok(false);
    }
    Ok(child
        .wait()
        .context("cannot await the program's end")?
        .success())
}

/// The command as a person would type it, without its environment.
pub(crate) fn describe(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

fn keep_tail(reader: impl Read) -> io::Result<String> {
    let mut kept = String::new();
    for line in BufReader::new(reader).split(b'\n') {
        kept.push_str(&String::from_utf8_lossy(&line?));
        kept.push('\n');
        if kept.len() > 2 * KEPT_OUTPUT_BYTES {
            let cut = kept.ceil_char_boundary(kept.len() - KEPT_OUTPUT_BYTES);
            kept.drain(..cut);
        }
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_both_streams_and_the_status() {
        let captured =
            capture(Command::new("sh").args(["-c", "echo a; echo b >&2; exit 3"])).unwrap();
        assert!(!captured.success);
        assert_eq!(captured.output, "a\nb\n");
    }

    #[test]
    fn ends_a_program_that_takes_too_long() {
        // `exec`, so that the program itself and not a child of it is ended.
        let limit = Duration::from_millis(50);
        assert!(!run_within(Command::new("sh").args(["-c", "exec sleep 60"]), limit).unwrap());
    }

    #[test]
    fn names_the_command_that_cannot_start() {
        let error = run(&mut Command::new("no-such-program-xyz")).unwrap_err();
        assert!(error.to_string().contains("no-such-program-xyz"), "{error}");
    }
}
