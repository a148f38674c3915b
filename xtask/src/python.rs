//! Makes the Python environment that the tests with client libraries run in.
//!
//! Installs what `tests/python/requirements.txt` pins, into `target/venv`; touches nothing else.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::stamp::Stamp;
use crate::workspace::Workspace;
use crate::{console, debian, process};

const REQUIREMENTS: &str = "tests/python/requirements.txt";

/// Makes the environment if it is missing or its requirements changed; gives its interpreter.
///
/// # Errors
/// Says what to install when there is no Python with `venv`, else fails with pip.
pub(crate) fn prepare(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target().join("venv");
    let python = folder.join("bin/python");
    let stamp = Stamp::of(workspace, "venv", &[workspace.path(REQUIREMENTS)], &[])?;
    if stamp.is_current() && python.exists() {
        return Ok(python);
    }
    console::note("making the Python environment of the client libraries' tests in target/venv");
    let make = || {
        let mut command = Command::new("python3");
        command.args(["-m", "venv", "--clear"]).arg(&folder);
        command
    };
    if !process::capture(&mut make()).is_ok_and(|it| it.success) {
        debian::install_missing(&["python3", "python3-venv"], "the client libraries' tests")?;
        process::run_quiet(&mut make()).context("a Python 3 with venv is needed")?;
    }
    process::run_quiet(
        Command::new(&python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--requirement",
            ])
            .arg(workspace.path(REQUIREMENTS)),
    )?;
    stamp.write()?;
    Ok(python)
}
