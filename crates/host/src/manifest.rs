//! What the application manifest says: which path goes to which component, and what each component may use.
//!
//! The manifest is the same `spin.toml` that Spin reads, built into the binary, so that both hosts agree.
//! Reads only what the host needs and does not validate the rest; Spin does that.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde::Deserialize;

/// `spin.toml` at the workspace root.
const MANIFEST: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../spin.toml"));

/// The two components this host embeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Answers the APIs.
    Gateway,
    /// Serves the admin pages.
    Admin,
}

impl Part {
    /// Both, in the order of their indices.
    pub const ALL: [Self; 2] = [Self::Gateway, Self::Admin];

    /// Its name in the manifest and in the logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gateway => "gateway",
            Self::Admin => "admin",
        }
    }
}

/// The manifest, as far as this host needs it.
#[derive(Debug, Deserialize)]
pub struct Manifest {
    #[serde(default)]
    variables: BTreeMap<String, Variable>,
    trigger: Triggers,
    component: BTreeMap<String, Component>,
}

/// An application variable.
#[derive(Debug, Clone, Deserialize)]
pub struct Variable {
    /// Value where nobody sets another.
    pub default: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Triggers {
    http: Vec<HttpTrigger>,
}

#[derive(Debug, Deserialize)]
struct HttpTrigger {
    route: String,
    component: String,
}

#[derive(Debug, Default, Deserialize)]
struct Component {
    #[serde(default)]
    variables: BTreeMap<String, String>,
    #[serde(default)]
    key_value_stores: Vec<String>,
    #[serde(default)]
    allowed_outbound_hosts: Vec<String>,
}

/// What one component may use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants {
    /// Variables it may read.
    pub variables: Vec<String>,
    /// Key-value labels it may open.
    pub stores: Vec<String>,
    /// Variables that hold the addresses it may call. No component may call anything else.
    pub upstreams: Vec<String>,
}

impl Manifest {
    /// Reads the built-in manifest.
    ///
    /// # Errors
    ///
    /// If it is not the TOML this host expects; a test keeps that from being released.
    pub fn built_in() -> anyhow::Result<Self> {
        Self::parse(MANIFEST)
    }

    pub(crate) fn parse(text: &str) -> anyhow::Result<Self> {
        let manifest: Self = toml::from_str(text).context("cannot read the built-in spin.toml")?;
        for trigger in &manifest.trigger.http {
            part(&trigger.component)?;
        }
        let mut hosts = manifest
            .component
            .values()
            .flat_map(|component| &component.allowed_outbound_hosts);
        if let Some(host) = hosts.find(|host| template(host).is_none()) {
            anyhow::bail!("spin.toml allows calls to `{host}`, which is not a variable's value");
        }
        Ok(manifest)
    }

    /// Application variables with their defaults.
    pub fn variables(&self) -> &BTreeMap<String, Variable> {
        &self.variables
    }

    /// What `part` may use; nothing if the manifest does not name it.
    pub fn grants(&self, part: Part) -> Grants {
        let Some(component) = self.component.get(part.name()) else {
            return Grants::default();
        };
        Grants {
            variables: component.variables.keys().cloned().collect(),
            stores: component.key_value_stores.clone(),
            upstreams: component
                .allowed_outbound_hosts
                .iter()
                .filter_map(|host| template(host))
                .map(str::to_owned)
                .collect(),
        }
    }

    /// The routing table.
    ///
    /// # Errors
    ///
    /// If a route names a component that this host does not embed.
    pub fn routes(&self) -> anyhow::Result<Routes> {
        let mut routes = Routes::default();
        for trigger in &self.trigger.http {
            let part = part(&trigger.component)?;
            match trigger.route.strip_suffix("/...") {
                Some(prefix) => routes.prefixes.push((prefix.to_owned(), part)),
                None => routes.exact.push((trigger.route.clone(), part)),
            }
        }
        routes
            .prefixes
            .sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
        Ok(routes)
    }
}

/// The variable that a `{{ template }}` stands for, if it is nothing but one.
fn template(text: &str) -> Option<&str> {
    let name = text.strip_prefix("{{")?.strip_suffix("}}")?.trim();
    (!name.contains(['{', '}'])).then_some(name)
}

fn part(name: &str) -> anyhow::Result<Part> {
    Part::ALL
        .into_iter()
        .find(|part| part.name() == name)
        .with_context(|| {
            format!("spin.toml names component `{name}`, which this host does not have")
        })
}

/// Which component answers which path.
#[derive(Debug, Clone, Default)]
pub struct Routes {
    exact: Vec<(String, Part)>,
    /// Longest first, without the `/...`.
    prefixes: Vec<(String, Part)>,
}

impl Routes {
    /// The component for a path: exact route first, then the longest prefix that ends at a slash. This is
    /// Spin's rule (spinframework.dev/v3/http-trigger, read 2026-11). Unrouted paths go to the admin
    /// component, which answers 404.
    pub fn find(&self, path: &str) -> Part {
        if let Some((_, part)) = self.exact.iter().find(|(route, _)| route == path) {
            return *part;
        }
        self.prefixes
            .iter()
            .find(|(prefix, _)| {
                path.strip_prefix(prefix.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
            .map_or(Part::Admin, |(_, part)| *part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_manifest_gives_the_admin_component_nothing() {
        let manifest = Manifest::built_in().unwrap();
        assert_eq!(manifest.grants(Part::Admin), Grants::default());
        let gateway = manifest.grants(Part::Gateway);
        assert!(gateway.upstreams.contains(&"gemini_base_url".to_owned()));
        assert!(gateway.variables.contains(&"gemini_api_keys".to_owned()));
    }

    #[test]
    fn built_in_manifest_routes_apis_to_the_gateway_and_pages_to_admin() {
        let routes = Manifest::built_in().unwrap().routes().unwrap();
        for path in ["/v1/chat/completions", "/v1", "/health", "/v1/models/x"] {
            assert_eq!(routes.find(path), Part::Gateway, "{path}");
        }
        for path in ["/", "/login", "/v1x", "/healthy", "/admin/pools", "*", ""] {
            assert_eq!(routes.find(path), Part::Admin, "{path}");
        }
    }

    #[test]
    fn longest_prefix_wins_in_any_order() {
        let manifest = Manifest::parse(
            r#"
            [[trigger.http]]
            route = "/..."
            component = "admin"
            [[trigger.http]]
            route = "/api/..."
            component = "gateway"
            [[trigger.http]]
            route = "/api/pages/..."
            component = "admin"
            [component.gateway]
            [component.admin]
            "#,
        )
        .unwrap();
        let routes = manifest.routes().unwrap();
        assert_eq!(routes.find("/api/chat"), Part::Gateway);
        assert_eq!(routes.find("/api/pages/1"), Part::Admin);
    }

    #[test]
    fn refuses_a_component_it_does_not_embed() {
        let text = "[[trigger.http]]\nroute = \"/...\"\ncomponent = \"other\"\n[component.other]\n";
        assert!(Manifest::parse(text).is_err());
    }

    #[test]
    fn reads_which_variables_hold_addresses_and_refuses_any_other_address() {
        let manifest = |hosts: &str| {
            Manifest::parse(&format!(
                "[trigger]\nhttp = []\n[component.gateway]\nallowed_outbound_hosts = [{hosts}]\n"
            ))
        };
        let two = manifest("\"{{ base }}\", \"{{other}}\"").unwrap();
        assert_eq!(two.grants(Part::Gateway).upstreams, ["base", "other"]);
        for hosts in ["\"https://example.com\"", "\"https://{{ base }}\"", "\"*\""] {
            assert!(manifest(hosts).is_err(), "{hosts}");
        }
    }
}
