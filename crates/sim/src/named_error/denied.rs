//! Keys and projects that are shut out: 403.

use serde_json::json;

use crate::google_error::GoogleError;

pub(super) fn denied(message: &str) -> GoogleError {
    GoogleError::new(403, "PERMISSION_DENIED", message)
}

/// The text holds the key, as the real one does.
pub(super) fn suspended(key: &str) -> GoogleError {
    let message = format!("Permission denied: Consumer 'api_key:{key}' has been suspended.");
    denied(&message)
        .with(
            "ErrorInfo",
            json!({
                "reason": "CONSUMER_SUSPENDED",
                "domain": "googleapis.com",
                "metadata": {
                    "consumer": "projects/100000000001",
                    "service": "generativelanguage.googleapis.com",
                    "containerInfo": format!("api_key:{key}")
                }
            }),
        )
        .localized()
}

pub(super) fn service_disabled() -> GoogleError {
    let url = "https://console.developers.google.com/apis/api/\
               generativelanguage.googleapis.com/overview?project=100000000001";
    denied(&format!(
        "Generative Language API has not been used in project 100000000001 before or it is \
             disabled. Enable it by visiting {url} then retry. If you enabled this API recently, \
             wait a few minutes for the action to propagate to our systems and retry."
    ))
    .with(
        "Help",
        json!({"links": [{"description": "Google developers console API activation", "url": url}]}),
    )
    .with_reason("SERVICE_DISABLED")
}
