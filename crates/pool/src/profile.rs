//! The two ways to read errors: as Google means them, or by fixed times.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::time::UnixMillis;
use crate::verdict::{CoolingCause, Scope, Verdict};

/// Cooling after a broken connection, in [`Profile::Fixed`].
const NETWORK: Duration = Duration::from_mins(5);

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

/// What a broken connection means: nothing about the key, or in [`Profile::Fixed`] a cooling of five minutes.
#[must_use]
pub fn network_verdict(profile: Profile, now: UnixMillis) -> Verdict {
    match profile {
        Profile::Google => Verdict::Network,
        Profile::Fixed => Verdict::Cool {
            scope: Scope::Key,
            until: now.saturating_add(NETWORK),
            cause: CoolingCause::Fixed,
        },
    }
}
