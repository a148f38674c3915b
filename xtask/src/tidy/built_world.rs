//! Reads from a built component which interfaces it imports and exports.
//!
//! Looks at names only; that the types agree is the host's business when it links.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use wasmparser::{Encoding, Parser, Payload};

/// Names such as `wasi:http/types@0.3.0`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct World {
    /// What a host must offer.
    pub(super) imports: BTreeSet<String>,
    /// What a host may call.
    pub(super) exports: BTreeSet<String>,
}

/// Reads a component's own world, not those of components inside it.
///
/// # Errors
/// Fails when the bytes are no component.
pub(super) fn read(bytes: &[u8]) -> Result<World> {
    let mut world = World::default();
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.context("not a valid component")? {
            Payload::Version {
                encoding: Encoding::Module,
                ..
            } if depth == 0 => {
                bail!("a core module, not a component");
            }
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 0 => {
                for import in section {
                    world.imports.insert(import?.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                for export in section {
                    world.exports.insert(export?.name.name.to_owned());
                }
            }
            _ => {}
        }
    }
    Ok(world)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `(component (import "a:b/c" (instance)))`, assembled by hand: header, a type section with
    /// an empty instance type, an import section.
    const IMPORTS_ONE: &[u8] = &[
        0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00, // component, version 13
        0x07, 0x03, 0x01, 0x42, 0x00, // one type: an instance without exports
        0x0a, 0x0a, 0x01, 0x00, 0x05, b'a', b':', b'b', b'/', b'c', 0x05, 0x00, // one import
    ];

    #[test]
    fn reads_an_import() {
        let world = read(IMPORTS_ONE).unwrap();
        assert_eq!(world.imports.into_iter().collect::<Vec<_>>(), ["a:b/c"]);
        assert!(world.exports.is_empty());
    }

    #[test]
    fn refuses_what_is_no_component() {
        let module = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
        assert!(
            read(&module)
                .unwrap_err()
                .to_string()
                .contains("core module")
        );
        assert!(read(b"not wasm at all").is_err());
    }
}
