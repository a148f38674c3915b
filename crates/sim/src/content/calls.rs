//! Which functions are called, and how often (README, "Calls").

use serde_json::Value;

use super::sample::Sampler;
use super::words::{given_names, words};
use crate::question::{Calling, Function, Question};
use crate::script::FunctionCall;

/// Calls of one step: more than any client makes use of.
const MAX_CALLS: usize = 16;

/// Shortest part of a function's name by which it is mentioned.
const MIN_WORD_CHARS: usize = 4;

/// Parts of names that say nothing about the function.
const FILLERS: [&str; 14] = [
    "call", "fetch", "find", "function", "from", "have", "list", "make", "search", "that", "this",
    "tool", "with", "what",
];

/// The calls of the next step, none where an answer in words is due.
pub(super) fn wanted(question: Question<'_>) -> Vec<FunctionCall> {
    let functions = question.functions();
    let Some(first) = functions.first() else {
        return Vec::new();
    };
    let calling = question.calling();
    if calling == Calling::Never {
        return Vec::new();
    }
    let asked = question.asked_text();
    let steps = steps(&asked);
    let step = steps.get(question.steps_done()).map_or("", String::as_str);
    let mut mentioned = mentioned(step, &functions);
    if mentioned.is_empty() && calling == Calling::Always {
        mentioned.push(*first);
    }
    let names: Vec<String> = functions
        .iter()
        .flat_map(|function| words_of_name(function.name))
        .chain(
            functions
                .iter()
                .map(|function| function.name.to_lowercase()),
        )
        .collect();
    // A step that names nothing, or a forced call without one, is about the question as a whole.
    let about = if given_names(step, &names).is_empty() {
        &asked
    } else {
        step
    };
    let mut sampler = Sampler::new(about, &names);
    let calls = mentioned.into_iter().take(MAX_CALLS).map(|function| {
        let args = function.parameters.map(|schema| sampler.value_of(schema));
        let args = match args {
            Some(Value::Object(args)) => args,
            _ => serde_json::Map::new(),
        };
        FunctionCall {
            name: function.name.to_owned(),
            args,
            ..FunctionCall::default()
        }
    });
    calls.collect()
}

/// What is between the words "then".
fn steps(asked: &str) -> Vec<String> {
    let mut steps = vec![String::new()];
    for token in asked.split_inclusive(char::is_whitespace) {
        let word = token.trim_matches(|character: char| !character.is_alphanumeric());
        match steps.last_mut() {
            Some(step) if !word.eq_ignore_ascii_case("then") => step.push_str(token),
            _ => steps.push(String::new()),
        }
    }
    steps
}

/// Functions by full name, as often and in the order in which they are named; else those of which a
/// word is said, once each, as declared.
fn mentioned<'a>(step: &str, functions: &[Function<'a>]) -> Vec<Function<'a>> {
    let lower = step.to_lowercase();
    let mut named: Vec<(usize, Function<'a>)> = Vec::new();
    for function in functions {
        let name = function.name.to_lowercase();
        if name.is_empty() {
            continue;
        }
        let places = lower.match_indices(&name).map(|(place, _)| place);
        let whole = places.filter(|place| is_whole(&lower, *place, name.len()));
        named.extend(whole.map(|place| (place, *function)));
    }
    named.sort_by_key(|(place, _)| *place);
    if !named.is_empty() {
        return named.into_iter().map(|(_, function)| function).collect();
    }
    let said: Vec<&str> = words(&lower).collect();
    let is_said = |function: &&Function<'a>| {
        let mut words = words_of_name(function.name).into_iter();
        words.any(|word| said.contains(&word.as_str()))
    };
    functions.iter().filter(is_said).copied().collect()
}

/// Whether no letter, digit or underscore is on either side.
fn is_whole(text: &str, place: usize, length: usize) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    let before = text.get(..place).and_then(|text| text.chars().next_back());
    let after = text
        .get(place + length..)
        .and_then(|text| text.chars().next());
    !before.is_some_and(is_part) && !after.is_some_and(is_part)
}

/// `getWeather_now` → `weather`.
fn words_of_name(name: &str) -> Vec<String> {
    let mut spaced = String::new();
    for character in name.chars() {
        if character.is_uppercase() {
            spaced.push(' ');
        }
        spaced.push(match character {
            '_' | '-' | '.' | ':' => ' ',
            character => character,
        });
    }
    let words = spaced.split_whitespace().map(str::to_lowercase);
    words
        .filter(|word| word.chars().count() >= MIN_WORD_CHARS && !FILLERS.contains(&word.as_str()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_mentioned_by_name_or_by_a_word_of_it() {
        let functions: Vec<Function<'_>> = ["get_weather", "getTime", "weather_report"]
            .map(|name| Function {
                name,
                parameters: None,
            })
            .to_vec();
        let cases: [(&str, &[&str]); 7] = [
            ("How is the weather?", &["get_weather", "weather_report"]),
            ("What time is it?", &["getTime"]),
            ("call get_weather", &["get_weather"]),
            (
                "getTime, get_weather and getTime",
                &["getTime", "get_weather", "getTime"],
            ),
            ("my_get_weather and weatherman", &[]),
            ("please get it", &[]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            let found = mentioned(text, &functions);
            let names: Vec<&str> = found.iter().map(|function| function.name).collect();
            assert_eq!(names, expected, "{text}");
        }
    }

    #[test]
    fn steps_are_what_is_between_thens() {
        assert_eq!(steps("a, then b Then c"), ["a, ", "b ", "c"]);
        assert_eq!(steps("authenticate"), ["authenticate"]);
        assert_eq!(steps(""), [""]);
    }
}
