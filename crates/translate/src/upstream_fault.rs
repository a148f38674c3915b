//! Gemini's failures after it answered with HTTP 200.
//!
//! An HTTP status other than 200 is not seen here: whoever made the call decides by the status
//! (U7). Whether to retry, and what it says about a key, is decided elsewhere too.

use std::fmt;

/// Why an upstream answer cannot be given to the client as it is.
///
/// `Debug` and `Display` are safe to log: texts are scrubbed when the fault is made, and the raw
/// report, which may contain a key, shows only its length.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
pub enum UpstreamFault {
    /// Not JSON, or JSON of another shape. The model's or the network's fault, never the key's.
    #[error("Gemini sent an answer that is not valid")]
    Malformed,
    /// The body ended without a finish reason, or inside a JSON value (X12).
    #[error("Gemini's answer ended early")]
    Truncated,
    /// One event exceeded [`MAX_EVENT_BYTES`](crate::MAX_EVENT_BYTES).
    #[error("Gemini sent an event over {} MiB", crate::MAX_EVENT_BYTES >> 20)]
    EventTooLarge,
    /// Gemini reported an error inside the 200 answer (U8).
    #[error("Gemini reported an error: {message}")]
    Reported {
        /// `error.code`, an HTTP status.
        status: Option<u16>,
        /// `error.message`, scrubbed and clipped.
        message: String,
        /// `{"error":{…}}` as sent, unwrapped from an array, NOT scrubbed: for the verdict only.
        raw: Vec<u8>,
    },
    /// The model ended with a fault of its own and nothing that a client could use.
    #[error("the model gave no usable answer: {message}")]
    Unusable {
        /// Gemini's finish reason in lower case, or `unsupported_output`.
        reason: String,
        /// `finishMessage`, scrubbed and clipped, or our wording.
        message: String,
    },
    /// Nothing meaningful: no candidate and no reason given (B3), or a stream that ended in silence.
    #[error("Gemini sent an empty answer")]
    Empty,
}

impl UpstreamFault {
    /// OpenAI's code for content that its policy forbids.
    pub(crate) const CONTENT_POLICY: &str = "content_policy_violation";

    /// The reason of an answer that did not fit into the model's limit of tokens.
    pub(crate) const MAX_TOKENS: &str = "max_tokens";

    /// Google refused the content, and the endpoint has no other way to say so. `message` is
    /// Google's reason and words.
    pub(crate) fn refused(message: String) -> Self {
        Self::Unusable {
            reason: Self::CONTENT_POLICY.to_owned(),
            message: crate::scrub::for_client(&message),
        }
    }

    /// Whether Google refused what the client asked for: the client's matter, status 400, and
    /// nothing against a key.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Unusable { reason, .. } if reason == Self::CONTENT_POLICY)
    }

    /// Whether the same request would end in the same way with any key, so that trying again only
    /// costs: refused content, or an answer that does not fit.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        let too_long = matches!(self, Self::Unusable { reason, .. } if reason == Self::MAX_TOKENS);
        too_long || self.is_refusal()
    }
}

impl fmt::Debug for UpstreamFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("Malformed"),
            Self::Truncated => f.write_str("Truncated"),
            Self::EventTooLarge => f.write_str("EventTooLarge"),
            Self::Reported {
                status,
                message,
                raw,
            } => f
                .debug_struct("Reported")
                .field("status", status)
                .field("message", message)
                .field("raw_bytes", &raw.len())
                .finish(),
            Self::Unusable { reason, message } => f
                .debug_struct("Unusable")
                .field("reason", reason)
                .field("message", message)
                .finish(),
            Self::Empty => f.write_str("Empty"),
        }
    }
}
