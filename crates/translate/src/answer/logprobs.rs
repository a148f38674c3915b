//! Log probabilities of an answer's tokens, in the shape that OpenAI's APIs share (N5).
//!
//! Numbers stay as Gemini wrote them. `avgLogprobs` is not a log probability of anything that
//! OpenAI knows and is not read; what is odd gives none, never an error.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::json::Text;

/// `logprobsResult` (<https://ai.google.dev/api/generate-content#LogprobsResult>, read 2026-11-21).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LogprobsResult<'a> {
    #[serde(borrow)]
    chosen_candidates: Option<Vec<Candidate<'a>>>,
    /// One entry for each chosen token.
    top_candidates: Option<Vec<TopCandidates<'a>>>,
}

#[derive(Deserialize)]
struct TopCandidates<'a> {
    #[serde(borrow)]
    candidates: Option<Vec<Candidate<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate<'a> {
    #[serde(borrow)]
    token: Option<Text<'a>>,
    log_probability: Option<&'a RawValue>,
}

/// A chosen token and what might have been chosen instead.
#[derive(Debug, Serialize)]
pub(crate) struct TokenLogprob<'a> {
    #[serde(flatten)]
    pub(crate) chosen: Likely<'a>,
    pub(crate) top_logprobs: Vec<Likely<'a>>,
}

/// A token and its log probability.
#[derive(Debug)]
pub(crate) struct Likely<'a> {
    pub(crate) token: Text<'a>,
    pub(crate) logprob: Logprob<'a>,
}

/// A number.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(untagged)]
pub(crate) enum Logprob<'a> {
    Given(&'a RawValue),
    Ours(f64),
}

/// Certain: Gemini omits a 0.
const CERTAIN: Logprob<'static> = Logprob::Ours(0.0);

/// What OpenAI writes for a token that is very unlikely; Gemini writes `"-Infinity"`.
const VERY_UNLIKELY: Logprob<'static> = Logprob::Ours(-9999.0);

/// The tokens of `logprobsResult`, in order.
pub(crate) fn read(raw: &RawValue) -> Vec<TokenLogprob<'_>> {
    let Ok(result) = serde_json::from_str::<LogprobsResult<'_>>(raw.get()) else {
        return Vec::new();
    };
    let mut tops = result.top_candidates.unwrap_or_default().into_iter();
    let chosen = result.chosen_candidates.unwrap_or_default();
    let tokens = chosen.into_iter().map(|chosen| {
        let top = tops.next().and_then(|top| top.candidates);
        TokenLogprob {
            chosen: chosen.into(),
            top_logprobs: top
                .unwrap_or_default()
                .into_iter()
                .map(Into::into)
                .collect(),
        }
    });
    tokens.collect()
}

impl<'a> From<Candidate<'a>> for Likely<'a> {
    fn from(candidate: Candidate<'a>) -> Self {
        Self {
            token: candidate.token.unwrap_or(Text::from("")),
            logprob: match candidate.log_probability {
                None => CERTAIN,
                Some(raw)
                    if raw
                        .get()
                        .starts_with(['-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) =>
                {
                    Logprob::Given(raw)
                }
                Some(_) => VERY_UNLIKELY,
            },
        }
    }
}

impl Serialize for Likely<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Body<'a> {
            token: &'a str,
            logprob: Logprob<'a>,
            bytes: &'a [u8],
        }

        let body = Body {
            token: &self.token,
            logprob: self.logprob,
            bytes: self.token.as_bytes(),
        };
        body.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(json: &str) -> String {
        let raw: &RawValue = serde_json::from_str(json).unwrap();
        serde_json::to_string(&read(raw)).unwrap()
    }

    #[test]
    fn numbers_stay_as_gemini_wrote_them_n5() {
        let found = written(
            r#"{"chosenCandidates":[{"token":"2","tokenId":9,"logProbability":-3.5760596e-07},{"token":" é"}],
                "topCandidates":[{"candidates":[{"token":"2","logProbability":-3.5760596e-07},{"token":"3","logProbability":"-Infinity"}]}]}"#,
        );
        assert_eq!(
            found,
            r#"[{"token":"2","logprob":-3.5760596e-07,"bytes":[50],"top_logprobs":[{"token":"2","logprob":-3.5760596e-07,"bytes":[50]},{"token":"3","logprob":-9999.0,"bytes":[51]}]},{"token":" é","logprob":0.0,"bytes":[32,195,169],"top_logprobs":[]}]"#
        );
    }

    #[test]
    fn odd_results_have_no_tokens() {
        for json in ["{}", "null", "[]", r#"{"chosenCandidates":7}"#] {
            assert_eq!(written(json), "[]", "{json}");
        }
    }
}
