//! Log probabilities as this endpoint has them: lists side by side (N5).

use std::collections::BTreeMap;

use serde::Serialize;

use crate::answer::logprobs::{Logprob, TokenLogprob};

/// `logprobs` of a choice.
#[derive(Serialize)]
pub(super) struct TextLogprobs<'a> {
    tokens: Vec<String>,
    token_logprobs: Vec<Logprob<'a>>,
    /// By token. Empty maps where no alternatives were asked for.
    top_logprobs: Vec<BTreeMap<String, Logprob<'a>>>,
    /// Where each token begins in the text, in characters.
    text_offset: Vec<usize>,
}

impl<'a> TextLogprobs<'a> {
    /// The tokens of a text that `offset` characters come before, which is moved behind them. `None`
    /// when there are no tokens.
    pub(super) fn of(tokens: Vec<TokenLogprob<'a>>, offset: &mut usize) -> Option<Self> {
        let mut all = Self {
            tokens: Vec::new(),
            token_logprobs: Vec::new(),
            top_logprobs: Vec::new(),
            text_offset: Vec::new(),
        };
        for TokenLogprob {
            chosen,
            top_logprobs,
        } in tokens
        {
            all.text_offset.push(*offset);
            *offset += chosen.token.chars().count();
            all.tokens.push(chosen.token.to_string());
            all.token_logprobs.push(chosen.logprob);
            let top = top_logprobs.into_iter();
            let top = top.map(|likely| (likely.token.to_string(), likely.logprob));
            all.top_logprobs.push(top.collect());
        }
        (!all.tokens.is_empty()).then_some(all)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::*;
    use crate::answer::logprobs::read;

    #[test]
    fn tokens_are_lists_side_by_side_n5() {
        let raw: &RawValue = serde_json::from_str(
            r#"{"chosenCandidates":[{"token":"Hé","logProbability":-0.5},{"token":"y","logProbability":-1e-07}],
                "topCandidates":[{"candidates":[{"token":"Hé","logProbability":-0.5},{"token":"A","logProbability":-2}]}]}"#,
        )
        .unwrap();
        let mut offset = 3;
        let found = TextLogprobs::of(read(raw), &mut offset);
        assert_eq!(
            serde_json::to_string(&found).unwrap(),
            r#"{"tokens":["Hé","y"],"token_logprobs":[-0.5,-1e-07],"top_logprobs":[{"A":-2,"Hé":-0.5},{}],"text_offset":[3,5]}"#
        );
        assert_eq!(offset, 6);
        assert!(TextLogprobs::of(Vec::new(), &mut offset).is_none());
    }
}
