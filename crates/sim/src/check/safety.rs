//! Safety settings: categories that exist for Gemini, each once (G23).

use serde_json::Value;

use super::Checked;
use crate::refusal::invalid_field;

const REQUEST: &str = "GenerateContentRequest";

/// In the order in which the error lists them.
const CATEGORIES: [&str; 5] = [
    "HARM_CATEGORY_HATE_SPEECH",
    "HARM_CATEGORY_SEXUALLY_EXPLICIT",
    "HARM_CATEGORY_DANGEROUS_CONTENT",
    "HARM_CATEGORY_HARASSMENT",
    "HARM_CATEGORY_CIVIC_INTEGRITY",
];

pub(super) fn check(body: &Value) -> Checked {
    let settings = body.get("safetySettings").and_then(Value::as_array);
    let mut seen = Vec::new();
    for (index, setting) in settings.into_iter().flatten().enumerate() {
        let category = setting.get("category").and_then(Value::as_str);
        let Some(category) = category.filter(|category| CATEGORIES.contains(category)) else {
            let names = CATEGORIES
                .map(|name| format!("HarmCategory.{name}"))
                .join(", ");
            return Err(invalid_field(
                REQUEST,
                format!(
                    "safety_settings[{index}]: element predicate failed: $.category in ({names})"
                ),
            ));
        };
        if seen.contains(&category) {
            // No recording.
            return Err(invalid_field(
                REQUEST,
                format!("safety_settings[{index}].category: {category} is set more than once"),
            ));
        }
        seen.push(category);
    }
    Ok(())
}
