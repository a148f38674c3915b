//! The two components as bytes: built in, or from files.
//!
//! Compiles nothing; `engine.rs` does.

use std::borrow::Cow;
use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;

use crate::cli::ComponentArgs;
use crate::manifest::Part;

/// Built in by `build.rs`; empty if the component was not there.
const GATEWAY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/gateway.wasm"));
/// As [`GATEWAY`].
const ADMIN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/admin.wasm"));

/// Largest component file in bytes; ours are 2 MiB at most, others may embed much.
const MAX_COMPONENT_BYTES: u64 = 256 * 1024 * 1024;

/// Finds the bytes of `part`.
///
/// # Errors
///
/// If there is none, or the file given instead cannot be read.
pub fn load(part: Part, args: &ComponentArgs) -> anyhow::Result<Cow<'static, [u8]>> {
    let (built_in, file) = match part {
        Part::Gateway => (GATEWAY, &args.gateway),
        Part::Admin => (ADMIN, &args.admin),
    };
    if let Some(path) = file {
        return read(path)
            .with_context(|| format!("cannot read --{} {}", part.name(), path.display()))
            .map(Cow::Owned);
    }
    anyhow::ensure!(
        !built_in.is_empty(),
        "built without components: run `cargo xtask build`, or pass --gateway FILE --admin FILE"
    );
    Ok(Cow::Borrowed(built_in))
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let file = std::fs::File::open(path)?;
    let length = file.metadata()?.len();
    anyhow::ensure!(
        length <= MAX_COMPONENT_BYTES,
        "larger than {MAX_COMPONENT_BYTES} bytes"
    );
    let mut bytes = Vec::new();
    let mut limited = file.take(MAX_COMPONENT_BYTES);
    std::io::copy(&mut limited, &mut bytes)?;
    Ok(bytes)
}
