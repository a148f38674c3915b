//! How much to think, and whether to show it (§7.1, R1–R3).
//!
//! Anthropic has two dials, `thinking` and `output_config.effort`; Gemini has one. The budget of
//! `thinking` is the more exact wish and wins; without one the effort counts; `disabled` beats both.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::request::Fields;
use crate::{
    invalid_request::{Code, Quoted, Refusal},
    json::{Object, Text},
    prompt::{Amount, Effort, ThinkingWish},
};

/// Smallest `budget_tokens` that Anthropic takes: `ThinkingConfigEnabledParam` of anthropic-python
/// 2.12. Its upper limit, `max_tokens`, does not hold when thinking is interleaved with calls, which
/// only a header says.
const MIN_BUDGET_TOKENS: i64 = 1024;

/// Lets the model choose its budget.
const MODELS_CHOICE: i32 = -1;

#[derive(Debug, Deserialize)]
pub(super) struct Thinking<'a> {
    /// `enabled`, `adaptive`, `between_tools` or `disabled`.
    #[serde(borrow)]
    r#type: Option<Text<'a>>,
    /// Of `enabled`.
    budget_tokens: Option<i64>,
    /// `summarized` or `omitted`.
    display: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct OutputConfig<'a> {
    /// `low`, `medium`, `high`, `xhigh` or `max`.
    #[serde(borrow)]
    effort: Option<Text<'a>>,
    pub(super) format: Option<Object<OutputFormat<'a>>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct OutputFormat<'a> {
    /// `json_schema`
    #[serde(borrow)]
    pub(super) r#type: Option<Text<'a>>,
    pub(super) schema: Option<&'a RawValue>,
}

/// Whether the client knows thinking blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ThinkingBlocks {
    /// It asked for thinking: signatures get blocks of their own where there is no thought.
    Asked,
    /// It did not: there are blocks only if Gemini sends thoughts all the same.
    AsTheyCome,
}

impl ThinkingBlocks {
    /// What the request implies, whether or not it is valid.
    pub(super) fn of(fields: &Fields<'_>) -> Self {
        let kind = fields
            .thinking
            .as_ref()
            .and_then(|thinking| thinking.r#type.as_deref());
        match kind {
            Some("enabled" | "adaptive" | "between_tools") => Self::Asked,
            _ => Self::AsTheyCome,
        }
    }
}

/// What the client wants of thinking.
///
/// # Errors
/// A [`Refusal`] that names the field.
pub(super) fn convert_thinking(fields: &Fields<'_>) -> Result<ThinkingWish, Refusal> {
    let effort = fields
        .output_config
        .as_ref()
        .and_then(|config| config.effort.as_deref())
        .map(read_effort)
        .transpose()?;
    let Some(thinking) = &fields.thinking else {
        return Ok(ThinkingWish {
            amount: effort.map(Amount::Effort),
            // Effort alone is no wish to see thoughts. Without either, it is left to the model's
            // name what is shown.
            include_thoughts: effort.map(|_| false),
        });
    };
    convert(thinking, effort).map_err(|refusal| refusal.within("thinking"))
}

fn convert(thinking: &Thinking<'_>, effort: Option<Effort>) -> Result<ThinkingWish, Refusal> {
    let shown = read_display(thinking.display.as_deref())?;
    let by_effort = effort.map_or(Amount::Budget(MODELS_CHOICE), Amount::Effort);
    let (amount, shown) = match thinking.r#type.as_deref() {
        Some("enabled") => (Amount::Budget(read_budget(thinking.budget_tokens)?), shown),
        Some("adaptive" | "between_tools") => (by_effort, shown),
        Some("disabled") => (Amount::Effort(Effort::None), false),
        Some(kind) => {
            return Err(Refusal::new(
                Code::InvalidValue,
                "type",
                format_args!(
                    "unknown type {}; use `enabled`, `adaptive`, `between_tools` or `disabled`",
                    Quoted(kind)
                ),
            ));
        }
        None => {
            return Err(Refusal::missing(
                "type",
                "`enabled`, `adaptive` or `disabled`",
            ));
        }
    };
    Ok(ThinkingWish {
        amount: Some(amount),
        include_thoughts: Some(shown),
    })
}

fn read_display(display: Option<&str>) -> Result<bool, Refusal> {
    match display {
        None | Some("summarized") => Ok(true),
        Some("omitted") => Ok(false),
        Some(display) => Err(Refusal::new(
            Code::InvalidValue,
            "display",
            format_args!(
                "unknown display {}; use `summarized` or `omitted`",
                Quoted(display)
            ),
        )),
    }
}

fn read_budget(tokens: Option<i64>) -> Result<i32, Refusal> {
    match tokens {
        None => Err(Refusal::missing(
            "budget_tokens",
            "how many tokens thinking may take",
        )),
        Some(tokens) if tokens < MIN_BUDGET_TOKENS => Err(Refusal::new(
            Code::InvalidValue,
            "budget_tokens",
            format_args!("must be at least {MIN_BUDGET_TOKENS}, not {tokens}"),
        )),
        Some(tokens) => Ok(i32::try_from(tokens).unwrap_or(i32::MAX)),
    }
}

fn read_effort(effort: &str) -> Result<Effort, Refusal> {
    match effort {
        "low" => Ok(Effort::Low),
        "medium" => Ok(Effort::Medium),
        "high" => Ok(Effort::High),
        "xhigh" | "max" => Ok(Effort::XHigh),
        _ => Err(Refusal::new(
            Code::InvalidValue,
            "output_config.effort",
            format_args!(
                "unknown effort {}; use `low`, `medium`, `high`, `xhigh` or `max`",
                Quoted(effort)
            ),
        )),
    }
}
