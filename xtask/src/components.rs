//! Builds the two WebAssembly components and puts them where host and manifest look for them.
//!
//! Needs the web page to be built, which the admin component embeds.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::console;
use crate::process;
use crate::wasm_toolchain::{TARGET, WasmToolchain};
use crate::workspace::Workspace;

/// Cargo's profile for components: small, stripped (root `Cargo.toml`).
pub(crate) const PROFILE: &str = "component";
/// The components' packages.
pub(crate) const PACKAGES: [&str; 2] = ["gempool-gateway", "gempool-admin"];

/// What cargo calls the two, and what everybody else does.
const FILES: [(&str, &str); 2] = [
    ("gempool_gateway.wasm", "gateway.wasm"),
    ("gempool_admin.wasm", "admin.wasm"),
];

/// Builds both into `target/components/`.
///
/// # Errors
/// Fails when no Rust can build them, when they do not compile, or when a file cannot be written.
pub(crate) fn build(workspace: &Workspace, toolchain: &WasmToolchain) -> Result<()> {
    let mut command = toolchain.cargo(workspace, "build")?;
    command.args(["--profile", PROFILE]);
    for package in PACKAGES {
        command.args(["--package", package]);
    }
    process::run(&mut command)?;

    let made = workspace.target().join("wasm").join(TARGET).join(PROFILE);
    let folder = workspace.components();
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for (from, to) in FILES {
        copy_if_changed(&made.join(from), &folder.join(to))?;
    }
    Ok(())
}

/// Copies only other bytes: the host embeds the file and is linked again whenever it is touched.
fn copy_if_changed(from: &Path, to: &Path) -> Result<()> {
    let bytes = fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
    if fs::read(to).is_ok_and(|present| present == bytes) {
        return Ok(());
    }
    fs::write(to, &bytes).with_context(|| format!("cannot write {}", to.display()))?;
    console::note(&format!(
        "new {} ({} KiB)",
        to.display(),
        bytes.len() / 1024
    ));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_an_equal_file_untouched() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::write(&from, "bytes").unwrap();
        copy_if_changed(&from, &to).unwrap();
        let mut permissions = fs::metadata(&to).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&to, permissions).unwrap();
        let before = fs::metadata(&to).unwrap().modified().unwrap();

        copy_if_changed(&from, &to).unwrap();

        assert_eq!(fs::metadata(&to).unwrap().modified().unwrap(), before);
    }
}
