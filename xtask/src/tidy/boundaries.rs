//! Names that may be used in a few places only: the SDK, and the clock.
//!
//! clippy bans the calls, too, but lets anybody allow them with a reason; here is the list of who
//! may. Which crate may depend on which is Cargo's to enforce.

use super::tree::{Finding, Tree};

/// A name and the paths (files, or folders ending in `/`) that may use it.
struct Boundary {
    names: &'static [&'static str],
    allowed: &'static [&'static str],
    advice: &'static str,
}

const BOUNDARIES: [Boundary; 2] = [
    Boundary {
        names: &["spin_sdk"],
        allowed: &[
            "src/host.rs",
            "src/host/",
            "admin/src/lib.rs",
            "xtask/src/tidy/boundaries.rs",
        ],
        advice: "names the SDK outside the edge: take a port or a plain `http` type instead",
    },
    Boundary {
        names: &["SystemTime::now", "Instant::now"],
        allowed: &CLOCK_ADAPTERS,
        advice: "reads a clock: take `now` as an argument, or use the adapter of this program",
    },
];

/// Who reads a clock: the native host, whose time-outs and graceful stop run on tokio's, the command line's and the
/// simulator's one adapter each, the benchmark, which measures, and this program's stopwatch.
const CLOCK_ADAPTERS: [&str; 6] = [
    "crates/bench/src/",
    "crates/cli/src/clock.rs",
    "crates/host/src/",
    "crates/sim/src/clock.rs",
    "xtask/src/stopwatch.rs",
    "xtask/src/tidy/boundaries.rs",
];

/// The check.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.rust() {
        for boundary in &BOUNDARIES {
            if !is_allowed(path, boundary.allowed) {
                findings.extend(uses(path, text, boundary));
            }
        }
    }
    findings
}

fn is_allowed(path: &str, allowed: &[&str]) -> bool {
    allowed.iter().any(|it| {
        if it.ends_with('/') {
            path.starts_with(it)
        } else {
            path == *it
        }
    })
}

fn uses<'a>(
    path: &'a str,
    text: &'a str,
    boundary: &'a Boundary,
) -> impl Iterator<Item = Finding> + 'a {
    text.lines()
        .enumerate()
        // Prose may speak of what the code may not use.
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .filter(|(_, line)| boundary.names.iter().any(|name| line.contains(name)))
        .map(|(index, _)| Finding::at(path, index + 1, boundary.advice))
}

#[cfg(test)]
mod tests {
    use super::super::tree::findings;
    use super::*;

    #[test]
    fn finds_the_sdk_outside_the_edge() {
        let code = "//! Doc.\nuse spin_sdk::http::Request;\n";
        let found = findings(
            check,
            &[
                ("src/routes/health.rs", code),
                ("crates/relay/src/lib.rs", code),
            ],
        );
        assert_eq!(found.len(), 2);
        assert!(
            found[1].starts_with("src/routes/health.rs:2: names the SDK"),
            "{found:?}"
        );
    }

    #[test]
    fn lets_the_edge_name_the_sdk_and_comments_speak_of_it() {
        let code = "use spin_sdk::http::Request;\n";
        let files = [
            ("src/host.rs", code),
            ("src/host/clock.rs", code),
            ("admin/src/lib.rs", code),
            ("crates/relay/src/ports.rs", "/// Not spin_sdk's.\n"),
        ];
        assert!(findings(check, &files).is_empty());
    }

    #[test]
    fn finds_clocks_outside_their_adapters() {
        let code = "fn f() { std::time::Instant::now(); }\n";
        assert_eq!(
            findings(check, &[("crates/pool/src/select.rs", code)]).len(),
            1
        );
        assert!(findings(check, &[("xtask/src/stopwatch.rs", code)]).is_empty());
    }
}
