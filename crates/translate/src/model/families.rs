//! The table of what models take: one row a family.
//!
//! Names that no row knows (`gemini-flash-latest`, `nano-banana-2.1`, whatever Google brings next) are
//! taken for the newest family: aliases move on, and what is new keeps the newest rules (U15).
//! Whether a name exists is for Google to say.

use super::capabilities::{
    GoogleTools, Instructions, JsonMode, LastTurn, Logprobs, ModelCapabilities, Output,
    OutputTokens, ResolutionPlace, ResultImages, Sampling, Schemas, Signatures, Thinking,
    ThinkingBudget, ThinkingLevels, Thoughts, ValidatedCalls, WebFiles,
};
use crate::gemini::request::ThinkingLevel::{self, High, Low, Medium, Minimal};

/// A row: the models whose name starts so, whose version is this or later, and whose name contains
/// the marker.
struct Family {
    starts: &'static str,
    since: (u8, u8),
    marker: &'static str,
    capabilities: ModelCapabilities,
}

/// The version of names that tell none: newer than any row.
const NEWEST: (u8, u8) = (u8::MAX, u8::MAX);

const fn gemini(since: (u8, u8), marker: &'static str, capabilities: ModelCapabilities) -> Family {
    Family {
        starts: "",
        since,
        marker,
        capabilities,
    }
}

const fn starting(starts: &'static str, capabilities: ModelCapabilities) -> Family {
    Family {
        starts,
        since: (0, 0),
        marker: "",
        capabilities,
    }
}

const fn levels(levels: &'static [ThinkingLevel]) -> Thinking {
    Thinking::Level(ThinkingLevels {
        levels,
        thoughts: Thoughts::Shown,
    })
}

const fn budget(min: i32, max: i32, off: i32) -> Thinking {
    Thinking::Budget(ThinkingBudget { min, max, off })
}

/// 1.5 and before, closed since 2025-09. Sources of this and the next two: translation reference G5,
/// G9, T3, T6, P3, P5 and table 1.5 with their recordings, 2026-11-21.
const V1: ModelCapabilities = ModelCapabilities {
    sampling: Sampling::Accepted,
    last_turn: LastTurn::Anyone,
    output_tokens: Some(OutputTokens::same(8_192)),
    thinking: Thinking::Unsupported,
    signatures: Signatures::Unsupported,
    candidates: 8,
    logprobs: Logprobs::Accepted,
    json_mode: JsonMode::WithoutTools,
    google_tools: GoogleTools::WithoutFunctions,
    validated_calls: ValidatedCalls::Unsupported,
    schemas: Schemas::OpenApi,
    instructions: Instructions::System,
    output: Output::Text,
    result_images: ResultImages::BesideResult,
    media_resolution: ResolutionPlace::Unsupported,
    web_files: WebFiles::Refused,
};

/// 2.0, closed since 2026-06-01; took JSON Schema in recordings.
const V2: ModelCapabilities = ModelCapabilities {
    schemas: Schemas::Json,
    media_resolution: ResolutionPlace::Request,
    ..V1
};

/// 2.5, <https://ai.google.dev/gemini-api/docs/thinking> for the budgets, 2026-11-21.
const V2_5: ModelCapabilities = ModelCapabilities {
    output_tokens: Some(OutputTokens::same(65_536)),
    signatures: Signatures::Optional,
    logprobs: Logprobs::Refused,
    validated_calls: ValidatedCalls::Supported,
    web_files: WebFiles::Fetched,
    ..V2
};

/// 3.0 to 3.5, <https://ai.google.dev/gemini-api/docs/gemini-3>, 2026-11-21; the rules named in
/// [`ModelCapabilities`] have the recordings.
const V3: ModelCapabilities = ModelCapabilities {
    signatures: Signatures::OnCalls,
    candidates: 1,
    json_mode: JsonMode::Always,
    google_tools: GoogleTools::WithFunctions,
    result_images: ResultImages::InResult,
    media_resolution: ResolutionPlace::Part,
    thinking: levels(&[Low, Medium, High]),
    ..V2_5
};

/// What 3.6 Flash and 3.5 Flash-Lite began and later models keep (G2, M11),
/// <https://ai.google.dev/gemini-api/docs/changelog>, 2026-11-21.
const LATE: ModelCapabilities = ModelCapabilities {
    sampling: Sampling::Fixed,
    last_turn: LastTurn::UserOnly,
    ..V3
};

/// Flash models from 3.0 to 3.6 can all but stop thinking (table 1.5).
const MINIMAL: Thinking = levels(&[Minimal, Low, Medium, High]);

/// A speaking model of the family: <https://ai.google.dev/gemini-api/docs/speech-generation>
/// and, for its limit, `GET /v1beta/models`, 2026-11-21 (G19).
const fn speech(family: ModelCapabilities) -> ModelCapabilities {
    ModelCapabilities {
        output_tokens: Some(OutputTokens::same(16_384)),
        thinking: Thinking::Unsupported,
        signatures: Signatures::Unsupported,
        candidates: 1,
        instructions: Instructions::Prompt,
        output: Output::Speech,
        ..family
    }
}

/// A drawing model of the family: <https://ai.google.dev/gemini-api/docs/image-generation> and, for
/// its limit, `GET /v1beta/models`, 2026-11-21 (G20). Some 3.x ones think, but which levels they
/// take differs by model, so none is sent.
const fn images(family: ModelCapabilities, signatures: Signatures) -> ModelCapabilities {
    ModelCapabilities {
        output_tokens: Some(OutputTokens::same(32_768)),
        thinking: Thinking::Unsupported,
        signatures,
        candidates: 1,
        output: Output::Images,
        ..family
    }
}

/// Open models that Google hosts. 3 has no instructions ("Developer instruction is not enabled for
/// models/gemma-3-27b-it", 0xPlaygrounds/rig#788, 2025-09), no thinking and its limit from
/// `GET /v1beta/models`, 2026-11-21.
const GEMMA_3: ModelCapabilities = ModelCapabilities {
    candidates: 1,
    logprobs: Logprobs::Refused,
    instructions: Instructions::Prompt,
    ..V1
};

/// Thinks by level, refuses `includeThoughts` and thoughts that are sent back (table 1.5, §3.9,
/// decolua/9router#2480, 2026).
const GEMMA: ModelCapabilities = ModelCapabilities {
    output_tokens: None,
    thinking: Thinking::Level(ThinkingLevels {
        levels: &[Minimal, High],
        thoughts: Thoughts::Hidden,
    }),
    instructions: Instructions::System,
    ..GEMMA_3
};

/// First match wins. A date or source that a row does not give is that of the constant it is made of.
const FAMILIES: &[Family] = &[
    starting("gemma-1", GEMMA_3),
    starting("gemma-2", GEMMA_3),
    starting(
        "gemma-3n",
        ModelCapabilities {
            output_tokens: Some(OutputTokens::same(2_048)),
            ..GEMMA_3
        },
    ),
    starting("gemma-3", GEMMA_3),
    starting("gemma", GEMMA),
    // The robotics model 1.5 is a 2.5 Flash: `GET /v1beta/models` and its documentation, 2026-11-21.
    starting(
        "gemini-robotics-er-1",
        ModelCapabilities {
            thinking: budget(1, 24_576, 0),
            ..V2_5
        },
    ),
    gemini((3, 6), "-tts", speech(LATE)),
    gemini((3, 0), "-tts", speech(V3)),
    gemini((0, 0), "-tts", speech(V2_5)),
    // Image models of 3.x refuse texts and images of their own that come back unsigned ("Image part
    // is missing a thought_signature in content position 2, part position 1."):
    // googleapis/js-genai#1116 (2025-11), langchain-ai/langchain-google#1837 (2026-06).
    gemini((3, 6), "-image", images(LATE, Signatures::OnEveryPart)),
    gemini((3, 6), "banana", images(LATE, Signatures::OnEveryPart)),
    gemini((3, 0), "-image", images(V3, Signatures::OnEveryPart)),
    gemini((2, 5), "-image", images(V2_5, Signatures::Unsupported)),
    gemini(
        (0, 0),
        "-image",
        ModelCapabilities {
            output_tokens: Some(OutputTokens::same(8_192)),
            // "Developer instruction is not enabled" for 2.0 ones, QuantumNous/new-api#989, 2025-04.
            instructions: Instructions::Prompt,
            ..images(V2, Signatures::Unsupported)
        },
    ),
    // 4 Argon: U15.
    gemini(
        (4, 0),
        "argon",
        ModelCapabilities {
            output_tokens: Some(OutputTokens {
                unary: 32_768,
                streaming: 65_536,
            }),
            ..LATE
        },
    ),
    // Nothing is known of limits to come, so a later generation gets none; nor has an alias one.
    gemini(
        (4, 0),
        "",
        ModelCapabilities {
            output_tokens: None,
            ..LATE
        },
    ),
    gemini((3, 7), "", LATE),
    gemini(
        (3, 6),
        "flash",
        ModelCapabilities {
            thinking: MINIMAL,
            ..LATE
        },
    ),
    gemini((3, 6), "", LATE),
    gemini(
        (3, 5),
        "flash-lite",
        ModelCapabilities {
            thinking: MINIMAL,
            ..LATE
        },
    ),
    // Answered by 3.6 Flash since 2026-10-08 (U15), so its rule of the last turn holds. Sampling is
    // only ignored there, which is for Google to do while the name still says 3.5.
    gemini(
        (3, 5),
        "flash",
        ModelCapabilities {
            thinking: MINIMAL,
            last_turn: LastTurn::UserOnly,
            ..V3
        },
    ),
    gemini(
        (3, 0),
        "flash",
        ModelCapabilities {
            thinking: MINIMAL,
            ..V3
        },
    ),
    gemini((3, 1), "", V3),
    gemini(
        (3, 0),
        "",
        ModelCapabilities {
            thinking: levels(&[Low, High]),
            ..V3
        },
    ),
    gemini(
        (2, 5),
        "flash-lite",
        ModelCapabilities {
            thinking: budget(512, 24_576, 0),
            ..V2_5
        },
    ),
    gemini(
        (2, 5),
        "flash",
        ModelCapabilities {
            thinking: budget(1, 24_576, 0),
            ..V2_5
        },
    ),
    gemini(
        (2, 5),
        "",
        ModelCapabilities {
            thinking: budget(128, 32_768, 128),
            ..V2_5
        },
    ),
    gemini((2, 0), "", V2),
];

/// The capabilities of `model`, a bare name such as `gemini-2.5-flash`.
pub(crate) fn capabilities(model: &str) -> ModelCapabilities {
    let version = gemini_version(model).unwrap_or(NEWEST);
    FAMILIES
        .iter()
        .find(|family| {
            model.starts_with(family.starts)
                && version >= family.since
                && model.contains(family.marker)
        })
        .map_or(V1, |family| family.capabilities)
}

/// `gemini-3.5-flash` → (3, 5), `gemini-3-pro` → (3, 0), `gemini-flash-latest` → `None`.
pub(super) fn gemini_version(model: &str) -> Option<(u8, u8)> {
    let version = model.strip_prefix("gemini-")?.split('-').next()?;
    let (major, minor) = version.split_once('.').unwrap_or((version, "0"));
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests;
