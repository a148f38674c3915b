//! Every task a developer of gempool does, as `cargo xtask <command>`.
//!
//! Parses the command line and hands over; each command is one file and documents itself in
//! `--help`. Holds no logic, and is not part of the product: nothing here is shipped.

mod bench;
mod build;
mod cargo;
mod ci;
mod components;
mod console;
mod debian;
mod deny;
mod process;
mod product;
mod python;
mod stamp;
mod stopwatch;
mod tally;
mod test;
mod tidy;
mod up;
mod wasm_toolchain;
mod web_ui;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

/// Tasks of the gempool workspace. Start with `cargo xtask up --demo`.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Build(build::Args),
    Up(up::Args),
    Test(test::Args),
    Ci(ci::Args),
    Bench(bench::Args),
    Tidy(tidy::Args),
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console::error(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    let workspace = Workspace::find()?;
    match command {
        Command::Build(args) => build::run(&workspace, &args),
        Command::Up(args) => up::run(&workspace, args),
        Command::Test(args) => test::run(&workspace, &args),
        Command::Ci(args) => ci::run(&workspace, &args),
        Command::Bench(args) => bench::run(&workspace, &args),
        Command::Tidy(args) => tidy::run(&workspace, &args),
    }
}
