//! Remembers which inputs a step last succeeded with, so that it can be skipped.
//!
//! For steps whose tool does not know by itself (npm, pip). Compares contents, not times: a
//! fresh checkout and a `git switch` there and back change times only.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::workspace::Workspace;

/// The inputs of one step as they are now.
pub(crate) struct Stamp {
    file: PathBuf,
    digest: String,
}

impl Stamp {
    /// Reads the inputs of the step `name`: files, and folders with all that is in them except
    /// what `skip` names. Missing inputs count as empty.
    ///
    /// # Errors
    /// Fails when an input exists and cannot be read.
    pub(crate) fn of(
        workspace: &Workspace,
        name: &str,
        inputs: &[PathBuf],
        skip: &[&str],
    ) -> Result<Self> {
        let mut files = Vec::new();
        for input in inputs {
            list_files(input, skip, &mut files)?;
        }
        files.sort();
        let mut hasher = Sha256::new();
        for file in &files {
            let bytes =
                fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
            // Lengths keep two files apart that differ only in where one ends.
            hasher.update(file.as_os_str().as_encoded_bytes());
            hasher.update(bytes.len().to_le_bytes());
            hasher.update(&bytes);
        }
        Ok(Self {
            file: workspace.target().join("stamps").join(name),
            digest: hasher
                .finalize()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        })
    }

    /// Whether the step last succeeded with just these inputs.
    pub(crate) fn is_current(&self) -> bool {
        fs::read(&self.file).is_ok_and(|last| last == self.digest.as_bytes())
    }

    /// Remembers that the step succeeded; call it afterwards only.
    ///
    /// # Errors
    /// Fails when the file below `target/stamps` cannot be written.
    pub(crate) fn write(&self) -> Result<()> {
        let failed = || format!("cannot write {}", self.file.display());
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder).with_context(failed)?;
        }
        fs::write(&self.file, &self.digest).with_context(failed)
    }
}

fn list_files(path: &Path, skip: &[&str], files: &mut Vec<PathBuf>) -> Result<()> {
    if path
        .file_name()
        .is_some_and(|name| skip.iter().any(|it| name == *it))
    {
        return Ok(());
    }
    if path.is_dir() {
        let entries =
            fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()))?;
        for entry in entries {
            list_files(&entry?.path(), skip, files)?;
        }
    } else if path.is_file() {
        files.push(path.to_path_buf());
    }
    Ok(())
}
