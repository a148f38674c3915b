//! What a model refuses, as one table.
//!
//! Only differences that change what is sent belong here. It is not a list of models: unknown names
//! get the defaults, and Google says whether they exist.

/// What to send to a model and what to leave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ModelCapabilities {
    /// Whether `temperature`, `topP` and `topK` may be sent (G2).
    pub(crate) sampling: Sampling,
    /// Whether a conversation may end with the model's turn (M11).
    pub(crate) last_turn: LastTurn,
    /// Highest `maxOutputTokens`; above it Gemini answers an opaque 400 (G1). `None`: unknown.
    pub(crate) output_tokens: Option<OutputTokens>,
}

/// How a model treats the sampling parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sampling {
    Accepted,
    /// Ignored today and announced to be refused, so they are not sent.
    Fixed,
}

/// Who may speak last in `contents`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LastTurn {
    Anyone,
    UserOnly,
}

/// Limits of `maxOutputTokens` by way of calling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OutputTokens {
    pub(crate) unary: u32,
    pub(crate) streaming: u32,
}

impl OutputTokens {
    const fn same(limit: u32) -> Self {
        Self {
            unary: limit,
            streaming: limit,
        }
    }
}

/// A family: every `gemini-` model of this version or later whose name contains `marker`.
struct Family {
    since: (u8, u8),
    marker: &'static str,
    capabilities: ModelCapabilities,
}

const UNKNOWN: ModelCapabilities = ModelCapabilities {
    sampling: Sampling::Accepted,
    last_turn: LastTurn::Anyone,
    output_tokens: None,
};

/// What 3.6 Flash and 3.5 Flash-Lite began and later models keep (G2, M11).
const LATE: ModelCapabilities = ModelCapabilities {
    sampling: Sampling::Fixed,
    last_turn: LastTurn::UserOnly,
    output_tokens: Some(OutputTokens::same(65_536)),
};

/// First match wins. Sources: <https://ai.google.dev/gemini-api/docs/models> and `outputTokenLimit`
/// of `GET /v1beta/models`, state of 2026-11-21. Image and speech variants have lower limits than
/// their family; the limit here only has to stop what is surely refused.
const FAMILIES: &[Family] = &[
    Family {
        since: (4, 0),
        marker: "argon",
        capabilities: ModelCapabilities {
            output_tokens: Some(OutputTokens {
                unary: 32_768,
                streaming: 65_536,
            }),
            ..LATE
        },
    },
    // Nothing is known of limits to come, so a later generation gets none.
    Family {
        since: (4, 0),
        marker: "",
        capabilities: ModelCapabilities {
            output_tokens: None,
            ..LATE
        },
    },
    Family {
        since: (3, 6),
        marker: "",
        capabilities: LATE,
    },
    Family {
        since: (3, 5),
        marker: "flash-lite",
        capabilities: LATE,
    },
    Family {
        since: (2, 5),
        marker: "",
        capabilities: ModelCapabilities {
            output_tokens: Some(OutputTokens::same(65_536)),
            ..UNKNOWN
        },
    },
    Family {
        since: (2, 0),
        marker: "",
        capabilities: ModelCapabilities {
            output_tokens: Some(OutputTokens::same(8_192)),
            ..UNKNOWN
        },
    },
];

/// The capabilities of `model`, a bare name such as `gemini-2.5-flash`.
pub(crate) fn capabilities(model: &str) -> ModelCapabilities {
    let Some(version) = gemini_version(model) else {
        return UNKNOWN;
    };
    FAMILIES
        .iter()
        .find(|family| version >= family.since && model.contains(family.marker))
        .map_or(UNKNOWN, |family| family.capabilities)
}

/// `gemini-3.5-flash` → (3, 5), `gemini-3-pro` → (3, 0), `gemini-flash-latest` → `None`.
fn gemini_version(model: &str) -> Option<(u8, u8)> {
    let version = model.strip_prefix("gemini-")?.split('-').next()?;
    let (major, minor) = version.split_once('.').unwrap_or((version, "0"));
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_models_fix_sampling_and_refuse_prefill() {
        for (model, late) in [
            ("gemini-2.5-flash", false),
            ("gemini-3-pro-preview", false),
            ("gemini-3.1-flash-lite", false),
            ("gemini-3.5-flash", false),
            ("gemini-3.5-flash-lite", true),
            ("gemini-3.6-flash", true),
            ("gemini-3.8-flash", true),
            ("gemini-4-argon", true),
            ("gemini-5.1-neon", true),
            ("gemini-flash-latest", false),
            ("gemma-3-27b-it", false),
        ] {
            let found = capabilities(model);
            assert_eq!(found.sampling == Sampling::Fixed, late, "{model}");
            assert_eq!(found.last_turn == LastTurn::UserOnly, late, "{model}");
        }
    }

    #[test]
    fn knows_output_limits_of_known_families_only() {
        for (model, unary, streaming) in [
            ("gemini-2.0-flash", Some(8_192), Some(8_192)),
            ("gemini-2.5-pro", Some(65_536), Some(65_536)),
            ("gemini-3.8-flash", Some(65_536), Some(65_536)),
            ("gemini-4-argon", Some(32_768), Some(65_536)),
            ("gemini-5-neon", None, None),
            ("gemini-flash-latest", None, None),
        ] {
            let limits = capabilities(model).output_tokens;
            assert_eq!(limits.map(|limit| limit.unary), unary, "{model}");
            assert_eq!(limits.map(|limit| limit.streaming), streaming, "{model}");
        }
    }
}
