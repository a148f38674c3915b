//! Google's categories of harm and their thresholds.
//!
//! One threshold is set for all of them; a client that sets its own gets its own.

use gempool_state::SAFETY_THRESHOLDS;
use gempool_translate::SafetySetting;

/// The categories that Google lets one set (<https://ai.google.dev/api/generate-content#HarmCategory>,
/// read 2026-11; `CIVIC_INTEGRITY` is deprecated).
const HARM_CATEGORIES: [&str; 4] = [
    "HARM_CATEGORY_HARASSMENT",
    "HARM_CATEGORY_HATE_SPEECH",
    "HARM_CATEGORY_SEXUALLY_EXPLICIT",
    "HARM_CATEGORY_DANGEROUS_CONTENT",
];
/// The settings that put `threshold` on every category; empty text sets nothing.
///
/// # Errors
/// A text that is no threshold.
pub(crate) fn safety_settings(threshold: &str) -> Result<Vec<SafetySetting>, String> {
    if threshold.is_empty() {
        return Ok(Vec::new());
    }
    if !SAFETY_THRESHOLDS.contains(&threshold) {
        return Err(format!(
            "`{threshold}` is none of {}",
            SAFETY_THRESHOLDS.join(", ")
        ));
    }
    let settings = HARM_CATEGORIES.map(|category| SafetySetting {
        category: category.to_owned(),
        threshold: threshold.to_owned(),
    });
    Ok(settings.into())
}
