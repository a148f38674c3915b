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
    /// By status alone: 401 and 403 until an admin acts, 429 and 503 a day, 502 and 504 five minutes, other 5xx ten,
    /// always for the whole key; broken connections cool for five minutes; other 4xx are the client's. Only what says
    /// nothing of quotas is read: invalid keys, which Google answers with 400, and refused addresses.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_connection_is_nobody_s_fault_unless_times_are_fixed() {
        let now = UnixMillis(1_800_000_000_000);
        assert_eq!(network_verdict(Profile::Google, now), Verdict::Network);
        assert_eq!(
            network_verdict(Profile::Fixed, now),
            Verdict::Cool {
                scope: Scope::Key,
                until: UnixMillis(now.0 + 300_000),
                cause: CoolingCause::Fixed,
            }
        );
    }
}
