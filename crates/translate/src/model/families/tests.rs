//! Rows of the table, by the rules they come from.

use super::*;

/// One model of every kind, old to new.
const FLASH_1_5: &str = "gemini-1.5-flash";
const FLASH_2: &str = "gemini-2.0-flash";
const FLASH_2_5: &str = "gemini-2.5-flash";
const PRO_3: &str = "gemini-3-pro-preview";
const FLASH_3_8: &str = "gemini-3.8-flash";

#[test]
fn late_models_fix_sampling_g2_and_refuse_prefill_m11() {
    // (model, sampling fixed, user must speak last)
    for (model, fixed, user_last) in [
        (FLASH_2_5, false, false),
        (PRO_3, false, false),
        ("gemini-3.1-flash-lite", false, false),
        ("gemini-3.5-flash", false, true),
        ("gemini-3.5-flash-lite", true, true),
        ("gemini-3.6-flash", true, true),
        (FLASH_3_8, true, true),
        ("gemini-4-argon", true, true),
        ("gemini-5.1-neon", true, true),
        ("gemini-flash-latest", true, true),
        ("nano-banana-2.1", true, true),
        ("whatever-comes-next", true, true),
        ("gemma-3-27b-it", false, false),
        ("gemma-4-31b-it", false, false),
    ] {
        let found = capabilities(model);
        assert_eq!(found.sampling == Sampling::Fixed, fixed, "{model}");
        assert_eq!(found.last_turn == LastTurn::UserOnly, user_last, "{model}");
    }
}

#[test]
fn knows_output_limits_of_known_families_only_g1() {
    for (model, unary, streaming) in [
        (FLASH_2, Some(8_192), Some(8_192)),
        ("gemini-2.5-pro", Some(65_536), Some(65_536)),
        ("gemini-2.5-flash-image", Some(32_768), Some(32_768)),
        (
            "gemini-2.0-flash-exp-image-generation",
            Some(8_192),
            Some(8_192),
        ),
        ("gemini-2.5-flash-preview-tts", Some(16_384), Some(16_384)),
        (FLASH_3_8, Some(65_536), Some(65_536)),
        ("gemini-4-argon", Some(32_768), Some(65_536)),
        ("gemini-5-neon", None, None),
        ("gemini-flash-latest", None, None),
        ("gemma-3n-e4b-it", Some(2_048), Some(2_048)),
        ("gemma-3-27b-it", Some(8_192), Some(8_192)),
    ] {
        let limits = capabilities(model).output_tokens;
        assert_eq!(limits.map(|limit| limit.unary), unary, "{model}");
        assert_eq!(limits.map(|limit| limit.streaming), streaming, "{model}");
    }
}

#[test]
fn thinking_is_by_budget_on_2_5_and_by_level_since_3_table_1_5() {
    for (model, expected) in [
        (FLASH_1_5, Thinking::Unsupported),
        (FLASH_2, Thinking::Unsupported),
        ("gemini-2.0-flash-thinking-exp", Thinking::Unsupported),
        (FLASH_2_5, budget(1, 24_576, 0)),
        ("gemini-2.5-flash-lite", budget(512, 24_576, 0)),
        ("gemini-2.5-pro", budget(128, 32_768, 128)),
        ("gemini-robotics-er-1.5-preview", budget(1, 24_576, 0)),
        ("gemini-3-flash-preview", MINIMAL),
        ("gemini-3.1-flash-lite", MINIMAL),
        ("gemini-3.5-flash", MINIMAL),
        ("gemini-3.6-flash-lite", MINIMAL),
        (PRO_3, levels(&[Low, High])),
        ("gemini-3.1-pro-preview", levels(&[Low, Medium, High])),
        ("gemini-3.7-flash", levels(&[Low, Medium, High])),
        (FLASH_3_8, levels(&[Low, Medium, High])),
        ("gemini-4-argon", levels(&[Low, Medium, High])),
        ("gemini-pro-latest", levels(&[Low, Medium, High])),
        ("gemma-3-27b-it", Thinking::Unsupported),
        ("gemini-2.5-flash-preview-tts", Thinking::Unsupported),
        ("gemini-3.1-flash-image", Thinking::Unsupported),
        ("nano-banana-pro-preview", Thinking::Unsupported),
    ] {
        assert_eq!(capabilities(model).thinking, expected, "{model}");
    }
    assert!(matches!(
        capabilities("gemma-4-31b-it").thinking,
        Thinking::Level(ThinkingLevels {
            thoughts: Thoughts::Hidden,
            ..
        })
    ));
}

#[test]
fn signatures_are_required_since_3_but_not_of_gemma_s3() {
    for (model, expected) in [
        (FLASH_2, Signatures::Unsupported),
        (FLASH_2_5, Signatures::Optional),
        (PRO_3, Signatures::OnCalls),
        (FLASH_3_8, Signatures::OnCalls),
        ("gemini-flash-lite-latest", Signatures::OnCalls),
        ("gemini-2.5-flash-image", Signatures::Unsupported),
        ("gemini-3-pro-image-preview", Signatures::OnEveryPart),
        ("nano-banana-2.1", Signatures::OnEveryPart),
        ("gemini-3.8-flash-tts", Signatures::Unsupported),
        ("gemma-3-27b-it", Signatures::Unsupported),
        ("gemma-4-31b-it", Signatures::Unsupported),
    ] {
        assert_eq!(capabilities(model).signatures, expected, "{model}");
    }
}

/// Everything that changed once, with a generation.
#[test]
fn generations_differ_as_the_rules_say() {
    // (model, T3, T6, G5, G9, G18, T15, P9, P5, P3)
    let row = |model| {
        let found = capabilities(model);
        (
            found.schemas == Schemas::Json,
            found.validated_calls == ValidatedCalls::Supported,
            found.candidates,
            found.logprobs == Logprobs::Accepted,
            found.json_mode == JsonMode::Always,
            found.google_tools == GoogleTools::WithFunctions,
            found.result_images == ResultImages::InResult,
            found.media_resolution,
            found.web_files == WebFiles::Fetched,
        )
    };
    use ResolutionPlace::{Part, Request, Unsupported};
    let old = (
        false,
        false,
        8,
        true,
        false,
        false,
        false,
        Unsupported,
        false,
    );
    let second = (true, false, 8, true, false, false, false, Request, false);
    let fifth = (true, true, 8, false, false, false, false, Request, true);
    let third = (true, true, 1, false, true, true, true, Part, true);
    let gemma = (
        false,
        false,
        1,
        false,
        false,
        false,
        false,
        Unsupported,
        false,
    );
    for (model, expected) in [
        ("gemini-1.0-pro", old),
        (FLASH_1_5, old),
        (FLASH_2, second),
        (FLASH_2_5, fifth),
        ("gemini-2.5-computer-use-preview-10-2025", fifth),
        (PRO_3, third),
        (FLASH_3_8, third),
        ("gemini-flash-latest", third),
        ("unheard-of", third),
        ("gemma-3-27b-it", gemma),
        ("gemma-4-31b-it", gemma),
    ] {
        assert_eq!(row(model), expected, "{model}");
    }
}

#[test]
fn speech_and_image_models_are_known_by_name_g19_g20() {
    for (model, output, instructions) in [
        (FLASH_3_8, Output::Text, Instructions::System),
        (
            "gemini-2.5-flash-image",
            Output::Images,
            Instructions::System,
        ),
        (
            "gemini-3.1-flash-lite-image",
            Output::Images,
            Instructions::System,
        ),
        (
            "nano-banana-pro-preview",
            Output::Images,
            Instructions::System,
        ),
        (
            "gemini-2.0-flash-preview-image-generation",
            Output::Images,
            Instructions::Prompt,
        ),
        (
            "gemini-2.5-pro-preview-tts",
            Output::Speech,
            Instructions::Prompt,
        ),
        ("gemini-3.8-flash-tts", Output::Speech, Instructions::Prompt),
        ("gemma-3-27b-it", Output::Text, Instructions::Prompt),
        ("gemma-4-31b-it", Output::Text, Instructions::System),
    ] {
        let found = capabilities(model);
        assert_eq!(
            (found.output, found.instructions),
            (output, instructions),
            "{model}"
        );
    }
}

#[test]
fn every_family_with_levels_has_one() {
    for family in FAMILIES {
        if let Thinking::Level(levels) = family.capabilities.thinking {
            assert!(levels.levels.is_sorted_by_key(|level| *level as u8));
            assert!(!levels.levels.is_empty());
        }
    }
}
