//! `cargo xtask tidy`: house rules that no other tool checks.
//!
//! Each check is one file below `tidy/`, a pure function from the tree's texts to findings, and
//! says what to do. Nothing is mended here, and what rustfmt, clippy or cargo-deny check is not
//! checked again.

mod boundaries;
mod built_world;
mod file_size;
mod fixtures;
mod links;
mod lock_file;
mod manifest;
mod module_docs;
mod notes;
mod tree;
mod variables;
mod whitespace;
mod world;

use anyhow::{Result, bail};

use self::tree::{Finding, Tree};
use crate::console;
use crate::workspace::Workspace;

/// Check the house rules: module docs, file size, boundaries, manifest and interface in step.
///
/// Prints `file:line: what to do` for each breach. Reads the files that git tracks or would add,
/// and `target/components/gateway.wasm`, which `cargo xtask build` makes.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// Every check of texts alone.
const CHECKS: [fn(&Tree) -> Vec<Finding>; 10] = [
    module_docs::check,
    file_size::check,
    boundaries::check,
    whitespace::check,
    notes::check,
    links::check,
    manifest::check,
    variables::check,
    fixtures::check,
    lock_file::check,
];

/// Runs the command.
///
/// # Errors
/// Fails when the tree cannot be read or a rule is broken.
pub(crate) fn run(workspace: &Workspace, _args: &Args) -> Result<()> {
    let tree = Tree::of_git(workspace.root())?;
    let mut findings: Vec<Finding> = CHECKS.iter().flat_map(|check| check(&tree)).collect();
    findings.extend(world::check(
        &tree,
        &workspace.components().join("gateway.wasm"),
    ));
    findings.sort();
    for finding in &findings {
        console::result(&finding.to_string());
    }
    if !findings.is_empty() {
        bail!("tidy has {} findings", findings.len());
    }
    Ok(())
}
