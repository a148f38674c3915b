//! `docs/compatibility.md` says what the tables in the code say, and every rule is tested or listed.
//!
//! The page is written anew with `UPDATE_DOCS=1 cargo test -p gempool-translate --test
//! compatibility_page`.

// Clippy's allowances for tests reach helpers only where `cfg(test)` is said.
#![cfg(test)]

mod page;
mod rules;

use std::{collections::BTreeSet, env, fs, path::PathBuf};

use gempool_translate::compatibility::{DIFFERENCES, ENDPOINTS};

/// Certain rules that no test names yet. The list only shrinks; one that is on it and tested is taken
/// out. None is left.
const UNTESTED: &[&str] = &[];

fn workspace() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", ".."].iter().collect()
}

#[test]
fn the_page_says_what_the_tables_say() {
    let path = workspace().join("docs/compatibility.md");
    let page = page::render(ENDPOINTS, DIFFERENCES);
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, page).unwrap();
        return;
    }
    let published = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        published == page,
        "docs/compatibility.md is out of date: write it with UPDATE_DOCS=1"
    );
}

#[test]
fn every_table_names_a_parameter_once() {
    let mut paths = BTreeSet::new();
    for endpoint in ENDPOINTS {
        assert!(paths.insert(endpoint.path), "{} twice", endpoint.path);
        let mut names = BTreeSet::new();
        for parameter in endpoint.tables.iter().copied().flatten() {
            let name = parameter.name;
            assert!(names.insert(name), "{}: {name} twice", endpoint.path);
        }
        assert!(!names.is_empty(), "{} has no parameters", endpoint.path);
    }
}

/// The reference is not part of the project; without it beside the project this says so and passes.
#[test]
fn every_certain_rule_is_tested_by_id_or_listed_as_different() {
    let reference = workspace().join("../shared/reference/translation.md");
    let Ok(reference) = fs::read_to_string(&reference) else {
        println!("skipped: no reference at {}", reference.display());
        return;
    };
    let certain = rules::certain(&reference);
    assert!(
        certain.len() > 100,
        "only {} rules were found",
        certain.len()
    );
    let mut named = rules::named_in_tests(&workspace());
    named.extend(
        DIFFERENCES
            .iter()
            .map(|difference| difference.rule.to_owned()),
    );
    let unnamed: Vec<&str> = certain
        .iter()
        .filter(|rule| !named.contains(*rule))
        .map(String::as_str)
        .collect();
    println!(
        "{} of {} rules named",
        certain.len() - unnamed.len(),
        certain.len()
    );
    let forgotten: Vec<&&str> = unnamed
        .iter()
        .filter(|rule| !UNTESTED.contains(rule))
        .collect();
    assert!(
        forgotten.is_empty(),
        "no test names {forgotten:?}; without exceptions: {unnamed:?}"
    );
}
