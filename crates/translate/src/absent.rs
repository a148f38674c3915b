//! Why an answer lacks the one thing that its endpoint is for: an image, sound, a transcript.
//!
//! Chat can show a refusal as an answer; these endpoints cannot, so it becomes an error that says
//! what Gemini said (I5). Whether to try again is the caller's decision, by the fault.

use crate::{
    UpstreamFault,
    answer::{Answer, Output, StopKind, Stopped, refusal_text},
    gemini::response::GenerateContentResponse,
    scrub,
};

/// Reasons that count as filtered where nothing came, but say nothing against the prompt: another
/// try may do better (§2.2).
const NOT_POLICY: &[&str] = &["OTHER", "NO_IMAGE", "IMAGE_OTHER"];

/// What a client is told to be missing, `image` for instance, in codes and messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Image,
    Sound,
    Transcript,
}

impl Wanted {
    fn word(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Sound => "sound",
            Self::Transcript => "transcript",
        }
    }
}

/// The fault of an answer without what was wanted.
pub(crate) fn explain(
    response: &GenerateContentResponse<'_>,
    answer: &Answer<'_>,
    wanted: Wanted,
) -> UpstreamFault {
    if let Some(reason) = answer.blocked {
        return UpstreamFault::refused(refusal_text(reason));
    }
    let message = response
        .candidates
        .iter()
        .flatten()
        .find_map(|candidate| candidate.finish_message.as_deref());
    let text: String = answer
        .candidates
        .iter()
        .flat_map(|candidate| &candidate.said)
        .filter_map(|said| match said.output {
            Output::Text(text) => Some(text),
            _ => None,
        })
        .collect();
    match answer.candidates.first() {
        Some(candidate) => explain_end(&candidate.stopped, message, &text, wanted),
        None => UpstreamFault::Empty,
    }
}

/// The same for a candidate of a stream: how it ended, and the text it said instead.
pub(crate) fn explain_end(
    stopped: &Stopped,
    message: Option<&str>,
    text: &str,
    wanted: Wanted,
) -> UpstreamFault {
    let reason = stopped.reason.as_str();
    match stopped.kind {
        StopKind::Filtered if !NOT_POLICY.contains(&reason) => {
            let message = message.unwrap_or("the content was filtered");
            UpstreamFault::refused(format!("{reason}: {message}"))
        }
        StopKind::Length => UpstreamFault::Unusable {
            reason: UpstreamFault::MAX_TOKENS.to_owned(),
            message: format!(
                "it reached its limit of tokens before the {} was whole",
                wanted.word()
            ),
        },
        StopKind::Filtered | StopKind::Stop | StopKind::Calls => {
            let said = match (message, text.trim()) {
                (Some(message), _) => message.to_owned(),
                (None, "") if reason.is_empty() || matches!(reason, "STOP" | "OTHER") => {
                    return UpstreamFault::Empty;
                }
                (None, "") => format!("it ended with {reason}"),
                (None, text) => format!("it answered with text and no {}: {text}", wanted.word()),
            };
            let code = if reason.is_empty() || reason == "STOP" {
                format!("no_{}", wanted.word())
            } else {
                reason.to_ascii_lowercase()
            };
            UpstreamFault::Unusable {
                reason: code,
                message: scrub::for_client(&said),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AnswerMeta, answer::CallReader, prompt::function_names::FunctionNames};

    fn check(json: &str, expected: UpstreamFault) {
        let meta = AnswerMeta {
            fallback_id: String::new(),
            created_unix_s: 0,
            model: String::new(),
        };
        let mut calls = CallReader::new(FunctionNames::default(), "", &meta);
        let response = GenerateContentResponse::parse(json.as_bytes()).unwrap();
        let answer = Answer::read(&response, &mut calls).unwrap();
        assert_eq!(
            explain(&response, &answer, Wanted::Image),
            expected,
            "{json}"
        );
    }

    fn unusable(reason: &str, message: &str) -> UpstreamFault {
        UpstreamFault::Unusable {
            reason: reason.to_owned(),
            message: message.to_owned(),
        }
    }

    #[test]
    fn a_refusal_is_told_from_a_failure_i5() {
        for (json, expected) in [
            (
                r#"{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"}}"#,
                unusable(
                    "content_policy_violation",
                    "Prompt blocked by Gemini: PROHIBITED_CONTENT",
                ),
            ),
            (
                r#"{"candidates":[{"finishReason":"IMAGE_SAFETY","finishMessage":"Unable to show it."}]}"#,
                unusable(
                    "content_policy_violation",
                    "IMAGE_SAFETY: Unable to show it.",
                ),
            ),
            (
                r#"{"candidates":[{"content":{"parts":[{"text":"x"}]},"finishReason":"SAFETY"}]}"#,
                unusable(
                    "content_policy_violation",
                    "SAFETY: the content was filtered",
                ),
            ),
            (
                r#"{"candidates":[{"finishReason":"NO_IMAGE"}]}"#,
                unusable("no_image", "it ended with NO_IMAGE"),
            ),
            (
                r#"{"candidates":[{"finishReason":"OTHER","finishMessage":"Internal."}]}"#,
                unusable("other", "Internal."),
            ),
            (
                r#"{"candidates":[{"finishReason":"OTHER"}]}"#,
                UpstreamFault::Empty,
            ),
            (
                r#"{"candidates":[{"finishReason":"STOP"}]}"#,
                UpstreamFault::Empty,
            ),
            (
                r#"{"candidates":[{"content":{"parts":[{"text":"I cannot "},{"text":"draw."}]},"finishReason":"STOP"}]}"#,
                unusable(
                    "no_image",
                    "it answered with text and no image: I cannot draw.",
                ),
            ),
            (
                r#"{"candidates":[{"finishReason":"MAX_TOKENS"}]}"#,
                unusable(
                    "max_tokens",
                    "it reached its limit of tokens before the image was whole",
                ),
            ),
        ] {
            check(json, expected);
        }
    }

    #[test]
    fn what_another_try_would_not_change_is_lasting() {
        for (fault, refusal, lasting) in [
            (UpstreamFault::refused("x".to_owned()), true, true),
            (unusable("max_tokens", ""), false, true),
            (unusable("no_image", ""), false, false),
            (UpstreamFault::Empty, false, false),
        ] {
            assert_eq!(fault.is_refusal(), refusal, "{fault:?}");
            assert_eq!(fault.is_lasting(), lasting, "{fault:?}");
        }
    }
}
