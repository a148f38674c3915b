//! Names of voices: OpenAI's to Gemini's (§6.4, G19).
//!
//! Which voice sounds most like which is a convention of this project, not a specification. It does
//! not know which model has which voices: Google says so.

use std::borrow::Cow;

use crate::invalid_request::{Code, Quoted, Refusal};

/// OpenAI's voices (openai-python 3.54, and `/v1/audio/speech`, November 2026), each with the one of
/// Gemini whose description is nearest.
const OPENAI: &[(&str, &str)] = &[
    ("alloy", "Kore"),
    ("ash", "Puck"),
    ("ballad", "Enceladus"),
    ("cedar", "Orus"),
    ("coral", "Aoede"),
    ("echo", "Charon"),
    ("fable", "Fenrir"),
    ("marin", "Sulafat"),
    ("nova", "Leda"),
    ("onyx", "Algenib"),
    ("sage", "Vindemiatrix"),
    ("shimmer", "Zephyr"),
    ("verse", "Umbriel"),
];

/// Gemini's voices (<https://ai.google.dev/gemini-api/docs/speech-generation#voices>, November 2026),
/// to give names their capital however a client writes them.
const GEMINI: &[&str] = &[
    "Achernar",
    "Achird",
    "Algenib",
    "Algieba",
    "Alnilam",
    "Aoede",
    "Autonoe",
    "Callirrhoe",
    "Charon",
    "Despina",
    "Enceladus",
    "Erinome",
    "Fenrir",
    "Gacrux",
    "Iapetus",
    "Kore",
    "Laomedeia",
    "Leda",
    "Orus",
    "Puck",
    "Pulcherrima",
    "Rasalgethi",
    "Sadachbia",
    "Sadaltager",
    "Schedar",
    "Sulafat",
    "Umbriel",
    "Vindemiatrix",
    "Zephyr",
    "Zubenelgenubi",
];

/// Longest name that is passed on, in bytes: four times the longest known.
const MAX_NAME_BYTES: usize = 64;

/// Gemini's name of a voice. A name that neither list has is passed on as it is: Google adds voices.
///
/// # Errors
/// A [`Refusal`] with an empty path for what cannot be a name.
pub(crate) fn gemini_voice(name: &str) -> Result<Cow<'_, str>, Refusal> {
    let openai = OPENAI.iter().find(|(openai, _)| same(openai, name));
    let gemini = GEMINI.iter().find(|gemini| same(gemini, name));
    if let Some(known) = openai.map(|(_, gemini)| gemini).or(gemini) {
        return Ok(Cow::Borrowed(known));
    }
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.len() <= MAX_NAME_BYTES
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if is_name {
        return Ok(Cow::Borrowed(name));
    }
    Err(Refusal::new(
        Code::InvalidValue,
        "",
        format_args!(
            "{} is not the name of a voice; use one of OpenAI's, `alloy` for instance, or of Gemini's, `Kore` for instance",
            Quoted(name)
        ),
    ))
}

fn same(known: &str, name: &str) -> bool {
    known.eq_ignore_ascii_case(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_voices_of_both_and_passes_new_ones_on_g19() {
        for (name, expected) in [
            ("alloy", "Kore"),
            ("Shimmer", "Zephyr"),
            ("kore", "Kore"),
            ("Zubenelgenubi", "Zubenelgenubi"),
            ("Betelgeuse", "Betelgeuse"),
        ] {
            assert_eq!(gemini_voice(name).unwrap(), expected);
        }
        for (openai, gemini) in OPENAI {
            assert!(GEMINI.contains(gemini), "{openai} became {gemini}");
        }
    }

    #[test]
    fn refuses_what_cannot_be_a_name() {
        for name in ["", "two words", "1st", "a\u{e9}", &"a".repeat(65)] {
            assert!(gemini_voice(name).is_err(), "{name}");
        }
    }
}
