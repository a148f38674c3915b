//! Embeds the two components into the binary.
//!
//! Does not build them: that is `cargo xtask build`. A missing component leaves an empty file, and the
//! binary says so when it starts.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=GEMPOOL_COMPONENTS_DIR");
    let manifest = PathBuf::from(var("CARGO_MANIFEST_DIR")?);
    let folder = env::var_os("GEMPOOL_COMPONENTS_DIR")
        .map_or_else(|| manifest.join("../../target/components"), PathBuf::from);
    let out = PathBuf::from(var("OUT_DIR")?);
    for name in ["gateway.wasm", "admin.wasm"] {
        embed(&folder.join(name), &out.join(name))?;
    }
    Ok(())
}

/// Copies `from` to `to`, or writes an empty file where there is nothing to copy.
fn embed(from: &Path, to: &Path) -> io::Result<()> {
    // Cargo looks at this path again on every build, also while it does not exist yet.
    println!("cargo::rerun-if-changed={}", from.display());
    match fs::copy(from, to) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => fs::write(to, b""),
        Err(error) => Err(error),
    }
}

fn var(name: &str) -> io::Result<std::ffi::OsString> {
    env::var_os(name).ok_or_else(|| io::Error::other(format!("cargo did not set {name}")))
}
