//! How a candidate ended, in a word for each dialect to translate.
//!
//! One table for unary answers and streams. Whether a fault is worth a retry is not decided here.

use super::output::Shown;
use crate::{gemini::response::Candidate, scrub, upstream_fault::UpstreamFault};

/// Why an answer that can be given to the client is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StopKind {
    /// It is complete.
    Stop,
    /// It waits for the results of the calls in it.
    Calls,
    /// It reached a limit of tokens.
    Length,
    /// Google filtered it.
    Filtered,
}

/// A candidate's end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stopped {
    pub(crate) kind: StopKind,
    /// Gemini's own word, `PROHIBITED_CONTENT` for instance; empty if it gave none.
    pub(crate) reason: String,
}

/// What a Gemini finish reason amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Stop,
    Length,
    Filtered,
    /// Gemini does not say why: a block if there is nothing to show, else a normal end.
    Unexplained,
    /// The model went wrong: an error if there is nothing to show, else a normal end.
    Fault,
}

/// `FinishReason` of <https://ai.google.dev/api/generate-content#FinishReason>, read 2026-11-21,
/// with the reference's §2.2. `CONTINUATION` is a length like any other: its token is not used, since
/// what goes on with an answer (`continuation`) works for every model.
const ENDINGS: &[(&str, Ending)] = &[
    ("STOP", Ending::Stop),
    ("FINISH_REASON_UNSPECIFIED", Ending::Stop),
    ("MAX_TOKENS", Ending::Length),
    ("CONTINUATION", Ending::Length),
    ("SAFETY", Ending::Filtered),
    ("PROHIBITED_CONTENT", Ending::Filtered),
    ("BLOCKLIST", Ending::Filtered),
    ("SPII", Ending::Filtered),
    ("RECITATION", Ending::Filtered),
    ("LANGUAGE", Ending::Filtered),
    ("IMAGE_SAFETY", Ending::Filtered),
    ("IMAGE_PROHIBITED_CONTENT", Ending::Filtered),
    ("IMAGE_RECITATION", Ending::Filtered),
    ("MODEL_ARMOR", Ending::Filtered),
    ("ESCALATION", Ending::Filtered),
    ("NO_IMAGE", Ending::Filtered),
    ("IMAGE_OTHER", Ending::Filtered),
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
    Finished(Stopped),
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
    pub(crate) fn blocked(reason: &str) -> Self {
        Self {
            ending: Ending::Filtered,
            reason: reason.to_owned(),
            message: None,
        }
    }

    /// What to tell the client, given what it has been shown.
    ///
    /// A call beside a fault must not be made (§2.2), and a stream may have shown it already: the
    /// whole answer is an error then.
    pub(crate) fn conclude(&self, shown: Shown) -> Conclusion {
        let anything = shown.anything();
        let kind = match self.ending {
            Ending::Length => StopKind::Length,
            Ending::Filtered => StopKind::Filtered,
            Ending::Unexplained if !shown.text && !shown.call && !shown.media => StopKind::Filtered,
            Ending::Fault if !anything || shown.call => {
                return Conclusion::Unusable(self.fault());
            }
            Ending::Stop if !anything => return Conclusion::Silent,
            Ending::Stop | Ending::Unexplained | Ending::Fault if shown.call => StopKind::Calls,
            Ending::Stop | Ending::Unexplained | Ending::Fault => StopKind::Stop,
        };
        Conclusion::Finished(self.stopped(kind))
    }

    /// The end of a candidate that said nothing, given to the client all the same.
    pub(crate) fn stopped(&self, kind: StopKind) -> Stopped {
        Stopped {
            kind,
            reason: self.reason.clone(),
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
        call: false,
        media: false,
    };
    const TEXT: Shown = Shown {
        text: true,
        ..NOTHING
    };
    const CALL: Shown = Shown {
        call: true,
        ..NOTHING
    };

    fn conclude(reason: &str, shown: Shown) -> Conclusion {
        let json = format!(r#"{{"finishReason":"{reason}","finishMessage":"why"}}"#);
        Finish::of(&serde_json::from_str(&json).unwrap())
            .unwrap()
            .conclude(shown)
    }

    fn kind(reason: &str, shown: Shown) -> Option<StopKind> {
        match conclude(reason, shown) {
            Conclusion::Finished(stopped) => {
                assert_eq!(stopped.reason, reason);
                Some(stopped.kind)
            }
            Conclusion::Silent | Conclusion::Unusable(_) => None,
        }
    }

    #[test]
    fn every_reason_has_an_end() {
        for (reason, ending) in ENDINGS {
            let with_text = match ending {
                Ending::Stop | Ending::Unexplained | Ending::Fault => StopKind::Stop,
                Ending::Length => StopKind::Length,
                Ending::Filtered => StopKind::Filtered,
            };
            assert_eq!(kind(reason, TEXT), Some(with_text), "{reason}");
        }
    }

    #[test]
    fn unknown_reasons_are_a_normal_end_a8() {
        assert_eq!(kind("FAKE_NEW_REASON", TEXT), Some(StopKind::Stop));
    }

    #[test]
    fn calls_end_as_calls_unless_the_answer_was_cut_or_went_wrong() {
        assert_eq!(kind("STOP", CALL), Some(StopKind::Calls));
        assert_eq!(kind("MAX_TOKENS", CALL), Some(StopKind::Length));
        assert_eq!(kind("SAFETY", CALL), Some(StopKind::Filtered));
        assert_eq!(kind("MALFORMED_FUNCTION_CALL", CALL), None);
    }

    #[test]
    fn with_nothing_to_show_the_reason_decides() {
        assert_eq!(conclude("STOP", NOTHING), Conclusion::Silent);
        assert_eq!(kind("OTHER", NOTHING), Some(StopKind::Filtered));
        assert_eq!(kind("MAX_TOKENS", NOTHING), Some(StopKind::Length));
        assert_eq!(
            conclude("MALFORMED_FUNCTION_CALL", NOTHING),
            Conclusion::Unusable(UpstreamFault::Unusable {
                reason: "malformed_function_call".to_owned(),
                message: "why".to_owned(),
            })
        );
        let thought = Shown {
            thought: true,
            ..NOTHING
        };
        assert_eq!(kind("STOP", thought), Some(StopKind::Stop));
    }
}
