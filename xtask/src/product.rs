//! The native half of a build: the `gempool` binary with both components inside, the simulator
//! and the benchmark.
//!
//! Builds no component.

use anyhow::Result;

use crate::cargo::native;
use crate::process;
use crate::workspace::Workspace;

/// The product's binary.
pub(crate) const GEMPOOL: &str = "gempool";
/// The benchmark's binary.
pub(crate) const BENCH: &str = "gempool-bench";

/// Builds all native programs into `target/release`.
///
/// # Errors
/// Fails when they do not compile.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    // All at once: built alone, one may get other features of a shared dependency than with the
    // rest, and then tests build wasmtime a second time.
    process::run(native(workspace, "build").arg("--bins"))
}
