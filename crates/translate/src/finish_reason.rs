//! How a candidate ended, as OpenAI says it.
//!
//! One table for unary answers and streams. Whether a fault is worth a retry is not decided here.

use crate::{
    gemini::response::Candidate, openai::FinishReason, scrub, shown::Shown,
    upstream_fault::UpstreamFault,
};

/// What a Gemini finish reason amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Stop,
    Length,
    ContentFilter,
    /// Gemini does not say why: a block if there is nothing to show, else a normal end.
    Unexplained,
    /// The model went wrong: an error if there is nothing to show, else a normal end.
    Fault,
}

/// `FinishReason` of <https://ai.google.dev/api/generate-content#FinishReason>, read 2026-11-21,
/// with the reference's §2.2. `CONTINUATION` is a length until continuing is implemented.
const ENDINGS: &[(&str, Ending)] = &[
    ("STOP", Ending::Stop),
    ("FINISH_REASON_UNSPECIFIED", Ending::Stop),
    ("MAX_TOKENS", Ending::Length),
    ("CONTINUATION", Ending::Length),
    ("SAFETY", Ending::ContentFilter),
    ("PROHIBITED_CONTENT", Ending::ContentFilter),
    ("BLOCKLIST", Ending::ContentFilter),
    ("SPII", Ending::ContentFilter),
    ("RECITATION", Ending::ContentFilter),
    ("LANGUAGE", Ending::ContentFilter),
    ("IMAGE_SAFETY", Ending::ContentFilter),
    ("IMAGE_PROHIBITED_CONTENT", Ending::ContentFilter),
    ("IMAGE_RECITATION", Ending::ContentFilter),
    ("MODEL_ARMOR", Ending::ContentFilter),
    ("ESCALATION", Ending::ContentFilter),
    ("NO_IMAGE", Ending::ContentFilter),
    ("IMAGE_OTHER", Ending::ContentFilter),
    ("OTHER", Ending::Unexplained),
    ("MALFORMED_FUNCTION_CALL", Ending::Fault),
    ("MALFORMED_RESPONSE", Ending::Fault),
    ("UNEXPECTED_TOOL_CALL", Ending::Fault),
    ("TOO_MANY_TOOL_CALLS", Ending::Fault),
    ("MISSING_THOUGHT_SIGNATURE", Ending::Fault),
    ("PUP_LIMITED_DISABLED", Ending::Fault),
];

/// Gemini's last word on a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finish {
    pub(crate) ending: Ending,
    reason: String,
    message: Option<String>,
}

/// How a candidate is presented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Conclusion {
    Finished(FinishReason),
    /// A normal end with nothing said: `stop`, if it is given to the client at all.
    Silent,
    /// An error rather than an answer.
    Unusable(UpstreamFault),
}

impl Finish {
    /// The ending of a candidate; `None` while it goes on. Unknown reasons are a normal end (A8).
    pub(crate) fn of(candidate: &Candidate<'_>) -> Option<Self> {
        let reason: &str = candidate.finish_reason.as_deref()?;
        let known = ENDINGS.iter().find(|(name, _)| *name == reason);
        Some(Self {
            ending: known.map_or(Ending::Stop, |(_, ending)| *ending),
            reason: reason.to_owned(),
            message: candidate.finish_message.as_deref().map(str::to_owned),
        })
    }

    /// A unary answer without reason, which is a normal end.
    pub(crate) fn unspecified() -> Self {
        Self {
            ending: Ending::Stop,
            reason: String::new(),
            message: None,
        }
    }

    /// A prompt that was blocked (B1).
    pub(crate) fn blocked() -> Self {
        Self {
            ending: Ending::ContentFilter,
            ..Self::unspecified()
        }
    }

    /// What to tell the client, given what it has been shown.
    pub(crate) fn conclude(&self, shown: Shown) -> Conclusion {
        let anything = shown.anything();
        match (self.ending, shown.hidden) {
            (Ending::Length, _) => Conclusion::Finished(FinishReason::Length),
            (Ending::ContentFilter, _) => Conclusion::Finished(FinishReason::ContentFilter),
            (Ending::Unexplained, _) if !shown.text => {
                Conclusion::Finished(FinishReason::ContentFilter)
            }
            (Ending::Fault, _) if !anything => Conclusion::Unusable(self.fault()),
            (Ending::Stop, Some(part)) if !anything => {
                Conclusion::Unusable(UpstreamFault::Unusable {
                    reason: "unsupported_output".to_owned(),
                    message: format!("it answered with `{part}` only, which is not supported yet"),
                })
            }
            (Ending::Stop, None) if !anything => Conclusion::Silent,
            (Ending::Stop | Ending::Unexplained | Ending::Fault, _) => {
                Conclusion::Finished(FinishReason::Stop)
            }
        }
    }

    fn fault(&self) -> UpstreamFault {
        let reason = self.reason.to_ascii_lowercase();
        let message = match &self.message {
            Some(message) => scrub::for_client(message),
            None => format!("it ended with {}", self.reason),
        };
        UpstreamFault::Unusable { reason, message }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Shown = Shown {
        text: false,
        thought: false,
        hidden: None,
    };
    const TEXT: Shown = Shown {
        text: true,
        ..NOTHING
    };

    fn conclude(reason: &str, shown: Shown) -> Conclusion {
        let json = format!(r#"{{"finishReason":"{reason}","finishMessage":"why"}}"#);
        Finish::of(&serde_json::from_str(&json).unwrap())
            .unwrap()
            .conclude(shown)
    }

    #[test]
    fn every_reason_ends_as_openai_clients_know_it() {
        for (reason, ending) in ENDINGS {
            let with_text = match ending {
                Ending::Stop | Ending::Unexplained | Ending::Fault => FinishReason::Stop,
                Ending::Length => FinishReason::Length,
                Ending::ContentFilter => FinishReason::ContentFilter,
            };
            assert_eq!(
                conclude(reason, TEXT),
                Conclusion::Finished(with_text),
                "{reason}"
            );
        }
    }

    #[test]
    fn unknown_reasons_are_a_normal_end_a8() {
        assert_eq!(
            conclude("FAKE_NEW_REASON", TEXT),
            Conclusion::Finished(FinishReason::Stop)
        );
    }

    #[test]
    fn with_nothing_to_show_the_reason_decides() {
        assert_eq!(conclude("STOP", NOTHING), Conclusion::Silent);
        assert_eq!(
            conclude("OTHER", NOTHING),
            Conclusion::Finished(FinishReason::ContentFilter)
        );
        assert_eq!(
            conclude("MAX_TOKENS", NOTHING),
            Conclusion::Finished(FinishReason::Length)
        );
        assert_eq!(
            conclude("MALFORMED_FUNCTION_CALL", NOTHING),
            Conclusion::Unusable(UpstreamFault::Unusable {
                reason: "malformed_function_call".to_owned(),
                message: "why".to_owned(),
            })
        );
        let call = Shown {
            hidden: Some("functionCall"),
            ..NOTHING
        };
        assert!(matches!(conclude("STOP", call), Conclusion::Unusable(_)));
        let thought = Shown {
            thought: true,
            ..NOTHING
        };
        assert_eq!(
            conclude("STOP", thought),
            Conclusion::Finished(FinishReason::Stop)
        );
    }
}
