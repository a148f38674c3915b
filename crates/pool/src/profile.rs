//! The two ways to read errors: as Google means them, or by fixed times.

use serde::{Deserialize, Serialize};

/// How long which error cools.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// By what the error's body says.
    #[default]
    Google,
    /// By status alone: 401 and 403 for good, 429 and 503 a day, 502 and 504 five minutes, other 5xx ten.
    Fixed,
}
