//! Names of tools that have more to them than a function's name: custom tools and namespaces.
//!
//! Gemini knows functions only. A function in a namespace is sent as `namespace.name`, a custom tool
//! as a function with one text; both come back here. Characters that Gemini refuses are no business
//! of this module.

use std::borrow::Cow;

use super::tools::{Kind, Tool};
use crate::json::Object;

/// The name of a function in a namespace, as Gemini and the shared code know it. A dot is allowed in
/// names (T2), and no client's own names are known to have one.
pub(super) fn full_name<'a>(namespace: Option<&str>, name: &'a str) -> Cow<'a, str> {
    match namespace {
        Some(namespace) if !namespace.is_empty() => Cow::Owned(format!("{namespace}.{name}")),
        _ => Cow::Borrowed(name),
    }
}

/// How a call is told to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Called {
    Function {
        namespace: Option<String>,
        name: String,
    },
    Custom {
        namespace: Option<String>,
        name: String,
    },
}

/// The declared tools with their full names, in the client's order: what Gemini sees instead of a
/// name may depend on it. Owned, since a stream outlives the request's body.
#[derive(Debug, Clone, Default)]
pub(super) struct CallNames(Vec<(String, Called)>);

impl CallNames {
    /// Of the tools of a request.
    pub(super) fn new(tools: &[Object<Tool<'_>>]) -> Self {
        let mut names = Self::default();
        for tool in tools {
            names.push(None, tool);
        }
        names
    }

    /// Full names of all functions and custom tools.
    pub(super) fn declared(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(full, _)| full.as_str())
    }

    pub(super) fn contains(&self, full_name: &str) -> bool {
        self.declared().any(|declared| declared == full_name)
    }

    /// How to tell the client of a call to `full_name`; a plain function if it was not declared.
    pub(super) fn called(&self, full_name: &str) -> Called {
        let declared = self.0.iter().find(|(declared, _)| declared == full_name);
        match declared {
            Some((_, called)) => called.clone(),
            None => Called::Function {
                namespace: None,
                name: full_name.to_owned(),
            },
        }
    }

    fn push(&mut self, namespace: Option<&str>, tool: &Tool<'_>) {
        let (Some(kind), Some(name)) = (tool.kind(), tool.name.as_deref()) else {
            return;
        };
        let full = full_name(namespace, name).into_owned();
        let (namespace, name) = (namespace.map(str::to_owned), name.to_owned());
        match kind {
            Kind::Function => self.0.push((full, Called::Function { namespace, name })),
            Kind::Custom => self.0.push((full, Called::Custom { namespace, name })),
            Kind::Namespace if namespace.is_none() => {
                for inner in tool.inner() {
                    self.push(Some(&name), inner);
                }
            }
            // Refused when the tools are converted.
            Kind::Namespace | Kind::Refused(_) => {}
            Kind::GoogleSearch | Kind::CodeExecution | Kind::Images => {}
        }
    }
}
