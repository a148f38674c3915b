//! What a text holds that can stand for something else: names, numbers, tokens.

use serde_json::{Value, json};

use crate::question::Question;

/// Shortest word that says anything.
const MIN_WORD_CHARS: usize = 4;

/// The words of a text, in order: runs of letters, digits and underscores.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_between = |character: char| !(character.is_alphanumeric() || character == '_');
    text.split(is_between).filter(|word| !word.is_empty())
}

/// What in a text is worth a string: what it quotes, else what it names (capitals that do not begin
/// a sentence), else its long words, single words in `except` aside. Never empty.
pub(super) fn names(text: &str, except: &[String]) -> Vec<String> {
    let given = given_names(text, except);
    if !given.is_empty() {
        return given;
    }
    let long = words(text).filter(|word| {
        word.chars().count() >= MIN_WORD_CHARS && !except.contains(&word.to_lowercase())
    });
    let long: Vec<String> = long.map(str::to_owned).collect();
    if long.is_empty() {
        vec!["example".to_owned()]
    } else {
        long
    }
}

/// What a text quotes, else what it names.
pub(super) fn given_names(text: &str, except: &[String]) -> Vec<String> {
    let is_allowed = |word: &str| !except.contains(&word.to_lowercase());
    let quoted = text.split('"').skip(1).step_by(2);
    let quoted: Vec<String> = quoted
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .collect();
    if !quoted.is_empty() {
        return quoted;
    }
    proper_names(text, is_allowed)
}

/// `New York` is one name.
fn proper_names(text: &str, is_allowed: impl Fn(&str) -> bool) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut begins_sentence = true;
    let mut continues_name = false;
    for token in text.split_whitespace() {
        let word = token.trim_matches(|character: char| !character.is_alphanumeric());
        let is_name = !begins_sentence
            && word.starts_with(char::is_uppercase)
            && word.chars().count() > 1
            && is_allowed(word);
        match names.last_mut() {
            Some(name) if is_name && continues_name => {
                name.push(' ');
                name.push_str(word);
            }
            _ if is_name => names.push(word.to_owned()),
            _ => {}
        }
        let ends_bare = token.ends_with(char::is_alphanumeric);
        continues_name = is_name && ends_bare;
        begins_sentence = token.ends_with(['.', '!', '?', ':']);
    }
    names
}

/// The whole numbers of a text.
pub(super) fn numbers(text: &str) -> Vec<i64> {
    words(text).filter_map(|word| word.parse().ok()).collect()
}

/// `logprobsResult` for a text, a word with the space before it being a token.
pub(super) fn logprobs(question: Question<'_>, text: &str) -> Value {
    let count = question.config("logprobs").and_then(Value::as_u64);
    let candidate = |token: &str, id: usize, step: u64| {
        // Whole numbers of hundredths, so that the literal is short.
        let probability = -0.01 * (1.0 + 25.0 * u32::try_from(step).map_or(0.0, f64::from));
        json!({"token": token, "tokenId": id + 1, "logProbability": probability})
    };
    let tokens = text.split_inclusive(' ').enumerate();
    let chosen: Vec<Value> = tokens
        .clone()
        .map(|(index, token)| candidate(token, index, 0))
        .collect();
    let mut result = json!({"chosenCandidates": chosen});
    if let (Some(count), Some(result)) = (count.filter(|count| *count > 0), result.as_object_mut())
    {
        let top: Vec<Value> = tokens
            .map(|(index, token)| {
                let candidates = (0..count).map(|step| match step {
                    0 => candidate(token, index, 0),
                    step => candidate(&format!("{token}{step}"), index, step),
                });
                json!({"candidates": candidates.collect::<Vec<_>>()})
            })
            .collect();
        result.insert("topCandidates".to_owned(), Value::Array(top));
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_or_capitalized_or_long() {
        let cases = [
            (
                "What is the weather in Paris and New York?",
                vec!["Paris", "New York"],
            ),
            ("Look up \"blue whale\" in Paris", vec!["blue whale"]),
            ("weather in berlin, please", vec!["berlin", "please"]),
            ("Go. There is no One", vec!["One"]),
            ("hi", vec!["example"]),
            ("", vec!["example"]),
        ];
        for (text, expected) in cases {
            assert_eq!(names(text, &["weather".to_owned()]), expected, "{text}");
        }
    }

    #[test]
    fn numbers_are_whole() {
        assert_eq!(numbers("add 17 and 4, not x5"), [17, 4]);
    }
}
