//! What the manifest check complains of.
//!
//! Starts from a good manifest and spoils one line at a time.

use super::super::tree::findings;
use super::*;

const GOOD: &str = r#"
[variables]
gemini_base_url = { default = "https://example.com" }
egress_2_url = { default = "https://example.com" }
egress_3_url = { default = "https://example.com" }
egress_4_url = { default = "https://example.com" }
[[trigger.http]]
route = "/v1/..."
component = "gateway"
[[trigger.http]]
route = "/..."
component = "admin"
[component.gateway]
source = "target/components/gateway.wasm"
allowed_outbound_hosts = ["{{ gemini_base_url }}", "{{ egress_2_url }}", "{{ egress_3_url }}", "{{ egress_4_url }}"]
key_value_stores = ["default"]
[component.gateway.variables]
gemini_base_url = "{{ gemini_base_url }}"
egress_2_url = "{{ egress_2_url }}"
egress_3_url = "{{ egress_3_url }}"
egress_4_url = "{{ egress_4_url }}"
[component.gateway.build]
command = "cargo xtask build --components-only"
[component.admin]
source = "target/components/admin.wasm"
"#;

#[test]
fn accepts_the_good_one() {
    assert!(findings(check, &[(FILE, GOOD)]).is_empty());
}

#[test]
fn complains_of_each_thing_spoiled() {
    for (good, bad, expected) in [
        (
            "hosts = [\"{{ gemini_base_url }}\"",
            "hosts = [\"https://*:*\"",
            "`allowed_outbound_hosts` is",
        ),
        (
            "[\"default\"]",
            "[\"default\", \"other\"]",
            "`key_value_stores` is",
        ),
        (
            "components/gateway.wasm",
            "wasm/gateway.wasm",
            "component `gateway`: the source",
        ),
        (
            "admin.wasm\"",
            "admin.wasm\"\nallowed_outbound_hosts = [\"https://a.example\"]",
            "component `admin`: `allowed",
        ),
        (
            "admin.wasm\"",
            "admin.wasm\"\nvariables = { x = \"1\" }",
            "reads no variable",
        ),
        (
            "route = \"/...\"\ncomponent = \"admin\"",
            "route = \"/...\"\ncomponent = \"gateway\"",
            "`admin` has no route",
        ),
        (" --components-only", "", "build command"),
        (
            "gemini_base_url = { default",
            "other = { default",
            "pass `other = ",
        ),
        (
            "gemini_base_url = { default",
            "other = { default",
            "declare the variable `gemini_base_url`",
        ),
        (
            "[component.admin]",
            "[component.more]",
            "declare the components",
        ),
        ("[variables]", "[variables", "not valid TOML"),
    ] {
        assert!(GOOD.contains(good), "{good}");
        let found = findings(check, &[(FILE, &GOOD.replacen(good, bad, 1))]);
        assert!(
            found.iter().any(|it| it.contains(expected)),
            "{bad}: {found:?}"
        );
    }
}

#[test]
fn complains_of_a_missing_manifest() {
    assert_eq!(findings(check, &[("README.md", "x\n")]).len(), 1);
}
