//! `wit/world.wit` says exactly what the built gateway imports and exports.
//!
//! The order within the file and the documentation in it are free. Interfaces that come from the
//! standard library, not from our code, differ from one Rust to the other: the file states rustup's,
//! and the differences of Debian's are known here.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use wit_parser::{AstItem, UnresolvedPackage, UnresolvedPackageGroup, WorldItem};

use super::built_world::{self, World};
use super::tree::{Finding, Tree};

const WORLD_FILE: &str = "wit/world.wit";
/// The world in it.
const WORLD_NAME: &str = "gateway";

/// What only some standard libraries import at [`STD_VERSION`]: rustup's 1.95.0 does. The file lists
/// them, and a component built with Debian's 1.96.0 comes without (both seen 2026-11-21).
const NOT_IN_EVERY_STD: [&str; 6] = [
    "wasi:cli/terminal-input",
    "wasi:cli/terminal-output",
    "wasi:cli/terminal-stderr",
    "wasi:cli/terminal-stdin",
    "wasi:cli/terminal-stdout",
    "wasi:io/poll",
];
/// What Debian's imports instead, because its wasi-libc is older. The file need not list them: our
/// code uses none, and hosts that run the official build need not offer them.
const ONLY_IN_DEBIANS_STD: [&str; 3] = [
    "wasi:clocks/wall-clock",
    "wasi:filesystem/preopens",
    "wasi:filesystem/types",
];
/// The same interfaces at 0.3 are imported by our code, or not at all.
const STD_VERSION: &str = "0.2.";

/// The check; `component` is the built gateway.
pub(super) fn check(tree: &Tree, component: &Path) -> Vec<Finding> {
    let Some(text) = tree.text(WORLD_FILE) else {
        return vec![Finding::file(WORLD_FILE, "write the gateway's world here")];
    };
    let stated = match parse(text) {
        Ok(world) => world,
        Err(error) => return vec![Finding::file(WORLD_FILE, format!("{error:#}"))],
    };
    match read_component(component) {
        Ok(built) => compare(text, &stated, &built),
        Err(error) => {
            let advice = format!("{error:#}: run `cargo xtask build --components-only`");
            vec![Finding::file(WORLD_FILE, advice)]
        }
    }
}

fn read_component(component: &Path) -> Result<World> {
    let failed = || format!("cannot read {}", component.display());
    built_world::read(&fs::read(component).with_context(failed)?).with_context(failed)
}

fn compare(text: &str, stated: &World, built: &World) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (verb, stated, built) in [
        ("import", &stated.imports, &built.imports),
        ("export", &stated.exports, &built.exports),
    ] {
        let missing = built.difference(stated);
        for name in missing.filter(|name| !is_from_std(name, &ONLY_IN_DEBIANS_STD)) {
            let advice = format!("add `{verb} {name};`, the built component does");
            findings.push(Finding::file(WORLD_FILE, advice));
        }
        let surplus = stated.difference(built);
        for name in surplus.filter(|name| !is_from_std(name, &NOT_IN_EVERY_STD)) {
            let line = text.lines().position(|line| line.contains(name.as_str()));
            let advice = format!("remove `{verb} {name};`, the built component does not");
            findings.push(Finding::at(
                WORLD_FILE,
                line.map_or(1, |index| index + 1),
                advice,
            ));
        }
    }
    findings
}

fn is_from_std(name: &str, interfaces: &[&str]) -> bool {
    name.split_once('@').is_some_and(|(interface, version)| {
        interfaces.contains(&interface) && version.starts_with(STD_VERSION)
    })
}

/// Reads the world as written, without the packages that it names.
fn parse(text: &str) -> Result<World> {
    let group = UnresolvedPackageGroup::parse(WORLD_FILE, text)
        .map_err(|(_, error)| anyhow::anyhow!("not valid WIT: {error}"))?;
    let package = &group.main;
    let world = package
        .worlds
        .iter()
        .map(|(_, world)| world)
        .find(|world| world.name == WORLD_NAME)
        .with_context(|| format!("there is no world `{WORLD_NAME}`"))?;
    if !world.includes.is_empty() {
        bail!("write out what is included: the file shall show all imports");
    }
    Ok(World {
        imports: names(package, world.imports.values())?,
        exports: names(package, world.exports.values())?,
    })
}

fn names<'a>(
    package: &UnresolvedPackage,
    items: impl Iterator<Item = &'a WorldItem>,
) -> Result<BTreeSet<String>> {
    items
        .map(|item| {
            let WorldItem::Interface { id, .. } = item else {
                bail!("only whole interfaces can be compared");
            };
            package
                .foreign_deps
                .iter()
                .flat_map(|(owner, items)| {
                    items.iter().map(move |(name, item)| (owner, name, item))
                })
                .find(|(_, _, (item, _))| matches!(item, AstItem::Interface(it) if it == id))
                .map(|(owner, name, _)| owner.interface_id(name))
                .context("only interfaces of other packages can be compared")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
package gempool:gateway;

/// Docs are free.
world gateway {
  import wasi:http/types@0.3.0;
  import spin:variables/variables@3.0.0;
  export wasi:http/handler@0.3.0;
}
";

    fn world(imports: &[&str], exports: &[&str]) -> World {
        World {
            imports: imports.iter().map(|it| (*it).to_owned()).collect(),
            exports: exports.iter().map(|it| (*it).to_owned()).collect(),
        }
    }

    #[test]
    fn reads_the_world_as_written() {
        let expected = world(
            &["wasi:http/types@0.3.0", "spin:variables/variables@3.0.0"],
            &["wasi:http/handler@0.3.0"],
        );
        assert_eq!(parse(TEXT).unwrap(), expected);
    }

    #[test]
    fn names_what_is_missing_and_what_is_too_much() {
        let built = world(
            &["wasi:http/types@0.3.0", "wasi:sockets/types@0.3.0"],
            &["wasi:http/handler@0.3.0"],
        );
        let found: Vec<String> = compare(TEXT, &parse(TEXT).unwrap(), &built)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            found,
            [
                "wit/world.wit:1: add `import wasi:sockets/types@0.3.0;`, the built component does",
                "wit/world.wit:6: remove `import spin:variables/variables@3.0.0;`, the built component does not",
            ]
        );
    }

    #[test]
    fn knows_how_standard_libraries_differ_and_is_exact_about_the_rest() {
        let stated = world(&["wasi:io/poll@0.2.6", "wasi:cli/stdin@0.3.0"], &[]);
        let built = world(&["wasi:filesystem/types@0.2.6", "wasi:io/error@0.2.6"], &[]);
        let found: Vec<String> = compare("", &stated, &built)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found[0].contains("add `import wasi:io/error@0.2.6;`"),
            "{found:?}"
        );
        assert!(
            found[1].contains("remove `import wasi:cli/stdin@0.3.0;`"),
            "{found:?}"
        );
    }

    #[test]
    fn refuses_a_world_that_hides_imports() {
        let hidden = "package a:b;\nworld gateway { include wasi:http/service@0.3.0; }\n";
        assert!(parse(hidden).unwrap_err().to_string().contains("write out"));
        assert!(
            parse("world {")
                .unwrap_err()
                .to_string()
                .contains("not valid WIT")
        );
    }

    #[test]
    fn says_how_to_come_by_a_component() {
        let tree = Tree::of(&[(WORLD_FILE, TEXT)]);
        let found = check(&tree, Path::new("/nowhere/gateway.wasm"));
        assert!(
            found
                .iter()
                .any(|it| it.to_string().contains("cargo xtask build"))
        );
    }
}
