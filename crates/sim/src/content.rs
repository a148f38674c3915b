//! The default answer: what the simulator says when no script speaks.
//!
//! Deterministic: the same request gets the same text. It echoes, so that a person who tries a
//! client sees that the question arrived.

use std::time::Duration;

use serde_json::Value;

use crate::answer::estimate_tokens;
use crate::script::Answer;

/// Tokens that Gemini counts for an image of up to 384 by 384 pixels:
/// <https://ai.google.dev/gemini-api/docs/tokens> (read November 2026).
const IMAGE_TOKENS: u64 = 258;

/// Characters of the question that are echoed.
const MAX_ECHO_CHARS: usize = 4_000;

/// The thought of models that think.
const THOUGHT: &str = "**Reading the request**\n\nI repeat what was said, so that the caller can see \
                       that it arrived.\n\n\n";

/// How the default answer looks.
#[derive(Clone, Debug)]
pub struct DefaultAnswer {
    /// Fixed text instead of an echo. It is rendered once, so it is also the cheapest answer.
    pub fixed_text: Option<String>,
    /// Put before the echo.
    pub greeting: String,
    /// Events of a stream.
    pub chunks: usize,
    /// Time before each event but the first.
    pub chunk_delay: Duration,
    /// Whether the model thinks: it counts thought tokens, and sends its thought where asked to.
    pub thinks: bool,
}

impl Default for DefaultAnswer {
    fn default() -> Self {
        Self {
            fixed_text: None,
            greeting: String::new(),
            chunks: 4,
            chunk_delay: Duration::ZERO,
            thinks: true,
        }
    }
}

impl DefaultAnswer {
    /// The answer that does not depend on a request, if there is one.
    pub(crate) fn fixed(&self) -> Option<Answer> {
        let text = self.fixed_text.as_deref()?;
        Some(self.answer(text, false))
    }

    /// The answer to a checked request.
    pub(crate) fn answer_to(&self, request: &Value) -> Answer {
        let config = field(request, "generationConfig", "generation_config");
        let thinking = config.and_then(|config| field(config, "thinkingConfig", "thinking_config"));
        let shows_thought = thinking
            .and_then(|thinking| field(thinking, "includeThoughts", "include_thoughts"))
            .and_then(Value::as_bool)
            .unwrap_or(false);
        let mut text = format!("{}{}", self.greeting, echo(request));
        if let Some(stops) =
            config.and_then(|config| field(config, "stopSequences", "stop_sequences"))
        {
            stop_before(&mut text, stops);
        }
        let limit = config
            .and_then(|config| field(config, "maxOutputTokens", "max_output_tokens"))
            .and_then(Value::as_u64);
        let is_cut = limit.is_some_and(|limit| cut_to_tokens(&mut text, limit));
        let mut answer = self.answer(&text, shows_thought);
        if is_cut {
            answer.finish_reason = Some("MAX_TOKENS".to_owned());
        }
        answer
    }

    fn answer(&self, text: &str, shows_thought: bool) -> Answer {
        Answer {
            text: split(text, self.chunks),
            thoughts: if self.thinks && shows_thought {
                vec![THOUGHT.to_owned()]
            } else {
                Vec::new()
            },
            thought_tokens: self.thinks.then(|| estimate_tokens(THOUGHT)),
            delay_ms: u64::try_from(self.chunk_delay.as_millis()).unwrap_or(u64::MAX),
            ..Answer::default()
        }
    }
}

/// Prompt tokens of a checked request of any method that has contents.
pub(crate) fn count_prompt_tokens(request: &Value) -> u64 {
    let inner = field(
        request,
        "generateContentRequest",
        "generate_content_request",
    );
    let request = inner.unwrap_or(request);
    let system = field(request, "systemInstruction", "system_instruction");
    let contents = request.get("contents").and_then(Value::as_array);
    let contents = contents
        .into_iter()
        .flatten()
        .chain(system)
        .chain(request.get("content"));
    let mut tokens = 0;
    for part in contents.flat_map(parts) {
        tokens += match part.get("text").and_then(Value::as_str) {
            Some(text) => estimate_tokens(text),
            None if is_image(part) => IMAGE_TOKENS,
            None => 1,
        };
    }
    tokens
}

/// All text of a content, in order.
pub(crate) fn text_of(content: &Value) -> String {
    let texts = parts(content).filter_map(|part| part.get("text").and_then(Value::as_str));
    texts.collect()
}

fn echo(request: &Value) -> String {
    let contents = request.get("contents").and_then(Value::as_array);
    let last = contents.and_then(|contents| contents.last());
    let said: String = last
        .map(text_of)
        .unwrap_or_default()
        .chars()
        .take(MAX_ECHO_CHARS)
        .collect();
    let images = last.map_or(0, |content| {
        parts(content).filter(|part| is_image(part)).count()
    });
    match (said.as_str(), images) {
        ("", 0) => "You said nothing that I can repeat.".to_owned(),
        ("", images) => format!("You sent {images} file(s)."),
        (said, 0) => format!("You said: {said}"),
        (said, images) => format!("You said: {said} (and sent {images} file(s))"),
    }
}

fn parts(content: &Value) -> impl Iterator<Item = &Value> {
    let parts = content.get("parts").and_then(Value::as_array);
    parts.into_iter().flatten()
}

fn is_image(part: &Value) -> bool {
    field(part, "inlineData", "inline_data").is_some()
        || field(part, "fileData", "file_data").is_some()
}

fn field<'a>(value: &'a Value, camel: &str, snake: &str) -> Option<&'a Value> {
    value.get(camel).or_else(|| value.get(snake))
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
fn split(text: &str, pieces: usize) -> Vec<String> {
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
    use serde_json::json;

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

    #[test]
    fn honors_the_token_limit_and_stop_sequences() {
        let request = |config: Value| json!({"contents": [{"parts": [{"text": "alpha beta gamma"}]}], "generationConfig": config});
        let cases = [
            (json!({}), "You said: alpha beta gamma", "STOP"),
            (json!({"maxOutputTokens": 3}), "You said: al", "MAX_TOKENS"),
            (
                json!({"stopSequences": [" beta"]}),
                "You said: alpha",
                "STOP",
            ),
        ];
        for (config, text, finish_reason) in cases {
            let answer = DefaultAnswer::default().answer_to(&request(config));
            assert_eq!(answer.text.concat(), text);
            assert_eq!(answer.finish_reason.as_deref(), Some(finish_reason));
        }
    }

    #[test]
    fn counts_text_and_images() {
        let request = json!({
            "contents": [{"parts": [{"text": "12345678"}, {"inlineData": {"data": ""}}]}],
            "systemInstruction": {"parts": [{"text": "1234"}]}
        });
        assert_eq!(count_prompt_tokens(&request), 2 + IMAGE_TOKENS + 1);
    }
}
