//! Every fixture is used: its name, its stem or its folder is spoken of in a test.
//!
//! Cannot tell whether the test that names it asserts anything.

use super::tree::{Finding, Tree};

/// Endings of files that can be tests.
const CODE: [&str; 5] = [".rs", ".py", ".mjs", ".ts", ".tsx"];

/// The check.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    tree.paths()
        .filter(|path| path.contains("/fixtures/"))
        .filter(|path| !is_named(tree, path))
        .map(|path| Finding::file(path, "no test names this fixture: use it or delete it"))
        .collect()
}

fn is_named(tree: &Tree, fixture: &str) -> bool {
    let (_, below) = fixture.split_once("/fixtures/").unwrap_or(("", fixture));
    let name = below.rsplit('/').next().unwrap_or(below);
    let stem = name.split('.').next().unwrap_or(name);
    let folder = below.rsplit_once('/').map(|(folder, _)| folder);
    tree.texts()
        .filter(|(path, _)| CODE.iter().any(|ending| path.ends_with(ending)))
        .any(|(_, text)| {
            text.contains(name)
                || text.contains(&format!("\"{stem}\""))
                || folder.is_some_and(|folder| text.contains(&format!("fixtures/{folder}\"")))
        })
}

#[cfg(test)]
mod tests {
    use super::super::tree::findings;
    use super::*;

    #[test]
    fn finds_the_fixture_that_nobody_names() {
        let files = [
            ("crates/t/fixtures/errors/used.json", "{}"),
            ("crates/t/fixtures/errors/orphan.json", "{}"),
            ("crates/t/fixtures/listed/any.json", "{}"),
            (
                "crates/t/src/tests.rs",
                "check(\"used\"); read_dir(\"fixtures/listed\");",
            ),
        ];
        let found = findings(check, &files);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("crates/t/fixtures/errors/orphan.json:1:"),
            "{found:?}"
        );
    }
}
