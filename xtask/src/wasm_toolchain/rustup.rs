//! rustup's half of the decision: is the target there, and can it be added.
//!
//! Only ever adds the target to the toolchain that the workspace pins; installs no toolchain.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::TARGET;
use crate::console;
use crate::process::{first_line, run_within};
use crate::workspace::Workspace;

/// The download is 30 MB; where the network swallows packets, rustup itself would try for minutes.
const ADD_TARGET_LIMIT: Duration = Duration::from_secs(60);

/// The folder of the workspace's toolchain, if there is a `rustc` at all.
pub(super) fn sysroot(workspace: &Workspace) -> Option<PathBuf> {
    let mut command = Command::new("rustc");
    command
        .args(["--print", "sysroot"])
        .current_dir(workspace.root());
    first_line(&mut command).map(PathBuf::from)
}

/// Whether the workspace's toolchain has the target's standard library.
pub(super) fn has_target(workspace: &Workspace) -> bool {
    sysroot(workspace)
        .is_some_and(|root| root.join("lib/rustlib").join(TARGET).join("lib").is_dir())
}

/// Asks rustup for the target; false if there is no rustup or the target cannot be downloaded.
///
/// # Errors
/// Fails only when a running rustup cannot be watched or ended.
pub(super) fn add_target(workspace: &Workspace) -> Result<bool> {
    if first_line(Command::new("rustup").arg("--version")).is_none() {
        console::note("there is no rustup here");
        return Ok(false);
    }
    let seconds = ADD_TARGET_LIMIT.as_secs();
    console::note(&format!(
        "adding {TARGET} with rustup (at most {seconds} s)"
    ));
    let mut command = Command::new("rustup");
    command
        .args(["target", "add", TARGET])
        .current_dir(workspace.root());
    let added = run_within(&mut command, ADD_TARGET_LIMIT)? && has_target(workspace);
    if !added {
        console::note("rustup cannot download it here");
    }
    Ok(added)
}
