//! How much to think, in the one way that the model understands (table 1.5, R1–R3).
//!
//! Clients say it as an effort, a budget or a level, and by the model's name. The numbers between
//! them are those of Google's own OpenAI endpoint
//! (<https://ai.google.dev/gemini-api/docs/openai#thinking>, 2026-11-21).

use crate::{
    gemini::request::{ThinkingConfig, ThinkingLevel},
    model::{Thinking, ThinkingBudget, ThinkingLevels, ThinkingOverride, Thoughts},
    prompt::{Amount, Effort, ThinkingWish},
};

/// Tokens that stand for the levels, and the other way round.
const LOW_TOKENS: i32 = 1_024;
const MEDIUM_TOKENS: i32 = 8_192;
const HIGH_TOKENS: i32 = 24_576;

/// A budget that leaves the amount to the model.
const DYNAMIC: i32 = -1;

/// `None` sends nothing: nothing is wished, or the model would refuse to be told.
pub(super) fn fit(
    wish: ThinkingWish,
    by_name: Option<ThinkingOverride>,
    thinking: Thinking,
) -> Option<ThinkingConfig> {
    let amount = by_name.map(convert_override).or(wish.amount);
    // Thoughts are for who asked for thinking; asking for them costs nothing (R2).
    let include = wish.include_thoughts.or_else(|| {
        amount
            .is_some_and(|amount| !is_none(amount))
            .then_some(true)
    });
    let config = match thinking {
        Thinking::Unsupported => return None,
        Thinking::Budget(range) => by_budget(amount, include, range),
        Thinking::Level(levels) => by_level(amount, include, levels),
    };
    (config != ThinkingConfig::default()).then_some(config)
}

/// What the name says, in the words of a request.
fn convert_override(by_name: ThinkingOverride) -> Amount {
    match by_name {
        ThinkingOverride::Off => Amount::Effort(Effort::None),
        ThinkingOverride::On => Amount::Budget(DYNAMIC),
        ThinkingOverride::Budget(tokens) => {
            Amount::Budget(i32::try_from(tokens).unwrap_or(i32::MAX))
        }
        ThinkingOverride::Low => Amount::Effort(Effort::Low),
        ThinkingOverride::Medium => Amount::Effort(Effort::Medium),
        ThinkingOverride::High => Amount::Effort(Effort::High),
    }
}

fn is_none(amount: Amount) -> bool {
    matches!(amount, Amount::Effort(Effort::None) | Amount::Budget(0))
}

fn by_budget(
    amount: Option<Amount>,
    include: Option<bool>,
    range: ThinkingBudget,
) -> ThinkingConfig {
    let tokens = amount.map(|amount| match amount {
        Amount::Effort(effort) => match effort {
            Effort::None => range.off,
            Effort::Minimal | Effort::Low => LOW_TOKENS,
            Effort::Medium => MEDIUM_TOKENS,
            Effort::High => HIGH_TOKENS,
            Effort::XHigh => range.max,
        },
        Amount::Budget(DYNAMIC) => DYNAMIC,
        Amount::Budget(0) => range.off,
        Amount::Budget(tokens) => tokens.clamp(range.min, range.max),
        Amount::Level(level) => match level {
            ThinkingLevel::Minimal | ThinkingLevel::Low => LOW_TOKENS,
            ThinkingLevel::Medium => MEDIUM_TOKENS,
            ThinkingLevel::High => HIGH_TOKENS,
        },
    });
    ThinkingConfig {
        // Where nothing is thought nothing can be shown, and Gemini refuses to be asked for it.
        include_thoughts: include.filter(|include| !include || tokens != Some(0)),
        thinking_level: None,
        thinking_budget: tokens,
    }
}

fn by_level(
    amount: Option<Amount>,
    include: Option<bool>,
    levels: ThinkingLevels,
) -> ThinkingConfig {
    let wanted = amount.and_then(|amount| match amount {
        Amount::Effort(effort) => Some(match effort {
            // No level stops it; the least comes nearest (R3).
            Effort::None | Effort::Minimal => ThinkingLevel::Minimal,
            Effort::Low => ThinkingLevel::Low,
            Effort::Medium => ThinkingLevel::Medium,
            Effort::High | Effort::XHigh => ThinkingLevel::High,
        }),
        Amount::Budget(tokens) => nearest_level(tokens),
        Amount::Level(level) => Some(level),
    });
    // A level that the model lacks becomes the next higher one, so that nobody gets less thought
    // than asked for.
    let level = wanted.and_then(|wanted| {
        let enough = levels.levels.iter().find(|level| **level >= wanted);
        enough.or(levels.levels.last()).copied()
    });
    ThinkingConfig {
        include_thoughts: match levels.thoughts {
            Thoughts::Shown => include,
            Thoughts::Hidden => None,
        },
        thinking_level: level,
        thinking_budget: None,
    }
}

/// The level whose tokens come nearest; `None` leaves it to the model.
fn nearest_level(tokens: i32) -> Option<ThinkingLevel> {
    const LOW_TO_MEDIUM: i32 = i32::midpoint(LOW_TOKENS, MEDIUM_TOKENS);
    const MEDIUM_TO_HIGH: i32 = i32::midpoint(MEDIUM_TOKENS, HIGH_TOKENS);
    let level = match tokens {
        0 => ThinkingLevel::Minimal,
        tokens if tokens <= LOW_TO_MEDIUM => ThinkingLevel::Low,
        tokens if tokens <= MEDIUM_TO_HIGH => ThinkingLevel::Medium,
        _ => ThinkingLevel::High,
    };
    (tokens >= 0).then_some(level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::capabilities;

    fn config(model: &str, wish: ThinkingWish, by_name: Option<ThinkingOverride>) -> String {
        let fitted = fit(wish, by_name, capabilities(model).thinking);
        fitted.map_or_else(String::new, |config| {
            serde_json::to_string(&config).unwrap()
        })
    }

    fn check(model: &str, amount: Amount, expected: &str) {
        let wish = ThinkingWish {
            amount: Some(amount),
            include_thoughts: Some(false),
        };
        let expected = match expected.parse::<i32>() {
            Ok(budget) => format!(r#"{{"includeThoughts":false,"thinkingBudget":{budget}}}"#),
            Err(_) if expected.is_empty() => String::new(),
            Err(_) => format!(r#"{{"includeThoughts":false,"thinkingLevel":"{expected}"}}"#),
        };
        assert_eq!(config(model, wish, None), expected, "{model} {amount:?}");
    }

    #[test]
    fn efforts_become_what_google_makes_of_them_table_1_5() {
        use Effort::{High, Low, Medium, Minimal, None, XHigh};
        const EFFORTS: [Effort; 6] = [None, Minimal, Low, Medium, High, XHigh];
        let minimal = ["MINIMAL", "MINIMAL", "LOW", "MEDIUM", "HIGH", "HIGH"];
        let low = ["LOW", "LOW", "LOW", "MEDIUM", "HIGH", "HIGH"];
        for (model, row) in [
            (
                "gemini-2.5-flash",
                ["0", "1024", "1024", "8192", "24576", "24576"],
            ),
            (
                "gemini-2.5-flash-lite",
                ["0", "1024", "1024", "8192", "24576", "24576"],
            ),
            (
                "gemini-2.5-pro",
                ["128", "1024", "1024", "8192", "24576", "32768"],
            ),
            ("gemini-3-flash-preview", minimal),
            ("gemini-3.1-flash-lite", minimal),
            ("gemini-3.5-flash", minimal),
            ("gemini-3.6-flash-lite", minimal),
            (
                "gemini-3-pro-preview",
                ["LOW", "LOW", "LOW", "HIGH", "HIGH", "HIGH"],
            ),
            ("gemini-3.1-pro-preview", low),
            ("gemini-3.8-flash", low),
            ("gemini-4-argon", low),
            ("gemini-flash-latest", low),
            ("gemini-2.0-flash", [""; 6]),
            ("gemini-2.5-flash-preview-tts", [""; 6]),
            ("gemini-3.1-flash-image", [""; 6]),
            ("gemma-3-27b-it", [""; 6]),
        ] {
            for (effort, expected) in EFFORTS.into_iter().zip(row) {
                check(model, Amount::Effort(effort), expected);
            }
        }
    }

    #[test]
    fn budgets_are_kept_in_range_or_become_the_nearest_level_g25() {
        const MODELS: [&str; 4] = [
            "gemini-2.5-flash-lite",
            "gemini-2.5-pro",
            "gemini-3-flash-preview",
            "gemini-3.8-flash",
        ];
        for (budget, row) in [
            (0, ["0", "128", "MINIMAL", "LOW"]),
            (1, ["512", "128", "LOW", "LOW"]),
            (1_024, ["1024", "1024", "LOW", "LOW"]),
            (4_608, ["4608", "4608", "LOW", "LOW"]),
            (4_609, ["4609", "4609", "MEDIUM", "MEDIUM"]),
            (16_384, ["16384", "16384", "MEDIUM", "MEDIUM"]),
            (16_385, ["16385", "16385", "HIGH", "HIGH"]),
            (i32::MAX, ["24576", "32768", "HIGH", "HIGH"]),
        ] {
            for (model, expected) in MODELS.into_iter().zip(row) {
                check(model, Amount::Budget(budget), expected);
            }
        }
        check("gemini-2.5-pro", Amount::Budget(-1), "-1");
        let wish = ThinkingWish {
            amount: Some(Amount::Budget(-1)),
            include_thoughts: None,
        };
        assert_eq!(
            config("gemini-3.8-flash", wish, None),
            r#"{"includeThoughts":true}"#
        );
    }

    #[test]
    fn levels_become_budgets_before_3_g25() {
        use ThinkingLevel::{High, Low, Medium, Minimal};
        for (level, budget, three) in [
            (Minimal, "1024", "LOW"),
            (Low, "1024", "LOW"),
            (Medium, "8192", "HIGH"),
            (High, "24576", "HIGH"),
        ] {
            check("gemini-2.5-flash", Amount::Level(level), budget);
            check("gemini-3-pro-preview", Amount::Level(level), three);
        }
    }

    #[test]
    fn thoughts_are_shown_to_who_asks_for_thinking_r2() {
        use Amount::{Budget, Effort as Of};
        for (amount, include, expected) in [
            (None, None, ""),
            (None, Some(true), r#"{"includeThoughts":true}"#),
            (None, Some(false), r#"{"includeThoughts":false}"#),
            (
                Some(Of(Effort::Low)),
                None,
                r#"{"includeThoughts":true,"thinkingBudget":1024}"#,
            ),
            (
                Some(Of(Effort::Low)),
                Some(false),
                r#"{"includeThoughts":false,"thinkingBudget":1024}"#,
            ),
            (Some(Of(Effort::None)), None, r#"{"thinkingBudget":0}"#),
            (Some(Budget(0)), None, r#"{"thinkingBudget":0}"#),
            (
                Some(Of(Effort::None)),
                Some(true),
                r#"{"thinkingBudget":0}"#,
            ),
        ] {
            let wish = ThinkingWish {
                amount,
                include_thoughts: include,
            };
            assert_eq!(config("gemini-2.5-flash", wish, None), expected, "{wish:?}");
        }
        let shown = ThinkingWish {
            amount: Some(Of(Effort::High)),
            include_thoughts: Some(true),
        };
        assert_eq!(
            config("gemma-4-31b-it", shown, None),
            r#"{"thinkingLevel":"HIGH"}"#
        );
    }

    #[test]
    fn what_the_name_says_wins() {
        let wish = ThinkingWish {
            amount: Some(Amount::Effort(Effort::High)),
            include_thoughts: None,
        };
        for (model, by_name, expected) in [
            (
                "gemini-2.5-flash",
                ThinkingOverride::Off,
                r#"{"thinkingBudget":0}"#,
            ),
            (
                "gemini-2.5-pro",
                ThinkingOverride::Off,
                r#"{"thinkingBudget":128}"#,
            ),
            (
                "gemini-2.5-pro",
                ThinkingOverride::On,
                r#"{"includeThoughts":true,"thinkingBudget":-1}"#,
            ),
            (
                "gemini-2.5-pro",
                ThinkingOverride::Budget(u32::MAX),
                r#"{"includeThoughts":true,"thinkingBudget":32768}"#,
            ),
            (
                "gemini-3.8-flash",
                ThinkingOverride::On,
                r#"{"includeThoughts":true}"#,
            ),
            (
                "gemini-3.8-flash",
                ThinkingOverride::Low,
                r#"{"includeThoughts":true,"thinkingLevel":"LOW"}"#,
            ),
            (
                "gemini-3.8-flash",
                ThinkingOverride::Off,
                r#"{"thinkingLevel":"LOW"}"#,
            ),
            ("gemini-2.0-flash", ThinkingOverride::High, ""),
        ] {
            assert_eq!(
                config(model, wish, Some(by_name)),
                expected,
                "{model} {by_name:?}"
            );
        }
    }
}
