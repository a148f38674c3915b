//! Which places the deployment lets components call.
//!
//! Addresses come from variables that the manifest names, never from a request. Compares nothing itself; that is
//! [`Origin`]'s.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context as _;

use super::origin::Origin;
use crate::manifest::{Manifest, Part};
use crate::variables::Variables;

/// Origins by the variable that holds the address.
#[derive(Debug, Clone, Default)]
pub struct Origins(BTreeMap<String, Origin>);

impl Origins {
    /// Reads the variables that `manifest` names. `base` must lead somewhere; each of the others only counts if
    /// somebody set it, so that its default never widens what `base` was narrowed to.
    ///
    /// # Errors
    ///
    /// If an address cannot be used. Names the variable and not its value, which may hold a password.
    pub fn read(manifest: &Manifest, variables: &Variables, base: &str) -> anyhow::Result<Self> {
        let named = Part::ALL.map(|part| manifest.grants(part).upstreams);
        let mut origins = BTreeMap::new();
        for name in named.into_iter().flatten() {
            if name != base && !variables.is_set(&name) {
                continue;
            }
            let url = variables.get(&name).unwrap_or_default();
            if url.is_empty() && name != base {
                continue;
            }
            let origin =
                Origin::of(url).with_context(|| format!("cannot use the upstream in `{name}`"))?;
            origins.insert(name, origin);
        }
        Ok(Self(origins))
    }

    /// Those of `names` that lead somewhere.
    pub fn of(&self, names: &[String]) -> Arc<[Origin]> {
        let origins = names.iter().filter_map(|name| self.0.get(name));
        origins.cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Grants;

    const GOOGLE: &str = "https://generativelanguage.googleapis.com";

    fn manifest() -> Manifest {
        let text = format!(
            "[variables]
             base = {{ default = \"{GOOGLE}\" }}
             second = {{ default = \"{GOOGLE}\" }}
             [trigger]
             http = []
             [component.gateway]
             allowed_outbound_hosts = [\"{{{{ base }}}}\", \"{{{{ second }}}}\"]
             [component.admin]
             "
        );
        Manifest::parse(&text).unwrap()
    }

    fn read(flags: &[&str]) -> anyhow::Result<Vec<Origin>> {
        let manifest = manifest();
        let flags: Vec<_> = flags.iter().map(|flag| flag.parse().unwrap()).collect();
        let variables =
            Variables::gather(manifest.variables(), &BTreeMap::new(), |_| None, &flags)?;
        let origins = Origins::read(&manifest, &variables, "base")?;
        let Grants { upstreams, .. } = manifest.grants(Part::Gateway);
        let admin = manifest.grants(Part::Admin).upstreams;
        assert!(origins.of(&admin).is_empty(), "the pages call nobody");
        Ok(origins.of(&upstreams).to_vec())
    }

    #[test]
    fn each_address_that_somebody_set_may_be_called() {
        let google = Origin::of(GOOGLE).unwrap();
        let other = Origin::of("https://gateway.example/account/gemini").unwrap();
        assert_eq!(read(&[]).unwrap(), std::slice::from_ref(&google));
        assert_eq!(
            read(&["second=https://gateway.example/other/path"]).unwrap(),
            [google.clone(), other.clone()]
        );
        assert_eq!(
            read(&["base=https://gateway.example"]).unwrap(),
            std::slice::from_ref(&other),
            "a default does not widen it"
        );
        let both = ["base=https://gateway.example", &format!("second={GOOGLE}")];
        assert_eq!(read(&both).unwrap(), [other, google]);
    }

    #[test]
    fn an_address_that_cannot_be_used_is_named_and_not_shown() {
        for flags in [
            ["base="],
            ["base=http://secret.example"],
            ["second=https://me:secret@example.com"],
        ] {
            let error = format!("{:#}", read(&flags).unwrap_err());
            assert!(!error.contains("secret"), "{error}");
            assert!(
                error.contains("base") || error.contains("second"),
                "{error}"
            );
        }
    }
}
