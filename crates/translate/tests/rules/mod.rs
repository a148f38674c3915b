//! Rules of the translation reference, and tests that name them.
//!
//! It takes a test's word for what the test shows.

use std::{collections::BTreeSet, fs, path::Path};

/// Ids of the rules of which the reference is certain (confidence `H`), in its order: of tables,
/// whose first cell is an id and whose last is the confidence; of bullets that end with it in
/// brackets; and of the numbered list of section 3, as `§3.1`.
pub(crate) fn certain(reference: &str) -> Vec<String> {
    let mut rules = Vec::new();
    let mut section = "";
    for line in reference.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            section = heading.split('.').next().unwrap_or_default();
        }
        rules.extend(
            table_rule(line)
                .or_else(|| bullet_rule(line))
                .or_else(|| numbered_rule(section, line)),
        );
    }
    rules
}

fn table_rule(line: &str) -> Option<String> {
    let cells = line.strip_prefix('|')?.trim_end().strip_suffix('|')?;
    let (id, rest) = cells.split_once('|')?;
    let confidence = rest.rsplit('|').next()?.trim();
    (is_id(id.trim()) && is_certain(confidence)).then(|| id.trim().to_owned())
}

fn bullet_rule(line: &str) -> Option<String> {
    let (id, rest) = line.strip_prefix("- ")?.split_once(' ')?;
    let (_, confidence) = rest.trim_end().strip_suffix(']')?.rsplit_once('[')?;
    (is_id(id) && is_certain(confidence.rsplit(' ').next()?)).then(|| id.to_owned())
}

fn numbered_rule(section: &str, line: &str) -> Option<String> {
    let (number, rest) = line.split_once(". ")?;
    let (_, confidence) = rest.trim_end().strip_suffix(']')?.rsplit_once('[')?;
    let numbered = section == "3" && number.parse::<u8>().is_ok();
    (numbered && is_certain(confidence.rsplit(' ').next()?)).then(|| format!("§3.{number}"))
}

/// A capital and a number: `M8`.
fn is_id(id: &str) -> bool {
    let mut characters = id.chars();
    characters
        .next()
        .is_some_and(|first| first.is_ascii_uppercase())
        && !characters.as_str().is_empty()
        && characters.all(|digit| digit.is_ascii_digit())
}

/// `H`, or `H / M`, where part of the rule is certain.
fn is_certain(confidence: &str) -> bool {
    confidence == "H" || confidence.starts_with("H ")
}

/// Everything that the tests of the workspace name as a rule: ids in what is test code, as in
/// `(M8)`, and at the end of names, as in `results_are_an_object_m8`.
pub(crate) fn named_in_tests(workspace: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for folder in ["crates", "src", "tests"] {
        read_folder(&workspace.join(folder), &mut found);
    }
    found
}

/// Without tests of ours: what is built or found, and code that names rules whether or not anything
/// keeps them.
const NOT_TESTS: [&str; 6] = [
    "target",
    "node_modules",
    "fuzz",
    "rules",
    "constraints",
    "compatibility_page.rs",
];

fn read_folder(folder: &Path, found: &mut BTreeSet<String>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if NOT_TESTS.contains(&&*name) {
            continue;
        }
        if path.is_dir() {
            read_folder(&path, found);
        } else if name.ends_with(".rs") || name.ends_with(".py") || name.ends_with(".mjs") {
            let text = fs::read_to_string(&path).unwrap_or_default();
            read_ids(tests_of(&path, &text), found);
        }
    }
}

/// The part of a file that is tests: all of it, or what follows `#[cfg(test)]`.
fn tests_of<'a>(path: &Path, text: &'a str) -> &'a str {
    let is_tests = path
        .components()
        .any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "tests.rs")));
    if is_tests {
        return text;
    }
    text.split_once("#[cfg(test)]")
        .map_or("", |(_, tests)| tests)
}

fn read_ids(tests: &str, found: &mut BTreeSet<String>) {
    let is_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '§' | '.');
    for word in tests.split(|letter: char| !is_word(letter)) {
        let word = word.trim_end_matches('.');
        if is_id(word) || word.starts_with('§') {
            found.insert(word.to_owned());
        }
    }
    for name in tests.split("fn ").skip(1) {
        let name = name.split('(').next().unwrap_or_default();
        read_name(name, found);
    }
}

/// Ids that a test's name ends with: `…_x7_x8`, and of section 3 `…_s3_6` or `…_3_10`.
fn read_name(name: &str, found: &mut BTreeSet<String>) {
    let mut words = name.rsplit('_').peekable();
    while let Some(word) = words.next() {
        let in_section_3 = word.parse::<u8>().is_ok()
            && words
                .next_if(|before| matches!(*before, "3" | "s3"))
                .is_some();
        let id = word.to_ascii_uppercase();
        if in_section_3 {
            found.insert(format!("§3.{word}"));
        } else if is_id(&id) {
            found.insert(id);
        } else {
            break;
        }
    }
}

#[test]
fn reads_rules_as_the_reference_writes_them() {
    let reference = "## 1. Requests\n\
        | M6 | `tool` | x | DOC | H |\n\
        | M7 | `function` | x | GP | M |\n\
        | U12 | files | DOC; inference | H / M |\n\
        | ID | rule | source | conf |\n\
        | STOP | stop | ok | H |\n\
        - R1 level and budget -> 400. [DOC H]\n\
        - R3 odd [DOC H]; more [M].\n\
        - B2 no block. [H]\n\
        1. elsewhere [REC H]\n\
        ## 3. Signatures\n\
        1. Where it appears. [REC H]\n\
        2. Guess. [ISS M]\n";
    assert_eq!(certain(reference), ["M6", "U12", "R1", "B2", "§3.1"]);
}

#[test]
fn reads_ids_from_tests_only() {
    let mut found = BTreeSet::new();
    let text = "/// (M1)\n#[cfg(test)]\nmod tests {\n// As M2 says.\nfn is_so_x7_b1() {}\nfn e9_first() {}\nfn signed_s3_2_x8() {}\nfn kept_3_10() {}\nlet m4 = 0; // §3.6.\n}";
    read_ids(tests_of(Path::new("src/a.rs"), text), &mut found);
    let found: Vec<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(found, ["B1", "M2", "X7", "X8", "§3.10", "§3.2", "§3.6"]);
}
