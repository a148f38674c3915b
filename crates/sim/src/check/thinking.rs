//! `thinkingConfig`: what each generation takes, and never two wishes at once (R1).

use serde_json::Value;

use super::{Asked, Checked};
use crate::model_traits::{Kind, Thinking};
use crate::refusal;

/// The model chooses how much to think.
const DYNAMIC: i64 = -1;

pub(super) fn check(asked: Asked<'_>) -> Checked {
    let Some(config) = asked.body.pointer("/generationConfig/thinkingConfig") else {
        return Ok(());
    };
    let level = config.get("thinkingLevel").and_then(Value::as_str);
    let level = level.filter(|level| *level != "THINKING_LEVEL_UNSPECIFIED");
    let budget = config.get("thinkingBudget").and_then(Value::as_i64);
    let is_wished = config.as_object().is_some_and(|config| !config.is_empty());
    match (asked.model.thinking(), level, budget) {
        (Thinking::None, _, _) if !is_wished => Ok(()),
        (Thinking::None, _, _) => Err(match asked.model.kind {
            Kind::Chat => refusal::thinking_unsupported(),
            _ => refusal::not_enabled("Thinking", asked.model.name),
        }),
        (Thinking::Budget { .. }, Some(_), _) => Err(refusal::thinking_level_unsupported()),
        (_, Some(_), Some(_)) => Err(refusal::thinking_level_and_budget()),
        (
            Thinking::Budget {
                least,
                most,
                can_be_off,
                ..
            },
            None,
            Some(budget),
        ) => match budget {
            DYNAMIC => Ok(()),
            0 if can_be_off => Ok(()),
            0 => Err(refusal::thinking_cannot_be_off()),
            budget if (least..=most).contains(&budget) => Ok(()),
            budget => Err(refusal::thinking_budget_out_of_range(budget, least, most)),
        },
        (Thinking::LevelOrBudget { has_minimal: true }, Some("MINIMAL"), None) => Ok(()),
        (
            Thinking::LevelOrBudget { .. } | Thinking::LevelOnly,
            Some(level @ ("MINIMAL" | "XHIGH")),
            None,
        ) => Err(refusal::thinking_level_not_of_model(level)),
        (Thinking::LevelOnly, None, Some(_)) => Err(refusal::thinking_budget_unsupported()),
        // Reported of models that cannot be kept from thinking.
        (Thinking::LevelOrBudget { has_minimal: false }, None, Some(0)) => Err(refusal::opaque()),
        (Thinking::LevelOrBudget { .. }, None, Some(budget)) if budget < DYNAMIC => {
            Err(refusal::opaque())
        }
        (_, _, _) => Ok(()),
    }
}
