//! The texts that tidy looks at, and what it says about them.
//!
//! Takes from git which files there are, so that nothing that is ignored is judged. Files that
//! are no UTF-8 (images, fonts) are listed without a text.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;

/// One breach of a rule: where, and what to do. Line 0 stands for the file as a whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Finding {
    path: String,
    line: usize,
    advice: String,
}

impl Finding {
    /// A finding at a line, counted from 1.
    pub(super) fn at(path: &str, line: usize, advice: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            advice: advice.into(),
        }
    }

    /// A finding about a whole file.
    pub(super) fn file(path: &str, advice: impl Into<String>) -> Self {
        Self::at(path, 1, advice)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.path, self.line, self.advice)
    }
}

/// All files by their path from the root, with `/`.
#[derive(Default)]
pub(super) struct Tree {
    files: BTreeMap<String, Option<String>>,
}

impl Tree {
    /// Reads what git tracks, and what it would add.
    ///
    /// # Errors
    /// Fails when there is no git repository or a file cannot be read.
    pub(super) fn of_git(root: &Path) -> Result<Self> {
        let mut list = Command::new("git");
        list.args([
            "-c",
            "core.quotePath=off",
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root);
        let listed = process::capture(&mut list)?;
        if !listed.success {
            bail!("cannot list the files: {}", listed.output.trim());
        }
        let mut files = BTreeMap::new();
        for path in listed.output.lines() {
            let full = root.join(path);
            // Deleted, but not yet in git's eyes; or a submodule.
            if !full.is_file() {
                continue;
            }
            let bytes = fs::read(&full).with_context(|| format!("cannot read {path}"))?;
            files.insert(path.to_owned(), String::from_utf8(bytes).ok());
        }
        Ok(Self { files })
    }

    /// Paths and texts of all files that have a text.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .filter_map(|(path, text)| Some((path.as_str(), text.as_deref()?)))
    }

    /// The Rust files.
    pub(super) fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts().filter(|(path, _)| path.ends_with(".rs"))
    }

    /// All paths, with a text or without.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The text of one file.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path)?.as_deref()
    }

    /// Whether there is such a file, or a folder with a file in it.
    pub(super) fn has(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        path.is_empty()
            || self.files.contains_key(path)
            || self.paths().any(|it| it.starts_with(&folder))
    }
}

#[cfg(test)]
impl Tree {
    /// A tree made up for a test.
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        Self {
            files: files
                .iter()
                .map(|(path, text)| ((*path).to_owned(), Some((*text).to_owned())))
                .collect(),
        }
    }
}

/// Runs a check over a made-up tree and gives its findings as printed.
#[cfg(test)]
pub(super) fn findings(check: fn(&Tree) -> Vec<Finding>, files: &[(&str, &str)]) -> Vec<String> {
    check(&Tree::of(files))
        .iter()
        .map(ToString::to_string)
        .collect()
}
