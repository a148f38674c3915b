//! How several answers to one request are come by (G5).

use crate::{
    invalid_request::{Code, Refusal},
    model::ModelCapabilities,
};

/// Most answers to one request: what Gemini 2.5 gives in one call, and a bound on the calls that one
/// request may cause where a call gives one. OpenAI's own is 128.
const MAX_CANDIDATES: u32 = 8;

/// Answers by call.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Candidates {
    /// `candidateCount`; `None` is one.
    pub(super) per_call: Option<u32>,
    /// Calls that are alike, at least one.
    pub(super) calls: usize,
}

/// Several answers come from one call where the model can do that, else from several.
///
/// # Errors
/// More than can be had, or more than one in a stream: Gemini refuses that for several models, and
/// streams of several calls are not woven into one.
pub(super) fn fit(
    wished: Option<u32>,
    capabilities: ModelCapabilities,
    streamed: bool,
) -> Result<Candidates, Refusal> {
    let wished = wished.unwrap_or(1);
    if wished > MAX_CANDIDATES {
        return Err(Refusal::new(
            Code::InvalidValue,
            "n",
            format_args!("must be at most {MAX_CANDIDATES}, not {wished}"),
        ));
    }
    if wished > 1 && streamed {
        return Err(Refusal::new(
            Code::UnsupportedValue,
            "n",
            "must be 1 in a stream; send the request without `stream`, or several times",
        ));
    }
    Ok(if wished > 1 && wished <= capabilities.candidates {
        Candidates {
            per_call: Some(wished),
            calls: 1,
        }
    } else {
        Candidates {
            per_call: None,
            calls: usize::try_from(wished).unwrap_or(1).max(1),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{InvalidRequest, model::capabilities};

    #[test]
    fn several_answers_are_one_call_where_that_works_and_several_where_not_g5() {
        for (model, wished, per_call, calls) in [
            ("gemini-2.5-flash", None, None, 1),
            ("gemini-2.5-flash", Some(0), None, 1),
            ("gemini-2.5-flash", Some(1), None, 1),
            ("gemini-2.5-flash", Some(2), Some(2), 1),
            ("gemini-2.5-flash", Some(8), Some(8), 1),
            ("gemini-2.5-flash-image", Some(2), None, 2),
            ("gemini-3.8-flash", Some(1), None, 1),
            ("gemini-3.8-flash", Some(8), None, 8),
            ("gemini-flash-latest", Some(3), None, 3),
        ] {
            let found = fit(wished, capabilities(model), false);
            assert_eq!(
                found,
                Ok(Candidates { per_call, calls }),
                "{model} {wished:?}"
            );
        }
    }

    #[test]
    fn more_than_can_be_had_is_refused_g5() {
        for (wished, streamed, problem) in [
            (9, false, "`n`: must be at most 8, not 9"),
            (2, true, "`n`: must be 1 in a stream"),
        ] {
            let refusal = fit(Some(wished), capabilities("gemini-2.5-flash"), streamed);
            let error = InvalidRequest::from(refusal.unwrap_err());
            assert_eq!(error.param.as_deref(), Some("n"));
            assert!(error.message.starts_with(problem), "{error}");
        }
        assert!(fit(Some(1), capabilities("gemini-2.5-flash"), true).is_ok());
    }
}
