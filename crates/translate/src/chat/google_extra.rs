//! Settings of Google's own: the `google` object, `extra_body` and `safety_settings` (G23–G25).
//!
//! Clients put them in several places, since OpenAI's SDKs merge `extra_body` into the body and
//! Google's examples nest one inside it. Each setting may be given in one place only. Names are
//! taken in both of Google's spellings (U4).

use std::borrow::Cow;

use serde::Deserialize;

use super::{
    output_media::{ImageSettings, convert_image_settings},
    reasoning::ThinkingConfig,
    request::Fields,
    safety::{SafetyList, convert_safety},
};
use crate::{
    gemini::request::{ImageConfig, SafetySetting},
    invalid_request::{Code, Quoted, Refusal},
    json::{Object, Text, UnusedText},
};

/// How Gemini names caches.
const CACHE: &str = "cachedContents/";

/// Longest id of a cache, in bytes: `cachedContents/` and up to 40 characters, as
/// <https://ai.google.dev/api/caching> has it (November 2026).
const MAX_CACHE_ID: usize = 40;

#[derive(Debug, Deserialize)]
pub(super) struct Google<'a> {
    #[serde(borrow, alias = "cachedContent")]
    cached_content: Option<Text<'a>>,
    #[serde(alias = "thinkingConfig")]
    thinking_config: Option<Object<ThinkingConfig<'a>>>,
    #[serde(alias = "safetySettings")]
    safety_settings: Option<SafetyList<'a>>,
    #[serde(alias = "imageConfig")]
    image_config: Option<Object<ImageSettings<'a>>>,
    #[serde(rename = "thought_tag_marker")]
    _thought_tag_marker: Option<UnusedText>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ExtraBody<'a> {
    #[serde(borrow)]
    google: Option<Object<Google<'a>>>,
    #[serde(alias = "safetySettings")]
    safety_settings: Option<SafetyList<'a>>,
}

/// Google's settings, from wherever they were.
#[derive(Debug, Default)]
pub(super) struct GoogleSettings<'a> {
    pub(super) cached_content: Option<Cow<'a, str>>,
    pub(super) safety: Vec<SafetySetting<'a>>,
    pub(super) image: ImageConfig,
    /// With the path of the object.
    pub(super) thinking: Option<(String, &'a ThinkingConfig<'a>)>,
}

/// # Errors
/// A [`Refusal`] that names the field: for what makes no sense, and what is given twice.
pub(super) fn convert_google<'a>(fields: &'a Fields<'_>) -> Result<GoogleSettings<'a>, Refusal> {
    let extra = fields.extra_body.as_deref();
    let nested = extra.and_then(|extra| extra.google.as_deref());
    let mut objects = Vec::new();
    objects.extend(fields.google.as_deref().map(|google| ("google", google)));
    objects.extend(nested.map(|google| ("extra_body.google", google)));

    let cache = inside(&objects, "cached_content", |google| {
        google.cached_content.as_deref()
    });
    let image = inside(&objects, "image_config", |google| {
        google.image_config.as_deref()
    });
    let direct = fields.image_config.as_deref();
    let image = at("image_config", direct).chain(image);

    let safety = inside(&objects, "safety_settings", |google| {
        google.safety_settings.as_ref()
    });
    let direct = at("safety_settings", fields.safety_settings.as_ref());
    let within_extra = extra.and_then(|extra| extra.safety_settings.as_ref());
    let safety = direct
        .chain(at("extra_body.safety_settings", within_extra))
        .chain(safety);

    let thinking = inside(&objects, "thinking_config", |google| {
        google.thinking_config.as_deref()
    });
    Ok(GoogleSettings {
        cached_content: convert(only(cache)?, check_cache)?,
        safety: convert(only(safety)?, convert_safety)?.unwrap_or_default(),
        image: convert(only(image)?, convert_image_settings)?.unwrap_or_default(),
        thinking: only(thinking)?,
    })
}

/// A setting of the body, with its path.
fn at<T>(path: &str, setting: Option<T>) -> impl Iterator<Item = (String, T)> {
    setting
        .map(|setting| (path.to_owned(), setting))
        .into_iter()
}

/// A setting of the `google` objects, with its path.
fn inside<'a, T>(
    objects: &[(&'static str, &'a Google<'a>)],
    field: &str,
    pick: impl Fn(&'a Google<'a>) -> Option<T>,
) -> impl Iterator<Item = (String, T)> {
    objects.iter().filter_map(move |(path, google)| {
        let setting = pick(google)?;
        Some((format!("{path}.{field}"), setting))
    })
}

/// The one that is there.
fn only<T>(mut present: impl Iterator<Item = (String, T)>) -> Result<Option<(String, T)>, Refusal> {
    let first = present.next();
    if let (Some((earlier, _)), Some((path, _))) = (&first, present.next()) {
        return Err(Refusal::new(
            Code::InvalidValue,
            path,
            format_args!("is given already, as `{earlier}`"),
        ));
    }
    Ok(first)
}

fn convert<T, U>(
    found: Option<(String, T)>,
    read: impl FnOnce(T) -> Result<U, Refusal>,
) -> Result<Option<U>, Refusal> {
    let read = found.map(|(path, value)| read(value).map_err(|refusal| refusal.within(path)));
    read.transpose()
}

fn check_cache(name: &str) -> Result<Cow<'_, str>, Refusal> {
    let id = name.strip_prefix(CACHE).unwrap_or_default();
    let is_id = (1..=MAX_CACHE_ID).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if is_id {
        return Ok(Cow::Borrowed(name));
    }
    Err(Refusal::new(
        Code::InvalidValue,
        "",
        format_args!(
            "{} is not the name of a cache; it looks like `cachedContents/abc123`",
            Quoted(name)
        ),
    ))
}
