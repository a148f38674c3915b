//! The default answer: what the simulator says when no script speaks.
//!
//! Deterministic: the same request gets the same answer. It echoes, so that a person who tries a
//! client sees that the question arrived, and does what a model would do with tools, schemas and
//! files, so that client libraries come to their end. The README says what triggers what.

mod calls;
mod code;
mod cut;
mod pictures;
mod results;
mod sample;
mod search;
mod speech;
mod structured;
mod words;

use std::time::Duration;

use serde_json::Value;

use crate::model_traits::Kind;
use crate::question::Question;
use crate::script::Answer;
use crate::tokens;

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
        Some(Answer {
            text: cut::split(text, self.chunks),
            thought_tokens: self.thinks.then(|| tokens::estimate(THOUGHT)),
            delay_ms: self.delay_ms(),
            ..Answer::default()
        })
    }

    /// The answer to a checked request.
    pub(crate) fn answer_to(&self, question: Question<'_>) -> Answer {
        let mut answer = self.content(question);
        if self.thinks && question.makes_think() {
            answer.thought_tokens = Some(tokens::estimate(THOUGHT));
            if question.shows_thoughts() {
                answer.thoughts = vec![THOUGHT.to_owned()];
            }
        }
        answer.delay_ms = self.delay_ms();
        answer
    }

    fn delay_ms(&self) -> u64 {
        u64::try_from(self.chunk_delay.as_millis()).unwrap_or(u64::MAX)
    }

    fn content(&self, question: Question<'_>) -> Answer {
        if question.model.kind == Kind::Speech {
            return speech::answer(question, self.chunks);
        }
        if question.model.kind == Kind::Image || question.wants("IMAGE") {
            return pictures::answer(question);
        }
        let calls = calls::wanted(question);
        if !calls.is_empty() {
            return Answer {
                calls,
                ..Answer::default()
            };
        }
        if let Some(text) = structured::answer(question) {
            return self.say(question, text);
        }
        if question.tool("codeExecution").is_some() {
            return self.then_say(question, code::answer(question));
        }
        if question.tool("googleSearch").is_some() || question.tool("urlContext").is_some() {
            let answer = self.then_say(question, search::answer(question));
            return search::grounded(question, answer);
        }
        self.say(question, echo(question))
    }

    /// An answer in words: after the greeting, within the limits, in pieces.
    fn say(&self, question: Question<'_>, text: String) -> Answer {
        self.then_say(question, (Vec::new(), text))
    }

    /// As [`Self::say`], after parts as they are.
    fn then_say(&self, question: Question<'_>, (parts, text): (Vec<Value>, String)) -> Answer {
        let is_for_machines = structured::is_wanted(question);
        let mut text = if is_for_machines {
            text
        } else {
            format!("{}{text}", self.greeting)
        };
        let is_cut = cut::to_limits(&mut text, question);
        let mut answer = Answer {
            parts,
            text: cut::split(&text, self.chunks),
            ..Answer::default()
        };
        if is_cut {
            answer.finish_reason = Some("MAX_TOKENS".to_owned());
        }
        if question.config("responseLogprobs").and_then(Value::as_bool) == Some(true) {
            answer.logprobs = Some(words::logprobs(question, &text));
        }
        let count = question.config("candidateCount").and_then(Value::as_u64);
        answer.candidates = (1..count.unwrap_or(1))
            .map(|_| Answer {
                text: answer.text.clone(),
                finish_reason: answer.finish_reason.clone(),
                ..Answer::default()
            })
            .collect();
        answer
    }
}

/// What was said and sent last, or what came back from calls.
fn echo(question: Question<'_>) -> String {
    if let Some(text) = results::told(question) {
        return text;
    }
    let said: String = question.last_text().chars().take(MAX_ECHO_CHARS).collect();
    let files = question.files();
    if let Some(text) = speech::transcript(&said, &files) {
        return text;
    }
    let descriptions: Vec<String> = files.iter().map(|file| file.description()).collect();
    let sent = match descriptions.as_slice() {
        [] => String::new(),
        [one] => format!("1 file: {one}"),
        several => format!("{} files: {}", several.len(), several.join(", ")),
    };
    match (said.as_str(), sent.as_str()) {
        ("", "") => "You said nothing that I can repeat.".to_owned(),
        ("", sent) => format!("You sent {sent}."),
        (said, "") => format!("You said: {said}"),
        (said, sent) => format!("You said: {said} (and sent {sent})"),
    }
}

#[cfg(test)]
mod tests;
