//! How a script breaks an answer.

use serde::{Deserialize, Serialize};

/// How an answer breaks. A number of bytes beyond the body's means its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// TCP reset instead of an answer.
    ResetBeforeHeaders,
    /// The connection ends (FIN) instead of an answer.
    Close,
    /// Nothing comes, not even headers, until the client leaves.
    StallBeforeHeaders,
    /// Headers come late.
    DelayHeaders {
        /// Milliseconds.
        ms: u64,
    },
    /// TCP reset inside the body.
    ResetAfterBytes {
        /// Of the body.
        bytes: usize,
    },
    /// Nothing more comes, and the connection stays.
    StallAfterBytes {
        /// Of the body.
        bytes: usize,
    },
    /// The connection ends (FIN) inside the body, against its framing.
    TruncateAfterBytes {
        /// Of the body.
        bytes: usize,
    },
    /// The body ends early with right framing.
    EndAfterBytes {
        /// Of the body.
        bytes: usize,
    },
    /// One event is not JSON; in a unary answer, the body.
    MalformedEvent {
        /// Which event, from 0; the last when absent.
        #[serde(default)]
        at: Option<usize>,
    },
    /// One event, or the unary answer, has a text of this size.
    HugeEvent {
        /// Of the text, at most 128 MiB.
        bytes: usize,
    },
    /// The body comes in small pieces.
    Drip {
        /// Of one piece.
        bytes: usize,
        /// Milliseconds before each piece but the first.
        ms: u64,
    },
}
