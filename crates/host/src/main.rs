//! The `gempool` binary: reads the command line, then serves, or works on a store.
//!
//! Holds no logic of its own; everything is in the library, where tests can reach it.

use std::process::ExitCode;

use clap::Parser;
use gempool_host::cli::{Cli, Command};
use gempool_host::{logs, manage, serve};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match &cli.command {
        Command::Serve(args) => logs::start(&args.log)
            .and_then(|()| serve::run(args, &cli.place))
            .map(|end| ExitCode::from(end.code())),
        Command::Manage(command) => manage::run(command, &cli.place),
    };
    done.unwrap_or_else(|error| complain(&error))
}

/// Says on standard error what is wrong; exit code 2 means that nothing was served, or done.
fn complain(error: &anyhow::Error) -> ExitCode {
    use std::io::Write as _;
    // Nobody is left to tell if standard error is closed.
    let _ = writeln!(std::io::stderr(), "gempool: {error:#}");
    ExitCode::from(2)
}
