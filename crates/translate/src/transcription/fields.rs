//! The fields of a form with sound, checked.
//!
//! Fields that are not listed are ignored: clients send other vendors' extensions to every server.

use crate::{
    invalid_request::{Code, Quoted, Refusal},
    multipart::Form,
};

/// Most languages, and most keywords: far more than a recording has, little for a prompt.
const MAX_LIST: usize = 100;

/// Longest name or code of a language, in bytes: the longest tag of RFC 5646 §4.4.1.
const MAX_LANGUAGE_BYTES: usize = 35;

/// How a transcript is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Text,
}

/// Fields that make another answer than a text, by their name, and why they cannot be had.
const IMPOSSIBLE: &[(&str, &str)] = &[
    ("include", "Gemini gives no probabilities of a transcript"),
    (
        "timestamp_granularities",
        "the model does not know when a word was said",
    ),
    (
        "known_speaker_names",
        "the model does not tell speakers apart",
    ),
    (
        "known_speaker_references",
        "the model does not tell speakers apart",
    ),
];

/// # Errors
/// A [`Refusal`] for the first field that asks for what the model does not know.
pub(super) fn refuse_impossible(form: &Form<'_>) -> Result<(), Refusal> {
    let impossible = IMPOSSIBLE.iter().find(|(name, _)| form.mentions(name));
    match impossible {
        Some((name, why)) => Err(Refusal::new(Code::UnsupportedParameter, *name, why)),
        None => Ok(()),
    }
}

/// # Errors
/// A [`Refusal`] for formats that are refused by policy, and for those that nobody has.
pub(super) fn read_format(format: Option<&str>) -> Result<Format, Refusal> {
    match format {
        None | Some("json") => Ok(Format::Json),
        Some("text") => Ok(Format::Text),
        Some("diarized_json") => Err(Refusal::new(
            Code::UnsupportedValue,
            "response_format",
            "the model does not tell speakers apart; use `json` or `text`",
        )),
        Some("verbose_json" | "srt" | "vtt") => Err(Refusal::new(
            Code::UnsupportedValue,
            "response_format",
            "the model does not know when a word was said; use `json` or `text`",
        )),
        Some(other) => Err(Refusal::new(
            Code::InvalidValue,
            "response_format",
            format_args!("unknown format {}; use `json` or `text`", Quoted(other)),
        )),
    }
}

/// # Errors
/// A [`Refusal`] for what is not between 0 and 1, OpenAI's range for sound.
pub(super) fn read_temperature(form: &Form<'_>) -> Result<Option<f64>, Refusal> {
    match form.number("temperature")? {
        Some(value) if !(0.0..=1.0).contains(&value) => Err(Refusal::new(
            Code::InvalidValue,
            "temperature",
            format_args!("must be between 0 and 1, not {value}"),
        )),
        value => Ok(value),
    }
}

/// `language` and `languages` together.
///
/// # Errors
/// A [`Refusal`] for what cannot be a language.
pub(super) fn read_languages<'a>(form: &Form<'a>) -> Result<Vec<&'a str>, Refusal> {
    let mut languages = Vec::new();
    if let Some(language) = form.text("language")? {
        languages.push(check_language(language, "language")?);
    }
    for (index, language) in read_list(form, "languages")?.into_iter().enumerate() {
        languages.push(check_language(language, &format!("languages[{index}]"))?);
    }
    Ok(languages)
}

fn check_language<'a>(language: &'a str, path: &str) -> Result<&'a str, Refusal> {
    if is_language(language) {
        return Ok(language);
    }
    Err(Refusal::new(
        Code::InvalidValue,
        path,
        format_args!(
            "{} is not a language; use a code of ISO 639-1, `en` for instance",
            Quoted(language)
        ),
    ))
}

/// A code, a tag or an English name: clients send all of them.
fn is_language(text: &str) -> bool {
    (2..=MAX_LANGUAGE_BYTES).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// The texts of a list, without empty ones.
///
/// # Errors
/// A [`Refusal`] for more than [`MAX_LIST`] or what is not UTF-8.
pub(super) fn read_list<'a>(form: &Form<'a>, name: &str) -> Result<Vec<&'a str>, Refusal> {
    let mut texts = Vec::new();
    for part in form.all(name) {
        let text = part.text(name)?.trim();
        if texts.len() == MAX_LIST {
            return Err(Refusal::new(
                Code::TooLong,
                name,
                format_args!("at most {MAX_LIST} are allowed"),
            ));
        }
        if !text.is_empty() {
            texts.push(text);
        }
    }
    Ok(texts)
}
