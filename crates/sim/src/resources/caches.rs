//! Caches. <https://ai.google.dev/api/caching> (read November 2026).

use serde_json::{Value, json};

use super::{Answered, Asked, Kept, document, time, use_of};
use crate::check::read_message;
use crate::google_error::GoogleError;
use crate::schema::CACHED_CONTENT;
use crate::tokens;

/// The least that is cached, for the smallest models
/// (<https://ai.google.dev/gemini-api/docs/caching>, read November 2026).
const MIN_TOKENS: u64 = 1_024;
/// How long a cache lives that says nothing of it.
const DEFAULT_TTL_MS: u64 = 60 * 60 * 1_000;
const ID_LENGTH: usize = 40;
/// What a file counts for: nobody looks into it.
const TOKENS_OF_FILE: u64 = 1_290;

#[derive(Debug)]
pub(super) struct Cache {
    /// With `models/`.
    pub(super) model: String,
    display_name: Option<String>,
    pub(super) tokens: u64,
    made_ms: u64,
    updated_ms: u64,
    expires_ms: u64,
}

impl Cache {
    pub(super) fn describe(&self, id: &str) -> Value {
        let mut cache = json!({
            "name": format!("cachedContents/{id}"),
            "model": self.model,
            "createTime": time(self.made_ms),
            "updateTime": time(self.updated_ms),
            "expireTime": time(self.expires_ms),
            "displayName": self.display_name.as_deref().unwrap_or_default(),
            "usageMetadata": {"totalTokenCount": self.tokens},
        });
        if let Some(fields) = cache.as_object_mut()
            && self.display_name.is_none()
        {
            fields.remove("displayName");
        }
        cache
    }
}

pub(super) fn create(kept: &mut Kept, asked: Asked<'_>) -> Answered {
    let body = read_message(asked.body, &CACHED_CONTENT)?;
    let text = |field: &str| body.get(field).and_then(Value::as_str);
    let Some(model) = text("model").filter(|model| model.starts_with("models/")) else {
        return Err(GoogleError::invalid_argument(
            // No recording.
            "* CreateCachedContentRequest.cached_content.model: unexpected model name format",
        ));
    };
    use_of::check(kept, asked.project, model, &body, asked.now_ms)?;
    let files = body.to_string().matches("\"fileUri\"").count() as u64;
    let counted = tokens::sum(&tokens::of_prompt(&body)).saturating_add(files * TOKENS_OF_FILE);
    if counted < MIN_TOKENS {
        return Err(GoogleError::invalid_argument(format!(
            "Cached content is too small. total_token_count={counted}, min_total_token_count={MIN_TOKENS}"
        )));
    }
    let cache = Cache {
        model: model.to_owned(),
        display_name: text("displayName").map(str::to_owned),
        tokens: counted,
        made_ms: asked.now_ms,
        updated_ms: asked.now_ms,
        expires_ms: expiry(&body, asked.now_ms)?
            .unwrap_or(asked.now_ms.saturating_add(DEFAULT_TTL_MS)),
    };
    let id = kept.new_id(ID_LENGTH);
    Ok(document(
        &kept.caches.put(asked.project, &id, cache)?.describe(&id),
    ))
}

/// Only the expiry can be changed.
pub(super) fn update(kept: &mut Kept, id: &str, asked: Asked<'_>) -> Answered {
    let body = read_message(asked.body, &CACHED_CONTENT)?;
    let changed = body.as_object().into_iter().flatten();
    let others: Vec<&str> = changed
        .map(|(name, _)| name.as_str())
        .filter(|name| !["ttl", "expireTime", "name"].contains(name))
        .collect();
    let expires_ms = expiry(&body, asked.now_ms)?;
    let cache = find(kept, id, asked)?;
    match (expires_ms, others.as_slice()) {
        (Some(expires_ms), []) => {
            cache.expires_ms = expires_ms;
            cache.updated_ms = asked.now_ms;
            Ok(document(&cache.describe(id)))
        }
        // No recording.
        _ => Err(GoogleError::invalid_argument(
            "Only the expiration of a cached content can be updated.",
        )),
    }
}

/// The project's cache.
///
/// # Errors
/// Another project's, an expired one, or none: Google does not tell which.
pub(super) fn find<'k>(
    kept: &'k mut Kept,
    id: &str,
    asked: Asked<'_>,
) -> Result<&'k mut Cache, GoogleError> {
    find_in(kept, id, asked.project, asked.now_ms)
}

pub(super) fn find_in<'k>(
    kept: &'k mut Kept,
    id: &str,
    project: &str,
    now_ms: u64,
) -> Result<&'k mut Cache, GoogleError> {
    kept.caches
        .get(project, id)
        .filter(|cache| now_ms < cache.expires_ms)
        .ok_or_else(|| {
            GoogleError::new(
                403,
                "PERMISSION_DENIED",
                "CachedContent not found (or permission denied)",
            )
        })
}

fn expiry(body: &Value, now_ms: u64) -> Result<Option<u64>, GoogleError> {
    let text = |field: &str| body.get(field).and_then(Value::as_str);
    if let Some(ttl) = text("ttl") {
        let ms = ttl
            .strip_suffix('s')
            .and_then(|seconds| seconds.parse::<f64>().ok())
            .filter(|seconds| *seconds > 0.0)
            .and_then(|seconds| std::time::Duration::try_from_secs_f64(seconds).ok())
            .and_then(|ttl| u64::try_from(ttl.as_millis()).ok());
        let invalid = || GoogleError::invalid_argument(format!("Invalid ttl: {ttl}"));
        return ms
            .map(|ms| Some(now_ms.saturating_add(ms)))
            .ok_or_else(invalid);
    }
    let Some(time) = text("expireTime") else {
        return Ok(None);
    };
    let at: Option<jiff::Timestamp> = time.parse().ok();
    at.and_then(|at| u64::try_from(at.as_millisecond()).ok())
        .filter(|at| *at > now_ms)
        .map(Some)
        .ok_or_else(|| GoogleError::invalid_argument(format!("Invalid expireTime: {time}")))
}
