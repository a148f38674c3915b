//! A note for later names the issue that it waits for.
//!
//! Knows the two usual words only, and not whether the issue is still open.

use super::tree::{Finding, Tree};

// Written in halves, so that this file does not find itself.
const WORDS: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];

/// The check.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts() {
        if path.ends_with("package-lock.json") || path.contains("/fixtures/") {
            continue;
        }
        for (index, line) in text.lines().enumerate() {
            let note = WORDS.iter().find_map(|word| line.split_once(word));
            if note.is_some_and(|(_, rest)| !names_issue(rest)) {
                let advice = "name the issue, as in `(#12)` right after the word, or do it now";
                findings.push(Finding::at(path, index + 1, advice));
            }
        }
    }
    findings
}

/// Whether what follows the word is `(#12)`.
fn names_issue(rest: &str) -> bool {
    rest.strip_prefix("(#")
        .and_then(|rest| rest.split_once(')'))
        .is_some_and(|(number, _)| number.parse::<u32>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::super::tree::findings;
    use super::*;

    #[test]
    fn finds_notes_without_an_issue() {
        let note = WORDS[0];
        let text = format!("// {note}: later\n// {note}(#12): later\n// {note}(later)\n");
        let found = findings(check, &[("src/a.rs", &text)]);
        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with("src/a.rs:1:"), "{found:?}");
        assert!(found[1].starts_with("src/a.rs:3:"), "{found:?}");
    }
}
