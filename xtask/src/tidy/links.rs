//! Links in Markdown that lead to a file of this repository lead to one that exists.
//!
//! Follows no link to the web, and no anchor inside a page.

use super::tree::{Finding, Tree};

/// The check.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts() {
        if !path.ends_with(".md") {
            continue;
        }
        let mut in_code = false;
        for (index, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                in_code = !in_code;
            }
            if in_code {
                continue;
            }
            for target in local_targets(line) {
                if !resolve(path, target).is_some_and(|found| tree.has(&found)) {
                    let advice = format!("the link leads to `{target}`, which is not there");
                    findings.push(Finding::at(path, index + 1, advice));
                }
            }
        }
    }
    findings
}

/// Targets of `[text](target)` that are no web address, without what follows `#`.
fn local_targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', ' ']).next())
        .filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
        .filter_map(|target| target.split('#').next())
        .filter(|target| !target.is_empty())
}

/// The target's path from the root; `None` if it leads out of the repository.
fn resolve(page: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in target.trim_end_matches('/').split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::super::tree::findings;
    use super::*;

    #[test]
    fn finds_links_to_nowhere() {
        let page = "\
[good](../README.md#start) and [folder](../src/) and [web](https://example.com/x) and [here](#a)
[bad](gone.md) [out](../../etc/passwd)
```
[code](gone.md)
```
";
        let files = [
            ("docs/page.md", page),
            ("README.md", "x\n"),
            ("src/lib.rs", "//! x\n"),
        ];
        assert_eq!(
            findings(check, &files),
            [
                "docs/page.md:2: the link leads to `gone.md`, which is not there",
                "docs/page.md:2: the link leads to `../../etc/passwd`, which is not there",
            ]
        );
    }
}
