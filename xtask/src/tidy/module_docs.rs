//! Every Rust file opens with `//!`: what it is for, then what it does not do.
//!
//! Cannot tell whether that is true or well said.

use super::tree::{Finding, Tree};

/// A crate whose docs are its README, which tells the same.
const README_AS_DOCS: &str = "#![doc = include_str!(\"../README.md\")]";

/// The check.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    tree.rust()
        .filter(|(_, text)| !text.starts_with("//!") && !text.starts_with(README_AS_DOCS))
        .map(|(path, _)| {
            let advice = "open the file with `//!`: what it is for, then what it does not do";
            Finding::file(path, advice)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::findings;
    use super::*;

    #[test]
    fn finds_files_without_docs_on_the_first_line() {
        let files = [
            ("build.rs", "fn main() {}\n"),
            ("src/good.rs", "//! Good.\n"),
            ("crates/sim/src/lib.rs", README_AS_DOCS),
            ("src/late.rs", "\n//! Late.\n"),
            ("README.md", "no Rust\n"),
        ];
        let found = findings(check, &files);
        assert_eq!(found.len(), 2);
        assert!(
            found[0].starts_with("build.rs:1: open the file with"),
            "{found:?}"
        );
        assert!(found[1].starts_with("src/late.rs:1:"), "{found:?}");
    }
}
