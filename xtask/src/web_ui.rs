//! Installs the packages of the npm projects and builds the web page that the admin component
//! embeds.
//!
//! Each step runs only if its inputs changed since it last succeeded.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::console;
use crate::process::{self, first_line};
use crate::stamp::Stamp;
use crate::workspace::Workspace;

/// The web page's source.
pub(crate) const UI: &str = "admin/ui";
/// The browser tests, driven by `tests/`.
pub(crate) const BROWSER_TESTS: &str = "tests/browser";
/// The tests with client libraries for JavaScript, driven by `tests/`, too.
pub(crate) const CLIENT_TESTS: &str = "tests/node";

/// Oldest Node.js that Vite runs on.
const OLDEST_NODE: u32 = 20;
/// Made by the tools themselves, so no input of a build.
const NO_INPUT: [&str; 4] = ["node_modules", "dist", "coverage", ".vite"];

/// Builds the page into `admin/ui/dist`.
///
/// # Errors
/// Says what to install when Node.js or npm is missing, else fails with npm.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    install_packages(workspace, UI)?;
    let stamp = Stamp::of(workspace, "ui-build", &[workspace.path(UI)], &NO_INPUT)?;
    if stamp.is_current() && workspace.path(UI).join("dist/index.html").is_file() {
        return Ok(());
    }
    console::note("building the web page (npm run build)");
    process::run_quiet(npm(workspace, UI).args(["run", "build"]))?;
    stamp.write()
}

/// Installs exactly what the project's lock file names.
///
/// # Errors
/// As [`build`].
pub(crate) fn install_packages(workspace: &Workspace, project: &str) -> Result<()> {
    let folder = workspace.path(project);
    let name = format!("npm-{}", project.replace('/', "-"));
    let inputs = [
        folder.join("package.json"),
        folder.join("package-lock.json"),
    ];
    let stamp = Stamp::of(workspace, &name, &inputs, &[])?;
    if stamp.is_current() && folder.join("node_modules").is_dir() {
        return Ok(());
    }
    need_node()?;
    console::note(&format!(
        "installing the npm packages of {project} (npm ci)"
    ));
    process::run_quiet(npm(workspace, project).args(["ci", "--no-audit", "--no-fund"]))
        .with_context(|| format!("npm packages of {project}"))?;
    stamp.write()
}

/// An npm call in one of the projects, its output without colors.
pub(crate) fn npm(workspace: &Workspace, project: &str) -> Command {
    let mut command = Command::new("npm");
    command
        .current_dir(workspace.path(project))
        .env("NO_COLOR", "1");
    command
}

fn need_node() -> Result<()> {
    let advice = format!("install Node.js {OLDEST_NODE} or newer with npm (https://nodejs.org)");
    let Some(version) = first_line(Command::new("node").arg("--version")) else {
        bail!("there is no node here: {advice}");
    };
    if major_version(&version).is_none_or(|major| major < OLDEST_NODE) {
        bail!("node is {version}: {advice}");
    }
    if first_line(Command::new("npm").arg("--version")).is_none() {
        bail!("there is no npm here: {advice}");
    }
    Ok(())
}

/// `20` of `v20.20.2`.
fn major_version(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_major_version_of_node() {
        assert_eq!(major_version("v20.20.2"), Some(20));
        assert_eq!(major_version("20"), None);
    }
}
