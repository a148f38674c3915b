//! A client's model name, read: which model, and what else the name asks for (features §6.1).
//!
//! It knows no list of models, only rules by which a name that looks like one with a suffix is a
//! model of its own: `gemini-2.5-flash-image` is, `gemini-2.0-flash-exp-image` is not.

use super::{
    Features, ModelName, SuffixKind, Suffixes, ThinkingOverride, families::gemini_version,
    name::strip_vendor,
};
use crate::invalid_request::{Code, InvalidRequest, Quoted, Refusal};

/// Longest name with everything that may be added to it, in bytes: the longest model name, all
/// prefixes once and all suffixes once are under 150.
const MAX_LENGTH: usize = 256;

/// The version since which every `…-image` is a model by that very name, if it exists at all: no
/// text model from there on makes images, so cutting the suffix off could only fail (model lists of
/// 2026-11-21).
const IMAGE_MODELS_SINCE: (u8, u8) = (2, 5);

/// A model and the wishes that came with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelSpec {
    /// The model itself.
    pub name: ModelName,
    /// What the prefixes and suffixes ask for.
    pub features: Features,
}

/// What one suffix asks for.
#[derive(Debug, Clone, Copy)]
enum Suffix {
    Search,
    Image,
    Thinking(ThinkingOverride),
}

/// Suffixes that stand for themselves; longer ones before those that end them.
const FIXED: [(&str, SuffixKind, Suffix); 10] = {
    use {Suffix as S, SuffixKind as K, ThinkingOverride as T};
    [
        (":search", K::Search, S::Search),
        ("-search", K::Search, S::Search),
        ("-image", K::Image, S::Image),
        (":non-thinking", K::Thinking, S::Thinking(T::Off)),
        ("-non-thinking", K::Thinking, S::Thinking(T::Off)),
        ("-nothinking", K::Thinking, S::Thinking(T::Off)),
        ("-thinking", K::Thinking, S::Thinking(T::On)),
        ("-low", K::Effort, S::Thinking(T::Low)),
        ("-medium", K::Effort, S::Thinking(T::Medium)),
        ("-high", K::Effort, S::Thinking(T::High)),
    ]
};

/// Prefixes that ask for something. The Chinese ones are what users of other systems have in their
/// menus.
const PREFIXES: [(&str, SuffixKind); 4] = [
    ("fake/", SuffixKind::FakeStream),
    ("假流式/", SuffixKind::FakeStream),
    ("anti-trunc/", SuffixKind::Continuation),
    ("流式抗截断/", SuffixKind::Continuation),
];

impl ModelSpec {
    /// Reads a name such as `models/gemini-2.5-flash-search`. Prefixes and suffixes may come in any
    /// order; ASCII capitals do not count.
    ///
    /// # Errors
    /// [`InvalidRequest`] with `param` `model`: what remains is not a name (U14), or two suffixes
    /// contradict each other.
    pub fn parse(name: &str, understood: Suffixes) -> Result<Self, InvalidRequest> {
        if name.len() > MAX_LENGTH {
            let problem = format_args!("is longer than {MAX_LENGTH} bytes");
            return Err(Refusal::new(Code::InvalidValue, "model", problem).into());
        }
        let lower = name.to_ascii_lowercase();
        let mut features = Features::default();
        let mut bare = strip_prefixes(&lower, understood, &mut features);
        while let Some((rest, suffix)) = strip_suffix(bare, understood)? {
            bare = rest;
            match suffix {
                Suffix::Search => features.search = true,
                Suffix::Image => features.image = true,
                Suffix::Thinking(wish) => {
                    features.thinking = Some(combine(features.thinking, wish, name)?);
                }
            }
        }
        if features.image && gemini_version(bare).is_some_and(|since| since >= IMAGE_MODELS_SINCE) {
            features.image = false;
            let name = format!("{bare}-image").parse()?;
            return Ok(Self { name, features });
        }
        let name = bare.parse()?;
        Ok(Self { name, features })
    }
}

fn strip_prefixes<'a>(mut name: &'a str, understood: Suffixes, features: &mut Features) -> &'a str {
    loop {
        name = strip_vendor(name);
        let found = PREFIXES.iter().find_map(|(prefix, kind)| {
            let rest = name.strip_prefix(prefix)?;
            understood.has(*kind).then_some((rest, *kind))
        });
        match found {
            Some((rest, SuffixKind::FakeStream)) => {
                features.fake_stream = true;
                name = rest;
            }
            Some((rest, _)) => {
                features.continuation = true;
                name = rest;
            }
            None => return name,
        }
    }
}

/// The name without its last suffix, and that suffix. A suffix with nothing before it is a name.
fn strip_suffix(
    name: &str,
    understood: Suffixes,
) -> Result<Option<(&str, Suffix)>, InvalidRequest> {
    let fixed = FIXED.iter().find_map(|(text, kind, suffix)| {
        let rest = name.strip_suffix(text)?;
        (understood.has(*kind) && !rest.is_empty()).then_some((rest, *suffix))
    });
    if fixed.is_some() || !understood.has(SuffixKind::Thinking) {
        return Ok(fixed);
    }
    let Some((rest, tokens)) = name.rsplit_once("-thinking-") else {
        return Ok(None);
    };
    // `gemini-2.0-flash-thinking-exp` and `…-thinking-exp-01-21` are models.
    if rest.is_empty() || tokens.is_empty() || !tokens.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    match tokens.parse() {
        Ok(tokens) => Ok(Some((
            rest,
            Suffix::Thinking(ThinkingOverride::Budget(tokens)),
        ))),
        Err(_) => Err(Refusal::new(
            Code::InvalidValue,
            "model",
            format_args!("{} asks for more thinking than can be", Quoted(name)),
        )
        .into()),
    }
}

/// `-thinking` gives way to an amount; two different amounts are a contradiction.
fn combine(
    earlier: Option<ThinkingOverride>,
    wish: ThinkingOverride,
    name: &str,
) -> Result<ThinkingOverride, InvalidRequest> {
    use ThinkingOverride::{Off, On};
    match (earlier, wish) {
        (None, wish) => Ok(wish),
        (Some(earlier), wish) if earlier == wish => Ok(wish),
        (Some(On), amount) | (Some(amount), On) if amount != Off => Ok(amount),
        _ => Err(Refusal::new(
            Code::InvalidValue,
            "model",
            format_args!(
                "{} says twice, differently, how much to think",
                Quoted(name)
            ),
        )
        .into()),
    }
}

#[cfg(test)]
mod tests;
