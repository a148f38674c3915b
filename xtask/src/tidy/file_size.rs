//! Files stay small: one idea each.
//!
//! Counts lines before a file's own tests; files that are nothing but tests are not counted.

use super::tree::{Finding, Tree};

/// Over this a file must say why (house style 2.1: 90 % of files are shorter).
const EXPLAIN_OVER_LINES: usize = 400;
/// Over this it is too long, whatever it says.
const MOST_LINES: usize = 600;
/// Pages of the web interface are screens, and a longer one is two (house style 2.9).
const MOST_PAGE_LINES: usize = 250;

/// Opens the module docs' sentence that says why the file is long.
const EXPLANATION: &str = "//! Length: ";

/// The check.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let rust = tree.rust().filter_map(|(path, text)| rust_file(path, text));
    let pages = tree.texts().filter_map(|(path, text)| page(path, text));
    rust.chain(pages).collect()
}

fn rust_file(path: &str, text: &str) -> Option<Finding> {
    if is_tests(path) {
        return None;
    }
    let lines = text
        .lines()
        .take_while(|line| *line != "#[cfg(test)]")
        .count();
    if lines > MOST_LINES {
        let advice = format!("{lines} lines before the tests: split it, at most {MOST_LINES}");
        return Some(Finding::at(path, lines, advice));
    }
    if lines > EXPLAIN_OVER_LINES && !text.lines().any(|line| line.starts_with(EXPLANATION)) {
        let advice = format!(
            "{lines} lines before the tests: split it, or say why in a line `{EXPLANATION}…`"
        );
        return Some(Finding::at(path, lines, advice));
    }
    None
}

fn page(path: &str, text: &str) -> Option<Finding> {
    let is_page = path.starts_with("admin/ui/src/pages/") && path.ends_with(".tsx");
    let lines = text.lines().count();
    (is_page && lines > MOST_PAGE_LINES).then(|| {
        let advice = format!("{lines} lines: split the page, at most {MOST_PAGE_LINES}");
        Finding::at(path, lines, advice)
    })
}

/// Whether a Rust file holds tests only.
fn is_tests(path: &str) -> bool {
    path.split('/').any(|part| part == "tests") || path.ends_with("/tests.rs")
}

#[cfg(test)]
mod tests {
    use super::super::tree::findings;
    use super::*;

    fn found(path: &str, head: &str, lines: usize, tail: &str) -> Vec<String> {
        let text = format!("{head}{}{tail}", "x\n".repeat(lines));
        findings(check, &[(path, &text)])
    }

    #[test]
    fn asks_for_a_reason_over_400_and_refuses_over_600() {
        assert!(found("src/a.rs", "", 400, "").is_empty());
        assert!(found("src/a.rs", "", 401, "")[0].contains("say why"));
        assert!(found("src/a.rs", "//! Length: one table.\n", 500, "").is_empty());
        assert!(
            found("src/a.rs", "//! Length: one table.\n", 600, "")[0]
                .contains("split it, at most 600")
        );
    }

    #[test]
    fn does_not_count_tests() {
        let tests = format!("#[cfg(test)]\n{}", "x\n".repeat(1000));
        assert!(found("src/a.rs", "", 300, &tests).is_empty());
        for path in [
            "src/a/tests.rs",
            "tests/it/main.rs",
            "crates/sim/tests/all.rs",
        ] {
            assert!(found(path, "", 1000, "").is_empty(), "{path}");
        }
    }

    #[test]
    fn keeps_pages_to_a_screen() {
        assert_eq!(found("admin/ui/src/pages/status.tsx", "", 251, "").len(), 1);
        assert!(found("admin/ui/src/api/client.tsx", "", 251, "").is_empty());
    }
}
