//! Function names that Gemini accepts, and the way back (T2, C4).
//!
//! One value per request, the same for the same list of functions. What Gemini takes as it is stays
//! as it is; any other name is made legal, and differs from every other name of the request.

use std::{borrow::Cow, collections::BTreeMap};

/// Longest name that Gemini takes, in characters, which are all ASCII: `FunctionDeclaration.name` in
/// <https://ai.google.dev/api/caching#FunctionDeclaration>, 2026-11-21.
const MAX_LENGTH: usize = 64;

/// What Gemini's own Python-like rendering of declarations puts in front of a name now and then (C4).
const NAMESPACES: [&str; 2] = ["default_api:", "default_api."];

/// The client's names and those that Gemini sees instead.
#[derive(Debug, Default, Clone)]
pub(crate) struct FunctionNames {
    /// From the client's to Gemini's, where they differ.
    changed: BTreeMap<String, String>,
    /// From Gemini's to the client's, for every declared function; `None` is the same name.
    declared: BTreeMap<String, Option<String>>,
}

impl FunctionNames {
    /// For the functions that a request declares, by the client's names. A repeated name is one.
    pub(crate) fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let (legal, others): (Vec<&str>, Vec<&str>) =
            names.into_iter().partition(|name| is_legal(name));
        let mut made = Self::default();
        // First those that need no change, so that no changed one can take their place.
        for name in legal {
            made.declared.insert(name.to_owned(), None);
        }
        for name in others {
            if !made.changed.contains_key(name) {
                let legal = made.make_legal(name);
                made.changed.insert(name.to_owned(), legal.clone());
                made.declared.insert(legal, Some(name.to_owned()));
            }
        }
        made
    }

    /// The name that Gemini is sent for the client's `name`, declared or only called in the past.
    pub(crate) fn to_gemini<'a>(&self, name: &'a str) -> Cow<'a, str> {
        if let Some(changed) = self.changed.get(name) {
            return Cow::Owned(changed.clone());
        }
        let is_of_another = matches!(self.declared.get(name), Some(Some(_)));
        if is_legal(name) && !is_of_another {
            return Cow::Borrowed(name);
        }
        Cow::Owned(self.make_legal(name))
    }

    /// [`to_gemini`](Self::to_gemini) for a name that is given away.
    pub(crate) fn send<'a>(&self, name: Cow<'a, str>) -> Cow<'a, str> {
        match self.to_gemini(&name) {
            Cow::Borrowed(_) => name,
            Cow::Owned(legal) => Cow::Owned(legal),
        }
    }

    /// The client's name for what Gemini called.
    pub(crate) fn restore<'a>(&self, name: &'a str) -> Cow<'a, str> {
        let namespaced = NAMESPACES
            .iter()
            .find_map(|namespace| name.strip_prefix(namespace));
        let exact = [Some(name), namespaced].into_iter().flatten();
        for name in exact {
            match self.declared.get(name) {
                Some(Some(client)) => return Cow::Owned(client.clone()),
                Some(None) => return Cow::Borrowed(name),
                None => {}
            }
        }
        match self.similar(namespaced.unwrap_or(name)) {
            Some(client) => Cow::Owned(client.to_owned()),
            None => Cow::Borrowed(name),
        }
    }

    /// The only declared function whose name differs from `name` in punctuation alone: models write
    /// `get_weather` for `get-weather`.
    fn similar(&self, name: &str) -> Option<&str> {
        let mut alike = self.declared.iter().filter(|(declared, _)| {
            declared.len() == name.len() && declared.bytes().map(fold).eq(name.bytes().map(fold))
        });
        let (declared, client) = alike.next()?;
        let is_only = alike.next().is_none();
        is_only.then(|| client.as_deref().unwrap_or(declared))
    }

    /// A legal name for an illegal or taken one. A taken one gets a mark made from the client's name,
    /// so that it does not depend on what else is declared in which order.
    fn make_legal(&self, name: &str) -> String {
        // A digit or a dot may stand anywhere but in front.
        let lead = match name.chars().next() {
            Some(first) if is_legal_char(first) && !is_legal_start(first) => Some('_'),
            Some(_) => None,
            None => Some('_'),
        };
        let mapped = name
            .chars()
            .map(|char| if is_legal_char(char) { char } else { '_' });
        let legal: String = lead.into_iter().chain(mapped).take(MAX_LENGTH).collect();
        if !self.declared.contains_key(&legal) {
            return legal;
        }
        // Each attempt gives another mark, so one more than there are names is enough.
        let mark = fingerprint(name);
        let mut attempts = (0..=u32::MAX).map(|attempt| {
            let mark = format!("_{:08x}", mark.wrapping_add(attempt));
            let room = MAX_LENGTH.saturating_sub(mark.len());
            format!("{}{mark}", legal.get(..room).unwrap_or(&legal))
        });
        attempts
            .find(|candidate| !self.declared.contains_key(candidate))
            .unwrap_or(legal)
    }
}

fn is_legal(name: &str) -> bool {
    name.len() <= MAX_LENGTH && name.starts_with(is_legal_start) && name.chars().all(is_legal_char)
}

fn is_legal_start(char: char) -> bool {
    char.is_ascii_alphabetic() || char == '_'
}

/// `[a-zA-Z0-9_:.-]`
fn is_legal_char(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '_' | ':' | '.' | '-')
}

/// All punctuation as one.
fn fold(byte: u8) -> u8 {
    if byte.is_ascii_alphanumeric() {
        byte
    } else {
        b'_'
    }
}

/// FNV-1a, 32 bits: short and stable; collisions are handled where it is used.
fn fingerprint(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash: u32, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legal_names_stay_as_they_are_t2() {
        let longest = "n".repeat(64);
        let list = ["get_weather", "a.b:c-d", "_x", "default_api:x", &longest];
        let names = FunctionNames::new(list);
        for name in list {
            assert!(matches!(names.to_gemini(name), Cow::Borrowed(same) if same == name));
            assert!(matches!(names.restore(name), Cow::Borrowed(same) if same == name));
        }
    }

    #[test]
    fn illegal_names_become_legal_and_come_back_t2() {
        let long = "long name ".repeat(20);
        for (name, expected) in [
            ("get weather", "get_weather"),
            ("7zip", "_7zip"),
            (".hidden", "_.hidden"),
            ("mcp/server/tool", "mcp_server_tool"),
            ("天气", "__"),
            ("", "_"),
            (long.as_str(), &long.replace(' ', "_")[..64]),
        ] {
            let names = FunctionNames::new([name]);
            assert_eq!(names.to_gemini(name), expected);
            assert!(is_legal(&names.to_gemini(name)), "{name}");
            assert_eq!(names.restore(expected), name);
        }
    }

    #[test]
    fn names_that_would_collide_get_a_mark_t2() {
        let long = "x".repeat(80);
        let longer = "x".repeat(90);
        let list = ["a b", "a/b", "a_b", "天气", "时间", &long, &longer];
        let names = FunctionNames::new(list);
        let sent: std::collections::BTreeSet<String> = list
            .iter()
            .map(|name| names.to_gemini(name).into_owned())
            .collect();
        assert_eq!(sent.len(), list.len(), "{sent:?}");
        for name in list {
            let gemini = names.to_gemini(name);
            assert!(is_legal(&gemini), "{gemini}");
            assert_eq!(names.restore(&gemini), name);
        }
        assert_eq!(names.to_gemini("a_b"), "a_b");
        let again = FunctionNames::new(list);
        assert_eq!(again.to_gemini("a/b"), names.to_gemini("a/b"));
    }

    #[test]
    fn calls_of_functions_that_are_gone_become_legal_too_t2() {
        let names = FunctionNames::new(["a b"]);
        assert_eq!(names.to_gemini("old tool"), "old_tool");
        assert_eq!(names.to_gemini("old tool"), names.to_gemini("old tool"));
        // Not the name that a declared function goes by.
        let taken = names.to_gemini("a_b");
        assert_ne!(taken, "a_b");
        assert!(is_legal(&taken));
        assert_eq!(FunctionNames::default().to_gemini("a_b"), "a_b");
    }

    #[test]
    fn namespaces_and_changed_punctuation_are_undone_c4() {
        let names = FunctionNames::new(["get-weather", "get time", "a.b", "a:b"]);
        for (called, expected) in [
            ("default_api:get-weather", "get-weather"),
            ("default_api.get_time", "get time"),
            ("get_weather", "get-weather"),
            ("default_api:get.weather", "get-weather"),
            // Two could be meant, so none is.
            ("a_b", "a_b"),
            // Not declared: as Gemini said it.
            ("default_api:other", "default_api:other"),
            ("other", "other"),
            ("", ""),
        ] {
            assert_eq!(names.restore(called), expected, "{called}");
        }
        assert_eq!(
            FunctionNames::default().restore("default_api:x"),
            "default_api:x"
        );
    }
}
