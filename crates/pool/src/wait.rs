//! Why a key that will serve again without anybody acting does not serve now.
//!
//! Only names; who finds out is `standing.rs`.

use serde::{Serialize, Serializer};

use crate::lessons::QuotaKind;
use crate::verdict::CoolingCause;

/// Why a key has to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitCause {
    /// An answer said so.
    Cooling(CoolingCause),
    /// One more request would exceed a quota of its project.
    Quota(QuotaKind),
    /// The egress that it is pinned to backs off.
    Egress,
    /// The key, or its project, has its one trial request after a cooling under way.
    Probe,
    /// Not every page of a large pool could be looked at: ask again at once.
    Unknown,
}

impl Serialize for WaitCause {
    /// The cooling's cause by its name; the others as `quota`, `egress`, `probe` and `unknown`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Cooling(cause) => cause.serialize(serializer),
            Self::Quota(_) => serializer.serialize_str("quota"),
            Self::Egress => serializer.serialize_str("egress"),
            Self::Probe => serializer.serialize_str("probe"),
            Self::Unknown => serializer.serialize_str("unknown"),
        }
    }
}
