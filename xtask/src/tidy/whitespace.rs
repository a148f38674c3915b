//! No trailing spaces, no tabs in Rust, and a newline at the end.
//!
//! rustfmt sees to most of it in Rust; this covers what it leaves alone (comments, strings) and
//! every other kind of text.

use super::tree::{Finding, Tree};

/// Files that other tools write, or whose bytes are the point.
const LEFT_ALONE: [&str; 4] = [".snap", "package-lock.json", ".svg", ".sse"];

/// The check.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts() {
        let is_data = ["/fixtures/", "/seeds/"]
            .iter()
            .any(|folder| path.contains(folder));
        if is_data || LEFT_ALONE.iter().any(|ending| path.ends_with(ending)) {
            continue;
        }
        for (index, line) in text.lines().enumerate() {
            if line.ends_with([' ', '\t', '\r']) {
                findings.push(Finding::at(path, index + 1, "remove the trailing space"));
            }
            if path.ends_with(".rs") && line.contains('\t') {
                findings.push(Finding::at(
                    path,
                    index + 1,
                    "write spaces, or `\\t`, not a tab",
                ));
            }
        }
        if !text.is_empty() && !text.ends_with('\n') {
            findings.push(Finding::at(
                path,
                text.lines().count(),
                "end the file with a newline",
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tree::findings;
    use super::*;

    #[test]
    fn finds_spaces_tabs_and_a_missing_newline() {
        let found = findings(
            check,
            &[("a.rs", "//! A. \n\tx\ny"), ("b.md", "ok\n\ttab is fine\n")],
        );
        assert_eq!(
            found,
            [
                "a.rs:1: remove the trailing space",
                "a.rs:2: write spaces, or `\\t`, not a tab",
                "a.rs:3: end the file with a newline",
            ]
        );
    }

    #[test]
    fn leaves_generated_files_and_fixtures_alone() {
        let files = [
            ("ui/package-lock.json", "{ "),
            ("crates/x/fixtures/a.txt", "a \r\n"),
            ("crates/x/fuzz/seeds/sse/a", "data: 1\r\n\r\n"),
        ];
        assert!(findings(check, &files).is_empty());
    }
}
