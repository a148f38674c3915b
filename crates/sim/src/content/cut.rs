//! Stops, limits and pieces of a text.

use serde_json::Value;

use crate::question::Question;

/// Cuts at the first stop sequence and at `maxOutputTokens`; whether the latter cut anything.
pub(super) fn to_limits(text: &mut String, question: Question<'_>) -> bool {
    if let Some(stops) = question.config("stopSequences") {
        stop_before(text, stops);
    }
    let limit = question.config("maxOutputTokens").and_then(Value::as_u64);
    limit.is_some_and(|limit| cut_to_tokens(text, limit))
}

fn stop_before(text: &mut String, stops: &Value) {
    let stops = stops
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    let first = stops
        .filter(|stop| !stop.is_empty())
        .filter_map(|stop| text.find(stop))
        .min();
    if let Some(first) = first {
        text.truncate(first);
    }
}

/// Whether anything was cut.
fn cut_to_tokens(text: &mut String, tokens: u64) -> bool {
    let chars = usize::try_from(tokens.saturating_mul(4)).unwrap_or(usize::MAX);
    match text.char_indices().nth(chars) {
        Some((end, _)) => {
            text.truncate(end);
            true
        }
        None => false,
    }
}

/// At most `pieces` pieces of nearly equal length, cut before spaces where there is one.
pub(super) fn split(text: &str, pieces: usize) -> Vec<String> {
    let mut left = text;
    let mut split = Vec::with_capacity(pieces);
    for remaining in (2..=pieces.max(1)).rev() {
        let target = left.chars().count().div_ceil(remaining);
        let Some((target, _)) = left.char_indices().nth(target) else {
            break;
        };
        let at_space = left.get(target..).and_then(|rest| rest.find(' '));
        let end = at_space.map_or(target, |offset| target + offset);
        let (piece, rest) = left.split_at(end);
        if piece.is_empty() || rest.is_empty() {
            break;
        }
        split.push(piece.to_owned());
        left = rest;
    }
    split.push(left.to_owned());
    split
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_into_at_most_the_pieces_asked_for_and_loses_nothing() {
        for text in [
            "",
            "a",
            "one two three four five",
            "日本語のテキスト",
            "aaaaaaaaaaaaaaaaaaaaa",
        ] {
            for pieces in 0..8 {
                let split = split(text, pieces);
                assert_eq!(split.concat(), text);
                assert!(
                    split.len() <= pieces.max(1),
                    "{text} in {pieces}: {split:?}"
                );
            }
        }
    }
}
