//! `spin.toml` can be read and routes as the native host does. What the manifest must agree with in
//! the code (variables, hosts, world) is checked by `cargo xtask tidy`.

use std::collections::BTreeSet;

use toml::{Table, Value};

fn manifest() -> Table {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../spin.toml");
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    text.parse()
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn manifest_has_both_components_and_the_prefixes_that_the_host_routes() {
    let manifest = manifest();
    assert_eq!(manifest["spin_manifest_version"], Value::Integer(2));

    let components: BTreeSet<&String> = manifest["component"].as_table().unwrap().keys().collect();
    assert_eq!(components.len(), 2, "{components:?}");

    let mut routes = BTreeSet::new();
    for trigger in manifest["trigger"]["http"].as_array().unwrap() {
        let component = trigger["component"].as_str().unwrap().to_owned();
        assert!(
            components.contains(&component),
            "a route leads to no component: {trigger}"
        );
        routes.insert((trigger["route"].as_str().unwrap().to_owned(), component));
    }
    for route in ["/v1/...", "/health"] {
        assert!(
            routes.contains(&(route.to_owned(), "gateway".to_owned())),
            "{route}: {routes:?}"
        );
    }
    assert!(
        routes.contains(&("/...".to_owned(), "admin".to_owned())),
        "{routes:?}"
    );
}

#[test]
fn secrets_are_marked_and_the_pages_may_call_nothing() {
    let manifest = manifest();
    for name in ["gemini_api_keys", "valid_auth_tokens"] {
        assert_eq!(
            manifest["variables"][name].get("secret"),
            Some(&Value::Boolean(true)),
            "{name}"
        );
    }
    let hosts = |component: &str| {
        manifest["component"][component]
            .get("allowed_outbound_hosts")
            .cloned()
    };
    let gateway = hosts("gateway").expect("the gateway's hosts are listed");
    assert_eq!(
        gateway.as_array().unwrap().len(),
        4,
        "the ways to Gemini: {gateway}"
    );
    let none = hosts("admin").is_none_or(|hosts| hosts.as_array().is_some_and(Vec::is_empty));
    assert!(none, "the pages reach no other host");
}
