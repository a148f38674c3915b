//! `cargo xtask ci`: exactly what CI runs.
//!
//! Every step runs even if one before it failed, so that one run shows all there is to mend. The
//! rules themselves live with the tools: `clippy.toml`, `deny.toml`, `tidy`.

use anyhow::{Result, bail};

use crate::cargo::{cargo, native};
use crate::stopwatch::Stopwatch;
use crate::tally::Tally;
use crate::wasm_toolchain::WasmToolchain;
use crate::workspace::Workspace;
use crate::{build, components, console, deny, process, test, tidy, web_ui};

/// Run every test and every check, as CI does.
///
/// Lock file, format, tests, clippy (native and wasm), web page checks, documentation, deny, tidy.
/// Lists all failures at the end; the last line on standard output is `N passed, N failed`.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// How a step that did not fail ended.
enum Outcome {
    Passed,
    Skipped(String),
}

/// The steps as they come, and what went wrong so far.
struct Report {
    failures: Vec<String>,
}

impl Report {
    fn step(&mut self, name: &str, work: impl FnOnce() -> Result<Outcome>) {
        console::step(&format!("ci: {name}"));
        let watch = Stopwatch::start();
        let ending = match work() {
            Ok(Outcome::Passed) => "passed".to_owned(),
            Ok(Outcome::Skipped(reason)) => format!("skipped: {reason}"),
            Err(error) => {
                self.failures.push(format!("{name}: {error:#}"));
                format!("FAILED: {error:#}")
            }
        };
        console::note(&format!("{name} {ending} ({})", watch.read()));
    }
}

/// Runs the command.
///
/// # Errors
/// Fails, after all steps ran, when any of them failed.
pub(crate) fn run(workspace: &Workspace, _args: &Args) -> Result<()> {
    let watch = Stopwatch::start();
    let mut report = Report {
        failures: Vec::new(),
    };
    let mut tally = Tally::default();

    report.step("lock file", || {
        let mut command = cargo(workspace, "metadata");
        command.args(["--locked", "--format-version", "1"]);
        passed(process::run_quiet(&mut command))
    });
    report.step("format", || {
        passed(process::run(
            cargo(workspace, "fmt").args(["--all", "--check"]),
        ))
    });
    report.step("build", || passed(build::build_all(workspace)));
    report.step("test", || {
        tally = test::run_suites(workspace, None)?;
        if tally.failed > 0 {
            bail!("{tally}");
        }
        Ok(Outcome::Passed)
    });
    report.step("clippy", || passed(clippy_native(workspace)));
    report.step("clippy for wasm", || clippy_wasm(workspace));
    report.step("web page", || {
        passed(process::run_quiet(
            web_ui::npm(workspace, web_ui::UI).args(["run", "check"]),
        ))
    });
    report.step("documentation", || passed(document(workspace)));
    report.step("deny", || passed(deny::check_rules(workspace)));
    report.step("advisories", || {
        Ok(deny::check_advisories(workspace)?.map_or(Outcome::Passed, Outcome::Skipped))
    });
    report.step("tidy", || passed(tidy::run(workspace, &tidy::Args {})));

    console::step(&format!("ci: done ({})", watch.read()));
    for failure in &report.failures {
        console::note(&format!("FAILED {failure}"));
    }
    console::result(&tally.to_string());
    if !report.failures.is_empty() {
        bail!("{} of the steps failed", report.failures.len());
    }
    Ok(())
}

fn passed(result: Result<()>) -> Result<Outcome> {
    result.map(|()| Outcome::Passed)
}

fn clippy_native(workspace: &Workspace) -> Result<()> {
    let deny_warnings = ["--all-targets", "--quiet", "--", "-D", "warnings"];
    process::run(native(workspace, "clippy").args(deny_warnings))?;
    let mut own = cargo(workspace, "clippy");
    process::run(own.args(["--package", "xtask"]).args(deny_warnings))
}

fn clippy_wasm(workspace: &Workspace) -> Result<Outcome> {
    let toolchain = WasmToolchain::decide(workspace)?;
    if let Err(error) = toolchain.need_clippy() {
        return Ok(Outcome::Skipped(format!(
            "this toolchain has no clippy: {error:#}"
        )));
    }
    let mut command = toolchain.cargo(workspace, "clippy")?;
    command.args(["--quiet", "--profile", components::PROFILE]);
    for package in components::PACKAGES {
        command.args(["--package", package]);
    }
    passed(process::run(command.args(["--", "-D", "warnings"])))
}

fn document(workspace: &Workspace) -> Result<()> {
    let mut command = native(workspace, "doc");
    command
        .args(["--no-deps", "--document-private-items", "--quiet"])
        .env("RUSTDOCFLAGS", "-D warnings");
    process::run(&mut command)
}
