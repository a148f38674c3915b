//! Safety settings of a client (G23).
//!
//! What a deployment sets for clients that set none is not known here.

use std::borrow::Cow;

use serde::Deserialize;

use crate::{
    gemini::request::SafetySetting,
    invalid_request::{Code, Quoted, Refusal},
    json::{Bounded, Object, Text},
};

/// Categories and thresholds that Gemini takes
/// (<https://ai.google.dev/api/generate-content#harmcategory>, November 2026).
const CATEGORIES: &[&str] = &[
    "HARM_CATEGORY_HARASSMENT",
    "HARM_CATEGORY_HATE_SPEECH",
    "HARM_CATEGORY_SEXUALLY_EXPLICIT",
    "HARM_CATEGORY_DANGEROUS_CONTENT",
    "HARM_CATEGORY_CIVIC_INTEGRITY",
];
const THRESHOLDS: &[&str] = &[
    "OFF",
    "BLOCK_NONE",
    "BLOCK_ONLY_HIGH",
    "BLOCK_MEDIUM_AND_ABOVE",
    "BLOCK_LOW_AND_ABOVE",
];

/// Most settings: one more than there are categories is refused by name below, and more than this
/// is not read.
const MAX_SETTINGS: usize = 16;

/// What `safety_settings` is.
pub(super) type SafetyList<'a> = Bounded<Object<Setting<'a>>, MAX_SETTINGS>;

#[derive(Debug, Deserialize)]
pub(super) struct Setting<'a> {
    #[serde(borrow)]
    category: Option<Text<'a>>,
    threshold: Option<Text<'a>>,
}

/// # Errors
/// A [`Refusal`] whose path is relative to the list. Gemini refuses a repeated category, so it is
/// refused here, by name.
pub(super) fn convert_safety<'a>(
    list: &'a SafetyList<'_>,
) -> Result<Vec<SafetySetting<'a>>, Refusal> {
    let mut settings: Vec<SafetySetting<'_>> = Vec::with_capacity(list.len());
    for (index, setting) in list.iter().enumerate() {
        let setting = convert_setting(setting, &settings)
            .map_err(|refusal| refusal.within(format_args!("[{index}]")))?;
        settings.push(setting);
    }
    Ok(settings)
}

fn convert_setting<'a>(
    setting: &'a Setting<'_>,
    earlier: &[SafetySetting<'_>],
) -> Result<SafetySetting<'a>, Refusal> {
    let category = known("category", setting.category.as_deref(), CATEGORIES)?;
    let threshold = known("threshold", setting.threshold.as_deref(), THRESHOLDS)?;
    if earlier.iter().any(|earlier| earlier.category == category) {
        return Err(Refusal::new(
            Code::InvalidValue,
            "category",
            format_args!("{} is set twice", Quoted(category)),
        ));
    }
    Ok(SafetySetting {
        category: Cow::Borrowed(category),
        threshold: Cow::Borrowed(threshold),
    })
}

fn known<'a>(field: &str, value: Option<&'a str>, list: &[&str]) -> Result<&'a str, Refusal> {
    let list_of = || list.join("`, `");
    match value {
        Some(value) if list.contains(&value) => Ok(value),
        Some(value) => Err(Refusal::new(
            Code::InvalidValue,
            field,
            format_args!(
                "unknown {field} {}; use one of `{}`",
                Quoted(value),
                list_of()
            ),
        )),
        None => Err(Refusal::missing(
            field,
            format_args!("one of `{}`", list_of()),
        )),
    }
}
