//! `cargo xtask up`: from a fresh clone to a running server in one command.
//!
//! Adds nothing to `gempool serve` but the build before it.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};

use crate::cargo::forget_this_program;
use crate::workspace::Workspace;
use crate::{build, console, product};

/// Build everything and start the server.
///
/// With `--demo` it runs against a simulated Gemini with two demo keys, so that no key is needed.
/// Else give keys as `GEMINI_API_KEYS` and client keys as `VALID_AUTH_TOKENS`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Run against the built-in simulator
    #[arg(long)]
    demo: bool,
    /// Passed on to `gempool serve` (see `target/release/gempool serve --help`)
    #[arg(last = true)]
    serve_args: Vec<OsString>,
}

/// Runs the command; on success it does not return, the server takes this process over.
///
/// # Errors
/// Fails when the build does or the server cannot be started.
pub(crate) fn run(workspace: &Workspace, args: Args) -> Result<()> {
    build::build_all(workspace)?;
    let program = workspace.program(product::GEMPOOL);
    let mut command = Command::new(&program);
    forget_this_program(&mut command);
    command.arg("serve");
    if args.demo {
        command.arg("--demo");
    }
    command.args(args.serve_args);
    console::step("up");
    // Replaced, not started as a child: signals then reach the server, which drains on them.
    let error = command.exec();
    Err(error).with_context(|| format!("cannot start {}", program.display()))
}
