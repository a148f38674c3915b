//! A whole answer to a response object.

#[cfg(test)]
mod tests;

use super::{
    composer::Composer,
    events::Unobserved,
    response_object::{Ending, Head, IncompleteDetails, Standing},
};
use crate::{
    JSON, UnaryAnswer, UpstreamFault,
    answer::{Answer, CallReader, refusal_text},
    gemini::response::GenerateContentResponse,
    json::write_json,
};

/// Room for everything but the text, in bytes: envelope, ids and usage take about 1000, what is
/// repeated of the request is the client's to choose.
const ENVELOPE_BYTES: usize = 2048;

/// Renders the answer of `generateContent`.
///
/// A blocked prompt is an answer, not a fault (B1). There is one candidate: this API cannot ask for
/// more.
///
/// # Errors
/// See [`Answer::read`].
pub(super) fn render(
    answers: &[&[u8]],
    calls: &mut CallReader,
    head: &Head,
    mut composer: Composer,
) -> Result<UnaryAnswer, UpstreamFault> {
    let upstream = answers.first().copied().unwrap_or_default();
    let response = GenerateContentResponse::parse(upstream)?;
    let answer = Answer::read(&response, calls)?;
    let ending = match (answer.candidates.first(), answer.blocked) {
        (Some(candidate), None) => {
            for said in &candidate.said {
                composer.say(said, &mut Unobserved);
            }
            composer.note(&candidate.notes);
            composer.finish(candidate.stopped.kind, &mut Unobserved)
        }
        (_, reason) => {
            let text = refusal_text(reason.unwrap_or_default());
            composer.refuse(&text, &mut Unobserved);
            Ending::Incomplete(IncompleteDetails::ContentFilter)
        }
    };
    let standing = Standing::Over(ending, answer.usage);
    let mut body = Vec::with_capacity(upstream.len() + ENVELOPE_BYTES);
    write_json(&mut body, &head.response(standing, composer.finished()));
    Ok(UnaryAnswer {
        body,
        content_type: JSON,
        usage: answer.usage,
        empty: answer.empty,
        signatures: answer.signatures(),
    })
}
