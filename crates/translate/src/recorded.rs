//! True bodies of Gemini, for tests, where a collection of them (`shared/fixtures`) lies beside the
//! repository.
//!
//! They are not part of the project; without them the tests that want them have nothing to do: each
//! rule is also tested with a body of our own.

use std::path::{Path, PathBuf};

fn folder() -> Option<PathBuf> {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_folder
        .ancestors()
        .map(|folder| folder.join("shared/fixtures"))
        .find(|folder| folder.is_dir())
}

/// The recorded body by this file name.
pub(crate) fn recorded(file: &str) -> Option<Vec<u8>> {
    std::fs::read(folder()?.join(file)).ok()
}
