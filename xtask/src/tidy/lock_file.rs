//! npm lock files name no download address: they would bind everybody to one registry.
//!
//! Integrity hashes stay, so what is installed is the same wherever it comes from.

use super::tree::{Finding, Tree};

/// The check.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts() {
        if !path.ends_with("package-lock.json") {
            continue;
        }
        for (index, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("\"resolved\": \"http") {
                let advice =
                    "write the lock file with `npm install --omit-lockfile-registry-resolved`";
                findings.push(Finding::at(path, index + 1, advice));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tree::findings;
    use super::*;

    #[test]
    fn finds_download_addresses() {
        let text = "{\n  \"resolved\": \"https://registry.npmjs.org/a/-/a-1.0.0.tgz\",\n  \"integrity\": \"x\"\n}\n";
        let found = findings(check, &[("ui/package-lock.json", text)]);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("ui/package-lock.json:2:"), "{found:?}");
    }
}
