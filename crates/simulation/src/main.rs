//! `gempool-simulation`: runs seeds of the simulation and says which ones broke a promise.
//!
//! It measures no time: that is the shell's to do.

use std::process::ExitCode;
use std::thread;

use clap::Parser;
use gempool_simulation::{Report, Scenario, run_seed, run_seeds};

/// Run the deterministic simulation: several instances, a store that misbehaves, a seed.
#[derive(Parser)]
struct Cli {
    /// How many seeds of each scenario to run
    #[arg(long, default_value_t = 1_000)]
    seeds: u64,
    /// The first seed
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// Run this one seed and tell what happened, line by line
    #[arg(long, conflicts_with_all = ["seeds", "first"])]
    seed: Option<u64>,
    /// Only this scenario
    #[arg(long)]
    scenario: Option<Scenario>,
    /// Threads; as many as there are processors if absent
    #[arg(long)]
    threads: Option<usize>,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let one = cli.scenario.map(|scenario| vec![scenario]);
    let scenarios = one.unwrap_or_else(|| Scenario::ALL.to_vec());
    let kept = match cli.seed {
        Some(seed) => scenarios.iter().all(|&scenario| tell(scenario, seed)),
        None => {
            let threads = cli.threads.or_else(processors).unwrap_or(1);
            let seeds = cli.first..cli.first.saturating_add(cli.seeds);
            let mut kept = true;
            for &scenario in &scenarios {
                let report = run_seeds(scenario, seeds.clone(), threads);
                kept &= show(scenario, cli.seeds, &report);
            }
            kept
        }
    };
    if kept {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn processors() -> Option<usize> {
    thread::available_parallelism().ok().map(usize::from)
}

#[expect(clippy::print_stdout, reason = "what happened is the program's result")]
fn tell(scenario: Scenario, seed: u64) -> bool {
    let (result, lines) = run_seed(scenario, seed);
    for line in lines {
        println!("{line}");
    }
    match &result {
        Ok(tally) => {
            for (what, times) in tally.all() {
                println!("{what}: {times}");
            }
            println!("{scenario}, seed {seed}: every promise was kept");
        }
        Err(broken) => println!("{scenario}, seed {seed}: {broken}"),
    }
    result.is_ok()
}

#[expect(clippy::print_stdout, reason = "the report is the program's result")]
fn show(scenario: Scenario, seeds: u64, report: &Report) -> bool {
    println!("{scenario}: {seeds} seeds, {} failed", report.failed);
    for (what, times) in report.tally.all() {
        println!("  {what}: {times}");
    }
    for failure in &report.failures {
        println!("  seed {}: {}", failure.seed, failure.broken);
        println!("    {}", failure.command());
    }
    report.failed == 0
}
