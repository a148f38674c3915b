//! Makes cargo commands that all share one build folder and one set of build settings.
//!
//! Does not run them. A cargo command made elsewhere would rebuild wasmtime (ten minutes) as soon
//! as one setting differs, so every native build, test and lint comes from here.

use std::env;
use std::process::Command;

use crate::workspace::Workspace;

/// What `cargo run` tells the program it runs (this one). Passed on, they make build scripts
/// that watch them (ring's does) run again, and everything that depends on those.
const LEAKED_PREFIXES: [&str; 3] = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"];
const LEAKED_NAMES: [&str; 3] = [
    "CARGO_PRIMARY_PACKAGE",
    "CARGO_CRATE_NAME",
    "LD_LIBRARY_PATH",
];

/// A call of the workspace's own cargo, in the workspace's root.
pub(crate) fn cargo(workspace: &Workspace, subcommand: &str) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace.root()).arg(subcommand);
    forget_this_program(&mut command);
    let components = workspace.components();
    // Left unset for the default folder, so that a plain `cargo build` shares the result.
    if components != workspace.path("target/components") {
        command.env("GEMPOOL_COMPONENTS_DIR", components);
    }
    command
}

/// A call of cargo for all native product crates, always the same set: another set can mean other
/// features of shared dependencies, and that means building them again.
pub(crate) fn native(workspace: &Workspace, subcommand: &str) -> Command {
    let mut command = cargo(workspace, subcommand);
    command.args(["--workspace", "--exclude", "xtask", "--release"]);
    command
}

/// Removes what `cargo run` set for this program from a command's environment.
pub(crate) fn forget_this_program(command: &mut Command) {
    for (name, _) in env::vars_os() {
        let leaked = name.to_str().is_some_and(|name| {
            LEAKED_NAMES.contains(&name)
                || LEAKED_PREFIXES
                    .iter()
                    .any(|prefix| name.starts_with(prefix))
        });
        if leaked {
            command.env_remove(name);
        }
    }
}
