//! `gempool-bench`: what gempool costs, beside a direct call and a plain proxy, in one run.
//!
//! Simulator, proxy and gempool are processes of their own, so that CPU and memory can be told apart;
//! the load comes from this one. Numbers are for comparison within a run: nothing here asserts one.
//!
//! The load generator is our own. `oha` measures the same things, but its library needs another version
//! of the one SQLite binding a workspace can have, and `wrk` does not see the first event of a stream;
//! neither tells whether an answer was complete.

mod caller;
mod child;
mod cli;
mod load;
mod machine;
mod matrix;
mod page;
mod pools;
mod proc_stat;
mod proxy;
mod report;
mod simulator;
mod start_up;
mod stopwatch;
mod targets;
mod timeline;
mod workload;

use clap::Parser;
use cli::{Cli, Command};

fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    match cli.command {
        Some(Command::Simulate) => one_thread()?.block_on(simulator::serve()),
        Some(Command::Proxy { upstream }) => all_cores()?.block_on(proxy::serve(upstream)),
        None => one_thread()?.block_on(report::run(cli.options)),
    }
}

/// For the simulator and the load generator: they must leave the other cores to what is measured.
fn one_thread() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}

/// For the proxy: what one writes who does not think about it.
fn all_cores() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
}
