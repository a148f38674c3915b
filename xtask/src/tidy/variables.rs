//! Each variable that the code reads is declared in the manifest and explained in the README, in
//! the same words and with the same default.
//!
//! The code's table is read as text, so that this program builds without the product.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::manifest::{self, table};
use super::tree::{Finding, Tree};

/// Where the table `VARIABLES` is.
const CODE: &str = "crates/relay/src/settings/variables.rs";
const README: &str = "README.md";

/// One row of the code's table.
#[derive(Debug, Default, PartialEq, Eq)]
struct Variable {
    line: usize,
    name: String,
    secret: bool,
    default: String,
    meaning: String,
}

/// The check.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let variables = tree.text(CODE).map(parse_table).unwrap_or_default();
    if variables.is_empty() {
        return vec![Finding::file(
            CODE,
            "keep the table `VARIABLES` here, tidy reads it",
        )];
    }
    let manifest: Table = tree
        .text(manifest::FILE)
        .and_then(|text| text.parse().ok())
        .unwrap_or_default();
    let readme = tree.text(README).unwrap_or_default();
    let mut findings = Vec::new();
    for variable in &variables {
        findings.extend(check_declaration(variable, &manifest));
        let row = readme_row(variable);
        if !readme.lines().any(|line| line == row) {
            let advice = format!("put this row into the configuration table: {row}");
            findings.push(Finding::file(README, advice));
        }
    }
    let declared = table(&manifest, &["variables"]);
    for name in declared.into_iter().flat_map(Table::keys) {
        if !variables.iter().any(|it| it.name == *name) {
            let advice = format!("nothing reads the variable `{name}`: remove it");
            findings.push(Finding::file(manifest::FILE, advice));
        }
    }
    findings
}

fn check_declaration(variable: &Variable, manifest: &Table) -> Vec<Finding> {
    let name = &variable.name;
    let Some(declared) = table(manifest, &["variables", name]) else {
        let advice = format!("`{name}` is not declared in {}", manifest::FILE);
        return vec![Finding::at(CODE, variable.line, advice)];
    };
    let mut findings = Vec::new();
    let mut complain = |advice: String| findings.push(Finding::file(manifest::FILE, advice));
    let secret = declared
        .get("secret")
        .and_then(Value::as_bool)
        .unwrap_or(false);
    if secret != variable.secret {
        complain(format!(
            "variable `{name}`: `secret` is {}",
            variable.secret
        ));
    }
    // Empty stands for "not set", and then the code's default holds.
    let default = declared.get("default").and_then(Value::as_str);
    if !default.is_some_and(|it| it.is_empty() || it == variable.default) {
        complain(format!(
            "variable `{name}`: the default is \"\" or \"{}\"",
            variable.default
        ));
    }
    findings
}

/// The README's row; numbers and "none" stand bare there, other defaults as code.
fn readme_row(variable: &Variable) -> String {
    let default = match variable.default.as_str() {
        "" => "none".to_owned(),
        number if number.bytes().all(|byte| byte.is_ascii_digit()) => number.to_owned(),
        text => format!("`{text}`"),
    };
    format!(
        "| `{}` | {} | {default} |",
        variable.name.to_uppercase(),
        variable.meaning
    )
}

/// Reads `Variable { name: NAME, secret: …, default: "…", meaning: "…" }`, one field a line as
/// rustfmt has it, with `const NAME: &str = "…";` above.
fn parse_table(code: &str) -> Vec<Variable> {
    let mut constants = BTreeMap::new();
    let mut variables: Vec<Variable> = Vec::new();
    for (index, line) in code.lines().enumerate() {
        let line = line.trim();
        let unqualified = line.strip_prefix("pub(super) ").unwrap_or(line);
        if let Some((name, value)) = unqualified
            .strip_prefix("const ")
            .and_then(|rest| rest.split_once(": &str = "))
        {
            constants.insert(name, unquote(value));
        } else if line == "Variable {" {
            variables.push(Variable {
                line: index + 1,
                ..Variable::default()
            });
        } else if let (Some(variable), Some((field, value))) =
            (variables.last_mut(), line.split_once(": "))
        {
            match field {
                "name" => {
                    let constant = constants.get(value.trim_end_matches(','));
                    variable.name = constant.cloned().unwrap_or_else(|| unquote(value));
                }
                "secret" => variable.secret = value == "true,",
                "default" => variable.default = unquote(value),
                "meaning" => variable.meaning = unquote(value),
                _ => {}
            }
        }
        if line == "];" && !variables.is_empty() {
            break;
        }
    }
    variables
}

/// The text of a literal as it stands before `,` or `;`.
fn unquote(literal: &str) -> String {
    let literal = literal.trim_end_matches([',', ';']);
    literal.trim_matches('"').replace("\\\"", "\"")
}

#[cfg(test)]
mod tests {
    use super::super::tree::findings;
    use super::*;

    const TABLE: &str = r#"//! Settings.
const KEYS: &str = "gemini_api_keys";
pub const VARIABLES: [Variable; 2] = [
    Variable {
        name: KEYS,
        secret: true,
        default: "",
        meaning: "keys, separated by commas",
    },
    Variable {
        name: "max_attempts",
        secret: false,
        default: "3",
        meaning: "keys tried, 1 to 10",
    },
];
"#;
    const MANIFEST: &str = "[variables]
gemini_api_keys = { default = \"\", secret = true }
max_attempts = { default = \"3\" }
";
    const PAGE: &str = "\
| `GEMINI_API_KEYS` | keys, separated by commas | none |
| `MAX_ATTEMPTS` | keys tried, 1 to 10 | 3 |
";

    fn found(code: &str, manifest: &str, readme: &str) -> Vec<String> {
        findings(
            check,
            &[(CODE, code), ("spin.toml", manifest), (README, readme)],
        )
    }

    #[test]
    fn accepts_three_that_agree() {
        assert!(found(TABLE, MANIFEST, PAGE).is_empty());
    }

    #[test]
    fn complains_of_each_disagreement() {
        for (good, bad, expected) in [
            (
                ", secret = true",
                "",
                "spin.toml:1: variable `gemini_api_keys`: `secret` is true",
            ),
            (
                "max_attempts = { default = \"3\" }",
                "",
                "variables.rs:10: `max_attempts` is not declared",
            ),
            (
                "\"3\"",
                "\"4\"",
                "spin.toml:1: variable `max_attempts`: the default is \"\" or \"3\"",
            ),
            (
                "max_attempts =",
                "more = { default = \"\" }\nmax_attempts =",
                "nothing reads the variable `more`",
            ),
        ] {
            let found = found(TABLE, &MANIFEST.replace(good, bad), PAGE);
            assert!(
                found.iter().any(|it| it.contains(expected)),
                "{bad}: {found:?}"
            );
        }
    }

    #[test]
    fn asks_for_the_row_that_the_readme_lacks() {
        let found = found(TABLE, MANIFEST, &PAGE.replace("1 to 10", "1 to 9"));
        assert_eq!(
            found,
            [
                "README.md:1: put this row into the configuration table: | `MAX_ATTEMPTS` | keys tried, 1 to 10 | 3 |"
            ]
        );
    }

    #[test]
    fn says_where_the_table_must_be() {
        assert!(found("//! Nothing.\n", MANIFEST, PAGE)[0].contains("keep the table"));
    }
}
