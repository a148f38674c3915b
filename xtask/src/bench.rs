//! `cargo xtask bench`: builds, then lets the benchmark crate measure and write its page.
//!
//! Measures nothing itself.

use std::process::Command;

use anyhow::Result;

use crate::process;
use crate::workspace::Workspace;
use crate::{build, console, product};

/// Measure gempool beside a direct call and a plain proxy, and write docs/benchmarks.md.
///
/// Takes a few minutes and wants a quiet machine: all three are measured in turns in one run.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A short run that shows whether it works; writes target/bench-quick.md instead
    #[arg(long)]
    quick: bool,
    /// Passed on to the benchmark (see `target/release/gempool-bench --help`)
    #[arg(last = true)]
    bench_args: Vec<String>,
}

/// Runs the command.
///
/// # Errors
/// Fails when the build or the benchmark does.
pub(crate) fn run(workspace: &Workspace, args: &Args) -> Result<()> {
    build::build_all(workspace)?;
    let mut command = Command::new(workspace.program(product::BENCH));
    command.current_dir(workspace.root());
    command
        .arg("--gempool")
        .arg(workspace.program(product::GEMPOOL));
    // Numbers of a short run must not replace the published ones.
    let page = if args.quick {
        command.arg("--quick");
        workspace.target().join("bench-quick.md")
    } else {
        workspace.path("docs/benchmarks.md")
    };
    command.arg("--out").arg(page);
    command
        .arg("--json")
        .arg(workspace.target().join("bench.json"));
    command.args(&args.bench_args);
    console::step("bench");
    process::run(&mut command)
}
