//! `cargo xtask test`: every test there is, from a fresh clone.
//!
//! Builds first and installs what the tests need. Lints nothing: that is `ci`.

use std::process::Command;

use anyhow::{Result, bail};

use crate::cargo::{cargo, native};
use crate::stopwatch::Stopwatch;
use crate::tally::Tally;
use crate::workspace::Workspace;
use crate::{build, console, debian, process, product, python, web_ui};

/// The browser of the browser tests, and a font without which Chinese pages are boxes.
const BROWSER_PACKAGES: [&str; 2] = ["chromium", "fonts-noto-cjk"];

/// The server of the tests of the shared store.
const REDIS_PACKAGES: [&str; 1] = ["redis-server"];

/// Build everything and run every test: Rust, web page, end to end, client libraries, browser.
///
/// The output of a suite is shown only if it fails. The last line, alone on standard output, is
/// `N passed, N failed`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Run only the Rust and end-to-end tests with this in their name, and no others
    filter: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// Fails when the build does or a test fails.
pub(crate) fn run(workspace: &Workspace, args: &Args) -> Result<()> {
    build::build_all(workspace)?;
    let tally = run_suites(workspace, args.filter.as_deref())?;
    console::result(&tally.to_string());
    if tally.failed > 0 {
        bail!("tests failed");
    }
    Ok(())
}

/// Runs the suites of an already built workspace and gives their sum.
///
/// # Errors
/// Fails when a suite cannot be built or started; a failing test is counted instead.
pub(crate) fn run_suites(workspace: &Workspace, filter: Option<&str>) -> Result<Tally> {
    console::step("test");
    let mut suites = vec![product_suite(workspace, filter)?];
    suites.push(suite("xtask", Tally::of_libtest, |run| {
        let mut command = cargo(workspace, "test");
        command.args(["--quiet", "--package", "xtask"]);
        command.args(filter);
        run(&mut command)
    })?);
    if filter.is_none() {
        suites.push(suite("web page", Tally::of_vitest, |run| {
            run(web_ui::npm(workspace, web_ui::UI).arg("test"))
        })?);
    }
    Ok(suites.into_iter().sum())
}

/// The tests of all product crates and, in `tests/`, of the whole: one cargo call, because
/// another choice of packages may mean other features and so another build of everything.
fn product_suite(workspace: &Workspace, filter: Option<&str>) -> Result<Tally> {
    let python = python::prepare(workspace)?;
    for project in [web_ui::BROWSER_TESTS, web_ui::CLIENT_TESTS] {
        web_ui::install_packages(workspace, project)?;
    }
    if let Err(error) = debian::install_missing(&BROWSER_PACKAGES, "the browser tests") {
        // Not the end: a browser that another package manager installed does as well.
        console::note(&format!("{error:#}"));
    }
    let has_redis = match debian::install_missing(&REDIS_PACKAGES, "the tests of a shared store") {
        Ok(()) => true,
        Err(error) => {
            console::note(&format!(
                "tests against Redis run only if there is a redis-server: {error:#}"
            ));
            false
        }
    };
    // Built apart from being run, so that compiling shows its progress and running is quiet.
    process::run(native(workspace, "test").arg("--no-run"))?;
    suite("product, unit to end to end", Tally::of_libtest, |run| {
        let mut command = native(workspace, "test");
        command
            .args(["--quiet", "--no-fail-fast"])
            .args(filter)
            .env("GEMPOOL_BIN", workspace.program(product::GEMPOOL))
            .env("GEMPOOL_COMPONENTS", workspace.components())
            .env("GEMPOOL_PYTHON", python)
            // A changed snapshot is a failure here, not a file to be looked at later.
            .env("INSTA_UPDATE", "no");
        if has_redis {
            // Where it was installed for them, its tests must not skip themselves.
            command.env("GEMPOOL_REQUIRE_REDIS", "1");
        }
        run(&mut command)
    })
}

/// Runs one suite, says how it went, and shows its output if it went wrong.
fn suite(
    name: &str,
    count: impl Fn(&str) -> Tally,
    start: impl FnOnce(&dyn Fn(&mut Command) -> Result<process::Captured>) -> Result<process::Captured>,
) -> Result<Tally> {
    let watch = Stopwatch::start();
    let captured = start(&|command| {
        command.env("CARGO_TERM_COLOR", "never");
        process::capture(command)
    })?;
    let tally = count(&captured.output).ended(captured.success);
    if tally.failed > 0 {
        console::output(&captured.output);
    } else {
        // What a suite says of its size, or that it skipped something, is worth a line.
        for line in captured.output.lines().filter_map(remark) {
            console::note(line);
        }
    }
    console::note(&format!(
        "{name}: {tally}, {} skipped ({})",
        tally.skipped,
        watch.read()
    ));
    Ok(tally)
}

/// A line that a test writes for people: `corpus: …`, with or without libtest's dots before it.
fn remark(line: &str) -> Option<&str> {
    let start = line.find("corpus: ")?;
    let is_dots = line.get(..start)?.bytes().all(|byte| byte == b'.');
    is_dots.then(|| line.get(start..)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_are_found_among_libtests_dots() {
        assert_eq!(
            remark("..corpus: chat: 252 cases, 0 failed"),
            Some("corpus: chat: 252 cases, 0 failed")
        );
        assert_eq!(remark("corpus: skipped"), Some("corpus: skipped"));
        assert_eq!(remark("the corpus: of all"), None);
        assert_eq!(remark("running 3 tests"), None);
    }
}
