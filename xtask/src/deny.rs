//! Checks licenses, banned crates, sources and advisories of all dependencies with cargo-deny.
//!
//! The rules are in `deny.toml`; here is only how to come by the tool.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::cargo::cargo;
use crate::console;
use crate::process::{self, first_line};
use crate::workspace::Workspace;

/// The release that `deny.toml` is written for.
const VERSION: &str = "0.20.2";

/// Checks what needs no network.
///
/// # Errors
/// Fails when the tool cannot be installed or a rule is broken.
pub(crate) fn check_rules(workspace: &Workspace) -> Result<()> {
    let captured = process::capture(&mut command(workspace, &["licenses", "bans", "sources"])?)?;
    if !captured.success {
        console::output(&captured.output);
        bail!("deny.toml is broken by a dependency");
    }
    Ok(())
}

/// Checks against the advisory database; gives the reason if that cannot be had.
///
/// # Errors
/// Fails when the tool cannot be installed or an advisory applies.
pub(crate) fn check_advisories(workspace: &Workspace) -> Result<Option<String>> {
    let captured = process::capture(&mut command(workspace, &["advisories"])?)?;
    if captured.success {
        return Ok(None);
    }
    if captured
        .output
        .contains("failed to fetch advisory database")
    {
        return Ok(Some(
            "the advisory database on GitHub cannot be fetched".to_owned(),
        ));
    }
    console::output(&captured.output);
    bail!("an advisory applies to a dependency");
}

fn command(workspace: &Workspace, checks: &[&str]) -> Result<Command> {
    let mut command = Command::new(find_or_install(workspace)?);
    command
        .current_dir(workspace.root())
        .args(["--workspace", "--log-level", "error", "check"])
        .args(checks);
    Ok(command)
}

fn find_or_install(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target().join("tools");
    let own = folder.join("bin/cargo-deny");
    for program in [PathBuf::from("cargo-deny"), own.clone()] {
        let version = first_line(Command::new(&program).arg("--version"));
        if version.is_some_and(|line| line.ends_with(VERSION)) {
            return Ok(program);
        }
    }
    console::note(&format!(
        "installing cargo-deny {VERSION} into target/tools (about a minute)"
    ));
    let mut install = cargo(workspace, "install");
    install
        .args([
            "cargo-deny",
            "--version",
            VERSION,
            "--locked",
            "--quiet",
            "--root",
        ])
        .arg(&folder)
        .arg("--target-dir")
        .arg(folder.join("build"))
        // It runs for a second; optimizing it would take minutes.
        .args(["--debug", "--config", "profile.dev.debug=false"]);
    process::run_quiet(&mut install)?;
    Ok(own)
}
