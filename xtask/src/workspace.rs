//! Where things lie: the workspace root and what is made under `target/`.
//!
//! Knows paths only; makes nothing and checks nothing.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The workspace this program was compiled in, and its build folder.
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Finds the workspace this program belongs to, and honors `CARGO_TARGET_DIR`.
    ///
    /// # Errors
    /// Fails when `xtask/` was moved out of its workspace.
    pub(crate) fn find() -> Result<Self> {
        // As cargo says at run time: a build folder shared by two clones holds one program for both.
        let manifest =
            env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest)
            .parent()
            .context("xtask/ has no parent folder")?
            .to_path_buf();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            // A relative folder is relative to where cargo was called, as cargo has it.
            Some(folder) => env::current_dir()
                .context("the current folder is gone")?
                .join(folder),
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// The folder that holds the workspace's `Cargo.toml`.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path below the root, given with `/`.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// The folder of everything that is made, and can be deleted.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Where the two finished components lie, and where the host embeds them from.
    pub(crate) fn components(&self) -> PathBuf {
        self.target.join("components")
    }

    /// A native program made by the release profile.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.target.join("release").join(name)
    }
}
