//! Which additions to a model's name are understood: a deployment's choice.
//!
//! An addition that is switched off is part of the name, as if it had never been thought of.

use std::{fmt, str::FromStr};

use crate::invalid_request::Quoted;

/// One kind of addition, by its word in the setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuffixKind {
    /// `-search`, `:search`
    Search,
    /// `-image`
    Image,
    /// `-nothinking`, `-non-thinking`, `:non-thinking`, `-thinking`, `-thinking-N`
    Thinking,
    /// `-low`, `-medium`, `-high`
    Effort,
    /// `fake/`, `假流式/`
    FakeStream,
    /// `anti-trunc/`, `流式抗截断/`
    Continuation,
}

impl SuffixKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Search,
        Self::Image,
        Self::Thinking,
        Self::Effort,
        Self::FakeStream,
        Self::Continuation,
    ];

    /// The word in the setting.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Image => "image",
            Self::Thinking => "thinking",
            Self::Effort => "effort",
            Self::FakeStream => "fake",
            Self::Continuation => "anti-trunc",
        }
    }

    /// Its place in the set.
    fn bit(self) -> u8 {
        match self {
            Self::Search => 1,
            Self::Image => 1 << 1,
            Self::Thinking => 1 << 2,
            Self::Effort => 1 << 3,
            Self::FakeStream => 1 << 4,
            Self::Continuation => 1 << 5,
        }
    }
}

/// The kinds that are understood. All of them by default.
///
/// As a setting: `all`, `none`, or a list such as `search,thinking`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suffixes(u8);

impl Suffixes {
    /// None: names are only names.
    pub const NONE: Self = Self(0);

    /// Every kind.
    #[must_use]
    pub fn all() -> Self {
        SuffixKind::ALL.into_iter().fold(Self::NONE, Self::with)
    }

    /// These and one kind more.
    #[must_use]
    pub fn with(self, kind: SuffixKind) -> Self {
        Self(self.0 | kind.bit())
    }

    /// Whether this kind is understood.
    #[must_use]
    pub fn has(self, kind: SuffixKind) -> bool {
        self.0 & kind.bit() != 0
    }
}

impl Default for Suffixes {
    fn default() -> Self {
        Self::all()
    }
}

/// A word of the setting that is none of the known ones.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{word} is no kind of model suffix; use `all`, `none`, or a list of {}",
    Words
)]
pub struct UnknownSuffix {
    /// In backticks, clipped.
    word: String,
}

/// The words that a list may hold, for messages.
struct Words;

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, kind) in SuffixKind::ALL.into_iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}`{}`", kind.as_str())?;
        }
        Ok(())
    }
}

impl FromStr for Suffixes {
    type Err = UnknownSuffix;

    /// Reads the setting; an empty one means what is not set: all.
    ///
    /// # Errors
    /// [`UnknownSuffix`] names the first word that is none.
    fn from_str(setting: &str) -> Result<Self, Self::Err> {
        let words = setting.split(',').map(str::trim);
        let mut words = words.filter(|word| !word.is_empty()).peekable();
        match (words.next(), words.peek()) {
            (None, _) | (Some("all"), None) => Ok(Self::all()),
            (Some("none"), None) => Ok(Self::NONE),
            (Some(first), _) => {
                std::iter::once(first)
                    .chain(words)
                    .try_fold(Self::NONE, |suffixes, word| {
                        let known = SuffixKind::ALL
                            .into_iter()
                            .find(|kind| kind.as_str() == word);
                        known
                            .map(|kind| suffixes.with(kind))
                            .ok_or_else(|| UnknownSuffix {
                                word: Quoted(word).to_string(),
                            })
                    })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_names_the_kinds() {
        let some = Suffixes::NONE
            .with(SuffixKind::Search)
            .with(SuffixKind::Effort);
        for (setting, expected) in [
            ("", Suffixes::all()),
            ("all", Suffixes::default()),
            ("none", Suffixes::NONE),
            ("search,effort", some),
            (" effort , search ,", some),
            (
                "search,image,thinking,effort,fake,anti-trunc",
                Suffixes::all(),
            ),
        ] {
            assert_eq!(setting.parse(), Ok(expected), "{setting}");
        }
        assert!(some.has(SuffixKind::Effort) && !some.has(SuffixKind::Thinking));
    }

    #[test]
    fn an_unknown_word_is_named_with_what_there_is() {
        for (setting, word) in [
            ("search,serach", "`serach`"),
            ("all,search", "`all`"),
            ("none,none", "`none`"),
            ("Search", "`Search`"),
        ] {
            let error = setting.parse::<Suffixes>().unwrap_err().to_string();
            assert!(error.starts_with(word), "{setting}: {error}");
            assert!(error.ends_with("`fake`, `anti-trunc`"), "{error}");
        }
    }
}
