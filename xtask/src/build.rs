//! `cargo xtask build`: page, components, native binary, in the order in which each embeds the
//! one before.
//!
//! Runs no test. Nothing changed since last time means under five seconds.

use anyhow::Result;

use crate::wasm_toolchain::WasmToolchain;
use crate::workspace::Workspace;
use crate::{components, console, product, web_ui};

/// Build the web page, both components and the `gempool` binary.
///
/// Leaves `target/components/{gateway,admin}.wasm` and `target/release/gempool`. Does only what
/// changed. Needs Node.js and npm; says how it comes by a Rust for `wasm32-wasip2`, which
/// `GEMPOOL_WASM_TOOLCHAIN=auto|rustup|distribution` can force.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Stop after the components, as `spin build` needs it
    #[arg(long)]
    components_only: bool,
}

/// Runs the command.
///
/// # Errors
/// Fails with the first part that cannot be built.
pub(crate) fn run(workspace: &Workspace, args: &Args) -> Result<()> {
    build_components(workspace)?;
    if args.components_only {
        return Ok(());
    }
    build_product(workspace)
}

/// Everything: page, components, native programs.
///
/// # Errors
/// Fails with the first part that cannot be built.
pub(crate) fn build_all(workspace: &Workspace) -> Result<()> {
    build_components(workspace)?;
    build_product(workspace)
}

fn build_components(workspace: &Workspace) -> Result<()> {
    console::step("build: web page");
    web_ui::build(workspace)?;
    console::step("build: components");
    let toolchain = WasmToolchain::decide(workspace)?;
    components::build(workspace, &toolchain)
}

fn build_product(workspace: &Workspace) -> Result<()> {
    console::step("build: native programs (the first time takes about ten minutes: wasmtime)");
    product::build(workspace)
}
