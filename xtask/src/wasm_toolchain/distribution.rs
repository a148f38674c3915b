//! The distribution's half of the decision: Debian's Rust, whose packages carry no standard
//! library for the target but the source of one.
//!
//! Proven with Debian 12's security archive (2026-11-21): rustc 1.96.0 builds std itself, links
//! with the `wasm-component-ld` of `rust-web-llvm`, and the component runs. Knows no other
//! distribution's packages.

use std::env::consts::ARCH;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{TARGET, rustup};
use crate::cargo::forget_this_program;
use crate::debian;
use crate::process::first_line;
use crate::workspace::Workspace;

/// Compiler, cargo, the standard library's source, the component linker, and the C library that
/// std links (only `libc.a` of it is used).
const PACKAGES: [&str; 5] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "rust-web-llvm",
    "wasi-libc",
];
const CLIPPY_PACKAGE: &str = "rust-web-clippy";

/// Oldest minor version of Rust 1 that builds this workspace (`rust-version` in `Cargo.toml`).
const OLDEST_MINOR: u32 = 95;

// Full paths, because in `PATH` rustup's proxies of the same names usually come first.
const CARGO: &str = "/usr/bin/cargo";
const RUSTC: &str = "/usr/bin/rustc";
const CLIPPY: &str = "/usr/bin/cargo-clippy";
const RUSTDOC: &str = "/usr/bin/rustdoc";
const RUST_LLD: &str = "/usr/bin/rust-lld";
const STD_SOURCE: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";
const LIBC_FOLDER: &str = "/usr/lib/wasm32-wasi";

/// The distribution's Rust, complete.
pub(crate) struct Distribution {
    version: String,
    lld: PathBuf,
}

impl Distribution {
    /// Finds it as installed.
    ///
    /// # Errors
    /// Names the first thing that is missing or too old.
    pub(super) fn find(workspace: &Workspace) -> Result<Self> {
        let component_linker =
            format!("/usr/lib/rustlib/{ARCH}-unknown-linux-gnu/bin/wasm-component-ld");
        let libc = format!("{LIBC_FOLDER}/libc.a");
        for needed in [CARGO, RUSTC, STD_SOURCE, &component_linker, &libc] {
            if !Path::new(needed).exists() {
                bail!("{needed} is missing");
            }
        }
        let version = first_line(Command::new(RUSTC).arg("--version"))
            .with_context(|| format!("{RUSTC} does not run"))?;
        if minor_version(&version).is_none_or(|minor| minor < OLDEST_MINOR) {
            bail!("{RUSTC} is {version}, and 1.{OLDEST_MINOR} is needed");
        }
        let lld = find_lld(workspace).context("there is no rust-lld to link with")?;
        Ok(Self { version, lld })
    }

    /// Finds it, or installs it through apt.
    ///
    /// # Errors
    /// Says which packages are needed when they cannot be installed or do not do.
    pub(super) fn find_or_install(workspace: &Workspace) -> Result<Self> {
        if let Ok(found) = Self::find(workspace) {
            return Ok(found);
        }
        let purpose = "building WebAssembly components";
        debian::install_missing(&PACKAGES, purpose)?;
        if Self::find(workspace).is_err() {
            // Old package lists offer an older Rust, and `rust-lld` is a link into a package that
            // is only recommended: both are mended by asking for them by name.
            debian::refresh()?;
            debian::install(&PACKAGES, purpose)?;
            if find_lld(workspace).is_none()
                && let Ok(package) = fs::read_link(RUST_LLD)
            {
                debian::install(&[&package.to_string_lossy()], purpose)?;
            }
        }
        Self::find(workspace).context("the distribution's Rust is installed, and still does not do")
    }

    /// What its compiler calls itself.
    pub(super) fn version(&self) -> &str {
        &self.version
    }

    /// A call of its cargo that builds the standard library along.
    ///
    /// # Errors
    /// Fails when the linker's link below `target/` cannot be made.
    pub(super) fn cargo(&self, workspace: &Workspace, subcommand: &str) -> Result<Command> {
        let wasm_ld = self.link_wasm_ld(workspace)?;
        // Cargo looks for `cargo-clippy` among rustup's proxies first, so it is called directly.
        let program = if subcommand == "clippy" {
            CLIPPY
        } else {
            CARGO
        };
        let mut command = Command::new(program);
        command.current_dir(workspace.root());
        forget_this_program(&mut command);
        // Set by rustup's proxies for what they run; a compiler of another toolchain would be
        // taken. `RUSTFLAGS` would silently replace the linker's arguments below.
        for name in [
            "CARGO",
            "RUSTUP_TOOLCHAIN",
            "RUSTFLAGS",
            "CARGO_ENCODED_RUSTFLAGS",
        ] {
            command.env_remove(name);
        }
        command
            .env("CARGO", CARGO)
            .env("RUSTC", RUSTC)
            .env("RUSTDOC", RUSTDOC)
            // Building std is not stable; the distribution's compiler is a release that must be
            // told to allow it.
            .env("RUSTC_BOOTSTRAP", "1")
            .env(
                "CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS",
                format!(
                    "-Lnative={LIBC_FOLDER} -Clink-arg=--wasm-ld-path={}",
                    wasm_ld.display()
                ),
            )
            .args([subcommand, "-Zbuild-std=std,panic_abort"]);
        Ok(command)
    }

    /// The component linker calls a program named `wasm-ld`; lld takes its part from its name.
    fn link_wasm_ld(&self, workspace: &Workspace) -> Result<PathBuf> {
        let link = workspace.target().join("toolchain/wasm-ld");
        let failed = || format!("cannot make the link {}", link.display());
        if fs::read_link(&link).is_ok_and(|current| current == self.lld) {
            return Ok(link);
        }
        if let Some(folder) = link.parent() {
            fs::create_dir_all(folder).with_context(failed)?;
        }
        if link.is_symlink() {
            fs::remove_file(&link).with_context(failed)?;
        }
        symlink(&self.lld, &link).with_context(failed)?;
        Ok(link)
    }
}

/// Installs the distribution's clippy if it is missing.
///
/// # Errors
/// As [`debian::install_missing`].
pub(super) fn install_clippy() -> Result<()> {
    debian::install_missing(&[CLIPPY_PACKAGE], &format!("linting for {TARGET}"))
}

/// The lld of the workspace's own toolchain, else the distribution's.
fn find_lld(workspace: &Workspace) -> Option<PathBuf> {
    let own = rustup::sysroot(workspace)
        .map(|root| root.join(format!("lib/rustlib/{ARCH}-unknown-linux-gnu/bin/rust-lld")));
    own.into_iter()
        .chain([PathBuf::from(RUST_LLD)])
        .find(|path| path.exists())
}

/// `96` of `rustc 1.96.0 (…)`.
fn minor_version(version: &str) -> Option<u32> {
    let number = version.split(' ').nth(1)?;
    number.split('.').nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_minor_version_of_a_release_and_of_a_beta() {
        assert_eq!(
            minor_version("rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)"),
            Some(96)
        );
        assert_eq!(
            minor_version("rustc 1.97.0-beta.1 (0 2026-06-01)"),
            Some(97)
        );
        assert_eq!(minor_version("not a version"), None);
    }
}
