//! How much to think, in all the ways that clients have of saying it (1.5, R1–R3, G25).
//!
//! | field | whose it is | what it says |
//! |---|---|---|
//! | `reasoning_effort` | OpenAI | an effort |
//! | `reasoning` | OpenRouter | an effort or tokens; whether thoughts are shown |
//! | `include_reasoning` | OpenRouter, older | whether thoughts are shown |
//! | `thinking` | Anthropic, and others after it | tokens, or on, off, as the model likes |
//! | `enable_thinking`, `thinking_budget` | Qwen | on or off, tokens |
//! | `google.thinking_config` | Google | tokens or a level; whether thoughts are shown |
//!
//! Two that say the same are fine, two that contradict each other are refused: which of them the
//! client means cannot be known. What a model makes of an amount is not decided here.

use serde::Deserialize;

use super::{google_extra::GoogleSettings, request::Fields};
use crate::{
    gemini::request::ThinkingLevel,
    invalid_request::{Code, Quoted, Refusal},
    json::Text,
    parameters::read_effort,
    prompt::{Amount, Effort, ThinkingWish},
};

/// Tokens that leave the amount to the model.
const DYNAMIC: i32 = -1;

/// OpenRouter's.
#[derive(Debug, Deserialize)]
pub(super) struct Reasoning<'a> {
    #[serde(borrow)]
    effort: Option<Text<'a>>,
    max_tokens: Option<i64>,
    enabled: Option<bool>,
    exclude: Option<bool>,
}

/// Anthropic's.
#[derive(Debug, Deserialize)]
pub(super) struct Thinking<'a> {
    #[serde(borrow)]
    r#type: Option<Text<'a>>,
    budget_tokens: Option<i64>,
}

/// Google's.
#[derive(Debug, Deserialize)]
pub(super) struct ThinkingConfig<'a> {
    #[serde(borrow, alias = "thinkingLevel")]
    thinking_level: Option<Text<'a>>,
    #[serde(alias = "thinkingBudget")]
    thinking_budget: Option<i64>,
    #[serde(alias = "includeThoughts")]
    include_thoughts: Option<bool>,
}

/// Something that was said, and where.
#[derive(Debug)]
struct Said<T> {
    value: Option<(T, String)>,
}

impl<T> Default for Said<T> {
    fn default() -> Self {
        Self { value: None }
    }
}

impl<T: PartialEq> Said<T> {
    fn say(&mut self, path: impl Into<String>, value: Option<T>) -> Result<(), Refusal> {
        let Some(value) = value else {
            return Ok(());
        };
        match &self.value {
            Some((earlier, at)) if *earlier != value => Err(Refusal::new(
                Code::InvalidValue,
                path,
                format_args!("cannot be combined with `{at}`, which says something else"),
            )),
            Some(_) => Ok(()),
            None => {
                self.value = Some((value, path.into()));
                Ok(())
            }
        }
    }
}

/// What has been said so far.
#[derive(Debug, Default)]
struct Wish {
    amount: Said<Amount>,
    shown: Said<bool>,
    /// Thinking was turned on, which shows thoughts unless something else says not to.
    turned_on: bool,
}

/// # Errors
/// A [`Refusal`] that names the field: for unknown words, amounts out of range, and contradictions.
pub(super) fn convert_thinking(
    fields: &Fields<'_>,
    google: &GoogleSettings<'_>,
) -> Result<ThinkingWish, Refusal> {
    let mut wish = Wish::default();
    let effort = fields.reasoning_effort.as_deref();
    let effort = read_effort(effort, "reasoning_effort")?.map(Amount::Effort);
    wish.amount.say("reasoning_effort", effort)?;
    wish.read_openrouter(fields)?;
    wish.read_anthropic(fields)?;
    wish.read_qwen(fields)?;
    if let Some((path, config)) = &google.thinking {
        wish.read_google(path, config)?;
    }
    let shown = wish.shown.value.map(|(shown, _)| shown);
    Ok(ThinkingWish {
        amount: wish.amount.value.map(|(amount, _)| amount),
        include_thoughts: shown.or(wish.turned_on.then_some(true)),
    })
}

impl Wish {
    fn read_openrouter(&mut self, fields: &Fields<'_>) -> Result<(), Refusal> {
        if let Some(reasoning) = fields.reasoning.as_deref() {
            let effort = read_effort(reasoning.effort.as_deref(), "reasoning.effort")?;
            self.amount
                .say("reasoning.effort", effort.map(Amount::Effort))?;
            let tokens = read_tokens(reasoning.max_tokens, "reasoning.max_tokens", 0)?;
            self.amount.say("reasoning.max_tokens", tokens)?;
            self.turn("reasoning.enabled", reasoning.enabled)?;
            let shown = reasoning.exclude.map(|exclude| !exclude);
            self.shown.say("reasoning.exclude", shown)?;
        }
        self.shown
            .say("include_reasoning", fields.include_reasoning)
    }

    fn read_anthropic(&mut self, fields: &Fields<'_>) -> Result<(), Refusal> {
        let Some(thinking) = fields.thinking.as_deref() else {
            return Ok(());
        };
        let tokens = read_tokens(thinking.budget_tokens, "thinking.budget_tokens", 0)?;
        match thinking.r#type.as_deref() {
            Some("enabled") => {
                self.turned_on = true;
                self.amount.say("thinking.budget_tokens", tokens)
            }
            Some("adaptive" | "auto") => {
                self.turned_on = true;
                let amount = Some(Amount::Budget(DYNAMIC));
                self.amount.say("thinking.type", amount)
            }
            Some("disabled") => self.turn("thinking.type", Some(false)),
            Some(kind) => Err(Refusal::new(
                Code::InvalidValue,
                "thinking.type",
                format_args!(
                    "unknown type {}; use one of `enabled`, `disabled`, `adaptive`, `auto`",
                    Quoted(kind)
                ),
            )),
            None => Err(Refusal::missing(
                "thinking.type",
                "`enabled`, `disabled` or `adaptive`",
            )),
        }
    }

    /// A budget beside thinking that is off is what a form still holds, not a contradiction.
    fn read_qwen(&mut self, fields: &Fields<'_>) -> Result<(), Refusal> {
        let tokens = read_tokens(fields.thinking_budget, "thinking_budget", DYNAMIC)?;
        self.turn("enable_thinking", fields.enable_thinking)?;
        let tokens = tokens.filter(|_| fields.enable_thinking != Some(false));
        self.amount.say("thinking_budget", tokens)
    }

    fn read_google(&mut self, path: &str, config: &ThinkingConfig<'_>) -> Result<(), Refusal> {
        let at = |field: &str| format!("{path}.{field}");
        let budget = at("thinking_budget");
        let tokens = read_tokens(config.thinking_budget, &budget, DYNAMIC)?;
        self.amount.say(budget, tokens)?;
        let level = read_level(config.thinking_level.as_deref())
            .map_err(|refusal| refusal.within(at("thinking_level")))?;
        self.amount.say(at("thinking_level"), level)?;
        self.shown
            .say(at("include_thoughts"), config.include_thoughts)
    }

    fn turn(&mut self, path: &str, on: Option<bool>) -> Result<(), Refusal> {
        self.turned_on |= on == Some(true);
        let off = (on == Some(false)).then_some(Amount::Effort(Effort::None));
        self.amount.say(path, off)
    }
}

fn read_tokens(tokens: Option<i64>, path: &str, least: i32) -> Result<Option<Amount>, Refusal> {
    let Some(tokens) = tokens else {
        return Ok(None);
    };
    match i32::try_from(tokens) {
        Ok(tokens) if tokens >= least => Ok(Some(Amount::Budget(tokens))),
        _ => Err(Refusal::new(
            Code::InvalidValue,
            path,
            format_args!("must be between {least} and {}, not {tokens}", i32::MAX),
        )),
    }
}

fn read_level(level: Option<&str>) -> Result<Option<Amount>, Refusal> {
    const LEVELS: [(&str, ThinkingLevel); 4] = [
        ("minimal", ThinkingLevel::Minimal),
        ("low", ThinkingLevel::Low),
        ("medium", ThinkingLevel::Medium),
        ("high", ThinkingLevel::High),
    ];
    let Some(level) = level else {
        return Ok(None);
    };
    let mut known = LEVELS.iter();
    match known.find(|(name, _)| name.eq_ignore_ascii_case(level)) {
        Some((_, level)) => Ok(Some(Amount::Level(*level))),
        None => Err(Refusal::new(
            Code::InvalidValue,
            "",
            format_args!(
                "unknown level {}; use one of `minimal`, `low`, `medium`, `high`",
                Quoted(level)
            ),
        )),
    }
}
