//! Which keys the simulator honors and which project each belongs to.
//!
//! It does not count what a key used; quotas do, by project.

use std::collections::HashMap;

/// The keys that exist.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeyRing {
    /// Key to project. Empty means that any key is good.
    projects: HashMap<String, String>,
}

impl KeyRing {
    /// Adds a key that is the only one of its project.
    pub(crate) fn add(&mut self, key: String) {
        let project = format!("project-of-{key}");
        self.projects.insert(key, project);
    }

    /// Adds a key to a project that may have others.
    pub(crate) fn add_in_project(&mut self, key: String, project: String) {
        self.projects.insert(key, project);
    }

    /// Whether requests with this key are served.
    pub(crate) fn knows(&self, key: &str) -> bool {
        self.projects.is_empty() || self.projects.contains_key(key)
    }

    /// What the key's quota is counted under.
    pub(crate) fn project_of<'a>(&'a self, key: &'a str) -> &'a str {
        self.projects.get(key).map_or(key, String::as_str)
    }
}
