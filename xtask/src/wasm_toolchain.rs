//! Decides which Rust builds the WebAssembly components, and says so.
//!
//! rustup's `wasm32-wasip2` where it is there or can be added; where it cannot be downloaded, the
//! distribution's Rust, which builds the standard library itself. Builds no component.

mod distribution;
mod rustup;

use std::env;
use std::process::Command;

use anyhow::{Context, Result, bail};

use self::distribution::Distribution;
use crate::cargo::cargo;
use crate::console;
use crate::workspace::Workspace;

/// The target of both components, the one that spin-sdk is made for.
pub(crate) const TARGET: &str = "wasm32-wasip2";

/// Forces the decision: `auto` (default), `rustup` or `distribution`.
const CHOICE_VARIABLE: &str = "GEMPOOL_WASM_TOOLCHAIN";

/// A Rust that can build for [`TARGET`].
pub(crate) enum WasmToolchain {
    /// The workspace's toolchain has the target's standard library.
    Rustup,
    /// The distribution's cargo builds the standard library from its own source package.
    Distribution(Distribution),
}

impl WasmToolchain {
    /// Decides, installing what is missing, and says in one line what it chose.
    ///
    /// # Errors
    /// Says what was tried and what to install by hand when neither way works.
    pub(crate) fn decide(workspace: &Workspace) -> Result<Self> {
        let choice = env::var(CHOICE_VARIABLE).unwrap_or_default();
        let toolchain = match choice.as_str() {
            "" | "auto" => Self::decide_freely(workspace)?,
            "rustup" if rustup::has_target(workspace) || rustup::add_target(workspace)? => {
                Self::Rustup
            }
            "rustup" => {
                bail!("{CHOICE_VARIABLE}=rustup, but its {TARGET} is missing and cannot be added")
            }
            "distribution" => Self::Distribution(Distribution::find_or_install(workspace)?),
            other => bail!("{CHOICE_VARIABLE}={other}: say auto, rustup or distribution"),
        };
        console::note(&toolchain.describe());
        Ok(toolchain)
    }

    fn decide_freely(workspace: &Workspace) -> Result<Self> {
        if rustup::has_target(workspace) {
            return Ok(Self::Rustup);
        }
        // Looked for before rustup is asked to download: where that hangs, it would at each build.
        if let Ok(found) = Distribution::find(workspace) {
            return Ok(Self::Distribution(found));
        }
        if rustup::add_target(workspace)? {
            return Ok(Self::Rustup);
        }
        Distribution::find_or_install(workspace)
            .map(Self::Distribution)
            .with_context(|| format!("no Rust here can build for {TARGET}"))
    }

    fn describe(&self) -> String {
        match self {
            Self::Rustup => format!("components are built by rustup's Rust with its {TARGET}"),
            Self::Distribution(found) => format!(
                "components are built by the distribution's {}, standard library included",
                found.version()
            ),
        }
    }

    /// A cargo call for the components: the target and its folder are set, packages are not.
    ///
    /// # Errors
    /// Fails when the linker's link below `target/` cannot be made.
    pub(crate) fn cargo(&self, workspace: &Workspace, subcommand: &str) -> Result<Command> {
        let mut command = match self {
            Self::Rustup => cargo(workspace, subcommand),
            Self::Distribution(found) => found.cargo(workspace, subcommand)?,
        };
        // A folder of their own, because the profiles of host and components differ and a build
        // in one must not wait for the lock of the other.
        command
            .args(["--target", TARGET, "--target-dir"])
            .arg(workspace.target().join("wasm"));
        Ok(command)
    }

    /// Makes sure that this toolchain has a clippy.
    ///
    /// # Errors
    /// Says what to install when it has none and none can be installed.
    pub(crate) fn need_clippy(&self) -> Result<()> {
        match self {
            // `rust-toolchain.toml` names it as a component.
            Self::Rustup => Ok(()),
            Self::Distribution(_) => distribution::install_clippy(),
        }
    }
}
