//! Installs Debian packages where that is possible, and says which.
//!
//! Never removes a package. On other systems it says what is missing and leaves the installing
//! to the person.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::console;
use crate::process::{self, first_line};

/// Installs those of `packages` that are missing, saying so and why.
///
/// # Errors
/// Says what to install by hand when apt is missing, not allowed, or fails.
pub(crate) fn install_missing(packages: &[&str], purpose: &str) -> Result<()> {
    let missing: Vec<&str> = packages
        .iter()
        .copied()
        .filter(|it| !is_installed(it))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    install(&missing, purpose)
}

/// Installs or upgrades `packages`, from fresh package lists if the present ones do not do.
///
/// # Errors
/// As [`install_missing`].
pub(crate) fn install(packages: &[&str], purpose: &str) -> Result<()> {
    let names = packages.join(" ");
    let advice = || format!("for {purpose} these Debian packages are needed: {names}");
    console::note(&format!(
        "installing Debian packages for {purpose}: {names}"
    ));
    if process::capture(&mut install_command(packages).with_context(advice)?)?.success {
        return Ok(());
    }
    refresh().with_context(advice)?;
    process::run_quiet(&mut install_command(packages)?).with_context(advice)
}

/// Fetches the package lists anew.
///
/// # Errors
/// Fails when apt is missing, not allowed, or fails.
pub(crate) fn refresh() -> Result<()> {
    console::note("refreshing the package lists (apt-get update)");
    process::run_quiet(apt_get()?.arg("update"))
}

fn is_installed(package: &str) -> bool {
    let mut query = Command::new("dpkg-query");
    query.args(["--show", "--showformat=${db:Status-Status}", package]);
    first_line(&mut query).is_some_and(|status| status == "installed")
}

fn install_command(packages: &[&str]) -> Result<Command> {
    let mut command = apt_get()?;
    command
        .args(["install", "--yes", "--no-install-recommends"])
        .args(packages);
    Ok(command)
}

/// apt-get as root: directly, or through sudo where that asks for no password.
fn apt_get() -> Result<Command> {
    if first_line(Command::new("apt-get").arg("--version")).is_none() {
        bail!("there is no apt-get here");
    }
    let user = first_line(Command::new("id").arg("--user")).unwrap_or_default();
    let mut command = if user == "0" {
        Command::new("apt-get")
    } else if process::capture(Command::new("sudo").args(["-n", "true"])).is_ok_and(|it| it.success)
    {
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "apt-get"]);
        sudo
    } else {
        bail!("neither root nor sudo without a password");
    };
    command.env("DEBIAN_FRONTEND", "noninteractive");
    Ok(command)
}
