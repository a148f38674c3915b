//! The `gempool` binary: reads the command line, starts logging, serves.
//!
//! Holds no logic of its own; everything is in the library, where tests can reach it.

use std::process::ExitCode;

use clap::Parser;
use gempool_host::cli::{Cli, Command};
use gempool_host::{logs, serve};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let Command::Serve(args) = cli.command;
    if let Err(error) = logs::start(&args.log) {
        return complain(&error);
    }
    match serve::run(&args) {
        Ok(end) => ExitCode::from(end.code()),
        Err(error) => complain(&error),
    }
}

/// Says on standard error what is wrong; exit code 2 means that nothing was served.
fn complain(error: &anyhow::Error) -> ExitCode {
    use std::io::Write as _;
    // Nobody is left to tell if standard error is closed.
    let _ = writeln!(std::io::stderr(), "gempool: {error:#}");
    ExitCode::from(2)
}
