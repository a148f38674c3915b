//! The recorded bodies and what their index says of them.

use std::{env, fs, path::PathBuf};

use serde_json::Value;

use super::say;

/// Next to the workspace, which is two levels above this crate.
const FOLDER: [&str; 5] = [
    env!("CARGO_MANIFEST_DIR"),
    "..",
    "..",
    "..",
    "shared/fixtures",
];

/// Names another folder.
const FOLDER_VARIABLE: &str = "GEMPOOL_FIXTURES";

/// One recorded body.
pub(crate) struct Fixture {
    pub(crate) name: String,
    /// What it shows: `text`, `tools-stream`, `error-429` …
    pub(crate) kind: String,
    pub(crate) body: Vec<u8>,
    /// Server-sent events.
    pub(crate) streamed: bool,
    ok: bool,
    endpoint: String,
}

impl Fixture {
    /// Whether it came with status 200 from a method that generates. Bodies from bug reports name no
    /// endpoint, but are answers all the same.
    pub(crate) fn is_answer(&self) -> bool {
        let generates = ["", "generateContent", "streamGenerateContent"];
        self.ok && self.kind != "models" && generates.contains(&self.endpoint.as_str())
    }
}

/// All bodies; `None` if there are none here.
pub(crate) fn load() -> Option<Vec<Fixture>> {
    let beside = || FOLDER.iter().collect();
    let folder: PathBuf = env::var_os(FOLDER_VARIABLE).map_or_else(beside, Into::into);
    let Ok(index) = fs::read(folder.join("index.json")) else {
        say(&format!(
            "skipped, no recorded answers at {}",
            folder.display()
        ));
        return None;
    };
    let index: Value = serde_json::from_slice(&index).unwrap();
    let fixtures = index["fixtures"].as_array().unwrap().iter();
    let fixtures = fixtures.filter_map(|fixture| {
        let text = |key: &str| fixture[key].as_str().unwrap_or_default().to_owned();
        let file = text("file");
        Some(Fixture {
            name: text("name"),
            kind: text("kind"),
            body: fs::read(folder.join(&file)).ok()?,
            streamed: file.ends_with(".sse"),
            ok: fixture["http_status"]
                .as_u64()
                .is_none_or(|status| status == 200),
            endpoint: text("endpoint"),
        })
    });
    Some(fixtures.collect())
}
