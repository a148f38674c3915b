//! A whole Gemini answer, read once for every dialect.
//!
//! It borrows from the answer and renders nothing. A blocked prompt is an answer, not a fault (B1).

use super::{
    CallReader, CallSignature, Notes, Output, Said, Stopped, Usage,
    blocked_prompt::block_reason,
    ending::{Conclusion, Finish, StopKind},
    output::Shown,
};
use crate::{UpstreamFault, gemini::response::GenerateContentResponse};

/// An answer that can be given to a client.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) response_id: Option<&'a str>,
    /// The model that answered, by Gemini's name, which may not be the one asked for (U6).
    pub(crate) model_version: Option<&'a str>,
    pub(crate) usage: Usage,
    /// Never empty unless `blocked` is set. One that went wrong beside others that did not is left
    /// out, as if it had not been made.
    pub(crate) candidates: Vec<AnsweredCandidate<'a>>,
    /// Why Gemini refused to answer the prompt.
    pub(crate) blocked: Option<&'a str>,
    /// Nothing was said, for no reason: worth one retry.
    pub(crate) empty: bool,
}

/// One candidate of a whole answer.
#[derive(Debug)]
pub(crate) struct AnsweredCandidate<'a> {
    pub(crate) index: u32,
    /// In Gemini's order.
    pub(crate) said: Vec<Said<'a>>,
    pub(crate) notes: Notes<'a>,
    pub(crate) stopped: Stopped,
}

impl<'a> Answer<'a> {
    /// Reads the answer of `generateContent`.
    ///
    /// # Errors
    /// `Empty` when there was no candidate and no reason (B3); `Unusable` when no candidate could be
    /// shown. A candidate that said nothing is an answer, with [`empty`](Self::empty) set.
    pub(crate) fn read(
        response: &'a GenerateContentResponse<'a>,
        calls: &mut CallReader,
    ) -> Result<Self, UpstreamFault> {
        let usage = response
            .usage_metadata
            .as_ref()
            .and_then(Usage::from_gemini)
            .unwrap_or_default();
        let mut answer = Self {
            response_id: response.response_id.as_deref(),
            model_version: response.model_version.as_deref(),
            usage,
            candidates: Vec::new(),
            blocked: None,
            empty: false,
        };
        let candidates = response.candidates.as_deref().unwrap_or_default();
        if candidates.is_empty() {
            answer.blocked = Some(block_reason(response).ok_or(UpstreamFault::Empty)?);
            return Ok(answer);
        }

        let mut silent = 0_usize;
        let mut fault = None;
        for candidate in candidates {
            let mut shown = Shown::default();
            let said: Vec<Said<'a>> = candidate
                .parts()
                .iter()
                .filter_map(|part| Said::read(part, calls, &mut shown))
                .collect();
            let finish = Finish::of(candidate).unwrap_or_else(Finish::unspecified);
            let stopped = match finish.conclude(shown) {
                Conclusion::Finished(stopped) => stopped,
                Conclusion::Silent => {
                    silent += 1;
                    finish.stopped(StopKind::Stop)
                }
                Conclusion::Unusable(reason) => {
                    fault = Some(reason);
                    continue;
                }
            };
            answer.candidates.push(AnsweredCandidate {
                index: candidate.index.unwrap_or(0),
                said,
                notes: Notes::of(candidate).unwrap_or_default(),
                stopped,
            });
        }
        match fault {
            Some(fault) if answer.candidates.is_empty() => Err(fault),
            _ => {
                answer.empty = silent == answer.candidates.len();
                Ok(answer)
            }
        }
    }

    /// Signatures of the calls in the answer, for the cache.
    pub(crate) fn signatures(&self) -> Vec<CallSignature> {
        let said = self.candidates.iter().flat_map(|candidate| &candidate.said);
        said.filter_map(Said::call_signature).collect()
    }
}

impl Said<'_> {
    /// The signature that came with a call.
    pub(crate) fn call_signature(&self) -> Option<CallSignature> {
        match (&self.output, self.signature) {
            (Output::Call(call), Some(signature)) => Some(CallSignature {
                call_id: call.id.clone().into_owned(),
                signature: signature.to_owned(),
            }),
            _ => None,
        }
    }
}
