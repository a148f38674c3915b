//! `spin.toml` gives each component what it needs and nothing else.
//!
//! What the variables are called and mean is checked beside (`variables`); that Spin accepts the
//! file is for Spin to say.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::tree::{Finding, Tree};

/// The manifest's path.
pub(super) const FILE: &str = "spin.toml";

/// What a component of the manifest must look like.
struct Component {
    name: &'static str,
    source: &'static str,
    /// The capability that matters most: whom it may call, to the letter.
    allowed_outbound_hosts: &'static [&'static str],
    key_value_stores: &'static [&'static str],
    takes_variables: bool,
}

const COMPONENTS: [Component; 2] = [
    Component {
        name: "gateway",
        source: "target/components/gateway.wasm",
        allowed_outbound_hosts: &[
            "{{ gemini_base_url }}",
            "{{ egress_2_url }}",
            "{{ egress_3_url }}",
            "{{ egress_4_url }}",
        ],
        key_value_stores: &["default"],
        takes_variables: true,
    },
    Component {
        name: "admin",
        source: "target/components/admin.wasm",
        allowed_outbound_hosts: &[],
        key_value_stores: &[],
        takes_variables: false,
    },
];

/// Builds both, and not the native host, which takes ten minutes.
const BUILD_COMMAND: &str = "cargo xtask build --components-only";

/// The check.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(text) = tree.text(FILE) else {
        return vec![Finding::file(FILE, "write the manifest of both components")];
    };
    let manifest: Table = match text.parse() {
        Ok(manifest) => manifest,
        Err(error) => return vec![Finding::file(FILE, format!("not valid TOML: {error}"))],
    };
    let mut advice = Vec::new();
    check_components(&manifest, &mut advice);
    check_passed_variables(&manifest, &mut advice);
    advice
        .into_iter()
        .map(|it| Finding::file(FILE, it))
        .collect()
}

/// A table of the manifest by its path, empty if absent.
pub(super) fn table<'a>(manifest: &'a Table, path: &[&str]) -> Option<&'a Table> {
    path.iter()
        .try_fold(manifest, |table, name| table.get(*name)?.as_table())
}

fn check_components(manifest: &Table, advice: &mut Vec<String>) {
    let named: BTreeSet<&str> = table(manifest, &["component"])
        .map(|all| all.keys().map(String::as_str).collect())
        .unwrap_or_default();
    let known: BTreeSet<&str> = COMPONENTS.iter().map(|it| it.name).collect();
    if named != known {
        advice.push(format!("declare the components {known:?}, not {named:?}"));
    }
    for expected in &COMPONENTS {
        let name = expected.name;
        let Some(component) = table(manifest, &["component", name]) else {
            continue;
        };
        if component.get("source").and_then(Value::as_str) != Some(expected.source) {
            advice.push(format!(
                "component `{name}`: the source is \"{}\"",
                expected.source
            ));
        }
        for (field, expected) in [
            ("allowed_outbound_hosts", expected.allowed_outbound_hosts),
            ("key_value_stores", expected.key_value_stores),
        ] {
            if strings(component.get(field)) != expected {
                advice.push(format!(
                    "component `{name}`: `{field}` is {expected:?}, no more and no less"
                ));
            }
        }
        if !expected.takes_variables && component.contains_key("variables") {
            advice.push(format!(
                "component `{name}` reads no variable: pass it none"
            ));
        }
        if !has_route(manifest, name) {
            advice.push(format!("component `{name}` has no route"));
        }
    }
    let builds = COMPONENTS.iter().any(|it| {
        let command =
            table(manifest, &["component", it.name, "build"]).and_then(|it| it.get("command"));
        command.and_then(Value::as_str) == Some(BUILD_COMMAND)
    });
    if !builds {
        advice.push(format!(
            "one component's build command is `{BUILD_COMMAND}`"
        ));
    }
}

/// Each declared variable reaches the gateway under its own name.
fn check_passed_variables(manifest: &Table, advice: &mut Vec<String>) {
    let empty = Table::new();
    let declared = table(manifest, &["variables"]).unwrap_or(&empty);
    let passed = table(manifest, &["component", "gateway", "variables"]).unwrap_or(&empty);
    for name in declared.keys() {
        let template = format!("{{{{ {name} }}}}");
        if passed.get(name).and_then(Value::as_str) != Some(&template) {
            advice.push(format!(
                "pass `{name} = \"{template}\"` to the gateway, or do not declare it"
            ));
        }
    }
    for name in passed.keys().filter(|name| !declared.contains_key(*name)) {
        advice.push(format!(
            "declare the variable `{name}` that the gateway is passed"
        ));
    }
}

fn has_route(manifest: &Table, component: &str) -> bool {
    table(manifest, &["trigger"])
        .and_then(|trigger| trigger.get("http")?.as_array())
        .is_some_and(|routes| {
            routes
                .iter()
                .any(|route| route.get("component").and_then(Value::as_str) == Some(component))
        })
}

fn strings(value: Option<&Value>) -> Vec<&str> {
    value
        .and_then(Value::as_array)
        .map(|values| values.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
