//! What a model can do, told from its name.
//!
//! It is not a list of models: `listing` has that. A name without a known version is a chat model
//! without limits, because a simulator must not refuse what it does not know.

use crate::call::Method;

/// A model by name and what is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ModelTraits<'a> {
    /// Without `models/`.
    pub(crate) name: &'a str,
    pub(crate) kind: Kind,
    version: Option<Version>,
}

/// What comes out of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Chat,
    /// Gemma before 4: text out of text and images; no system instruction, tools or JSON mode.
    SmallChat,
    Image,
    Speech,
    Embedding,
    /// Imagen, which has `predict` only.
    Imagen,
}

/// How a model's thinking is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Thinking {
    /// No `thinkingConfig` at all.
    None,
    /// A budget in tokens (-1 lets the model choose), 0 where it can be off.
    Budget {
        least: i64,
        most: i64,
        can_be_off: bool,
        is_on_by_default: bool,
    },
    /// A level; a budget is still taken.
    LevelOrBudget {
        has_minimal: bool,
    },
    /// A level only.
    LevelOnly,
    Unknown,
}

/// Major and minor.
type Version = (u8, u8);

/// Names without a version and what they mean in November 2026
/// (<https://ai.google.dev/gemini-api/docs/models>).
const ALIASES: &[(&str, Version)] = &[
    ("gemini-flash-latest", (3, 8)),
    ("gemini-flash-lite-latest", (3, 5)),
    ("gemini-pro-latest", (3, 1)),
    ("nano-banana", (3, 1)),
];

impl<'a> ModelTraits<'a> {
    pub(crate) fn of(name: &'a str) -> Self {
        Self {
            name,
            kind: kind(name),
            version: version(name),
        }
    }

    fn is_since(&self, version: Version) -> bool {
        self.version.is_some_and(|own| own >= version)
    }

    fn is_before(&self, version: Version) -> bool {
        self.version.is_some_and(|own| own < version)
    }

    /// Gemini 3 and later: thought signatures are required and given, calls have ids, several
    /// candidates are not made, JSON mode goes together with tools.
    pub(crate) fn is_gemini_3(&self) -> bool {
        self.is_since((3, 0))
    }

    /// A version before 3 that is known.
    pub(crate) fn is_before_gemini_3(&self) -> bool {
        self.is_before((3, 0))
    }

    /// 2.5 and later: no penalties, no log probabilities (G8, G9).
    pub(crate) fn is_since_2_5(&self) -> bool {
        self.is_since((2, 5))
    }

    /// Whether a conversation may not end with the model's turn (M11): 3.6 Flash, 3.5 Flash-Lite
    /// and what came after them.
    pub(crate) fn refuses_prefill(&self) -> bool {
        self.is_since((3, 6)) || (self.is_since((3, 5)) && self.name.contains("flash-lite"))
    }

    /// Largest `candidateCount` of a unary call (G5).
    pub(crate) fn most_candidates(&self) -> i64 {
        if self.is_gemini_3() || self.kind != Kind::Chat {
            1
        } else {
            8
        }
    }

    pub(crate) fn thinking(&self) -> Thinking {
        let Some(version) = self.version else {
            return match self.kind {
                Kind::Chat => Thinking::Unknown,
                _ => Thinking::None,
            };
        };
        match self.kind {
            Kind::Chat => {}
            // The image models of Gemini 3 think and cannot be told how much.
            Kind::Image if self.is_gemini_3() => return Thinking::Unknown,
            _ => return Thinking::None,
        }
        let is_pro = self.name.contains("-pro");
        let is_lite = self.name.contains("-lite");
        if version < (2, 5) {
            Thinking::None
        } else if version < (3, 0) {
            Thinking::Budget {
                least: match (is_pro, is_lite) {
                    (true, _) => 128,
                    (_, true) => 512,
                    _ => 1,
                },
                most: if is_pro { 32_768 } else { 24_576 },
                can_be_off: !is_pro,
                is_on_by_default: !is_lite,
            }
        } else if version < (4, 0) {
            Thinking::LevelOrBudget {
                has_minimal: version < (3, 7) && !is_pro,
            }
        } else {
            Thinking::LevelOnly
        }
    }

    /// Largest `maxOutputTokens`, where it is known.
    pub(crate) fn most_output_tokens(&self, method: Method) -> Option<i64> {
        let is_streamed = method == Method::StreamGenerateContent;
        match self.kind {
            Kind::SmallChat => Some(8_192),
            Kind::Speech => Some(16_384),
            Kind::Image => Some(32_768),
            Kind::Chat if self.name.contains("argon") && !is_streamed => Some(32_768),
            Kind::Chat => match self.version? {
                version if version < (2, 5) => Some(8_192),
                _ => Some(65_536),
            },
            Kind::Embedding | Kind::Imagen => None,
        }
    }

    /// `gemini-embedding-2` and later: unit vectors at any length, and usage (E3, E5).
    pub(crate) fn is_embedding_2(&self) -> bool {
        self.name.contains("embedding-2")
    }
}

fn kind(name: &str) -> Kind {
    if name.contains("embedding") {
        Kind::Embedding
    } else if name.starts_with("imagen") {
        Kind::Imagen
    } else if name.contains("-tts") {
        Kind::Speech
    } else if name.contains("-image") || name.starts_with("nano-banana") {
        Kind::Image
    } else if name.starts_with("gemma-3") {
        Kind::SmallChat
    } else {
        Kind::Chat
    }
}

/// `gemini-3.5-flash` → (3, 5), `gemini-3-pro-preview` → (3, 0).
fn version(name: &str) -> Option<Version> {
    if let Some((_, version)) = ALIASES.iter().find(|(alias, _)| name.starts_with(alias)) {
        return Some(*version);
    }
    let version = name.strip_prefix("gemini-")?.split('-').next()?;
    let (major, minor) = version.split_once('.').unwrap_or((version, "0"));
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_kinds_are_told_from_names() {
        let cases = [
            ("gemini-2.5-flash", Kind::Chat, Some((2, 5))),
            ("gemini-3-flash-preview", Kind::Chat, Some((3, 0))),
            ("gemini-4-argon", Kind::Chat, Some((4, 0))),
            ("gemini-flash-latest", Kind::Chat, Some((3, 8))),
            ("gemini-test-0001", Kind::Chat, None),
            ("a", Kind::Chat, None),
            ("gemma-3-27b-it", Kind::SmallChat, None),
            ("gemini-2.5-flash-image", Kind::Image, Some((2, 5))),
            ("nano-banana-pro-preview", Kind::Image, Some((3, 1))),
            ("gemini-3.8-flash-tts", Kind::Speech, Some((3, 8))),
            ("gemini-embedding-001", Kind::Embedding, None),
            ("imagen-4.0-generate-001", Kind::Imagen, None),
        ];
        for (name, kind, version) in cases {
            let traits = ModelTraits::of(name);
            assert_eq!((traits.kind, traits.version), (kind, version), "{name}");
        }
    }

    #[test]
    fn prefill_is_refused_from_3_6_and_3_5_flash_lite_on_m11() {
        for (name, refuses) in [
            ("gemini-2.5-flash-lite", false),
            ("gemini-3.5-flash", false),
            ("gemini-3.5-flash-lite", true),
            ("gemini-3.6-flash", true),
            ("gemini-4-argon", true),
            ("unknown", false),
        ] {
            assert_eq!(ModelTraits::of(name).refuses_prefill(), refuses, "{name}");
        }
    }

    #[test]
    fn thinking_is_set_by_budget_before_3_and_by_level_after() {
        let budget = |least, most, can_be_off, is_on_by_default| Thinking::Budget {
            least,
            most,
            can_be_off,
            is_on_by_default,
        };
        for (name, thinking) in [
            ("gemini-2.0-flash", Thinking::None),
            ("gemini-2.5-flash", budget(1, 24_576, true, true)),
            ("gemini-2.5-flash-lite", budget(512, 24_576, true, false)),
            ("gemini-2.5-pro", budget(128, 32_768, false, true)),
            (
                "gemini-3.5-flash",
                Thinking::LevelOrBudget { has_minimal: true },
            ),
            (
                "gemini-3.1-pro-preview",
                Thinking::LevelOrBudget { has_minimal: false },
            ),
            (
                "gemini-3.8-flash",
                Thinking::LevelOrBudget { has_minimal: false },
            ),
            ("gemini-4-argon", Thinking::LevelOnly),
            ("gemini-2.5-flash-image", Thinking::None),
            ("gemini-3.8-flash-tts", Thinking::None),
            ("gemma-3-27b-it", Thinking::None),
            ("unknown", Thinking::Unknown),
        ] {
            assert_eq!(ModelTraits::of(name).thinking(), thinking, "{name}");
        }
    }

    #[test]
    fn output_limits_are_of_the_kind_the_version_and_the_way_of_calling() {
        for (name, unary, streamed) in [
            ("gemini-2.0-flash", Some(8_192), Some(8_192)),
            ("gemini-3.8-flash", Some(65_536), Some(65_536)),
            ("gemini-4-argon", Some(32_768), Some(65_536)),
            ("gemini-3.8-flash-tts", Some(16_384), Some(16_384)),
            ("unknown", None, None),
        ] {
            let traits = ModelTraits::of(name);
            assert_eq!(
                traits.most_output_tokens(Method::GenerateContent),
                unary,
                "{name}"
            );
            assert_eq!(
                traits.most_output_tokens(Method::StreamGenerateContent),
                streamed,
                "{name}"
            );
        }
    }
}
