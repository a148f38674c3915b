//! Counts tokens as coarsely as Google's own rules of thumb, by modality.
//!
//! <https://ai.google.dev/gemini-api/docs/tokens> (read November 2026). Nothing here knows what an
//! answer or a prompt is made of beyond their parts.

use serde_json::Value;

use crate::proto_json::decode_base64;
use crate::wire::ModalityCount;

/// An image of up to 384 by 384 pixels, and a page of a document.
const IMAGE: u64 = 258;

/// An image that a model makes (recorded).
const MADE_IMAGE: u64 = 1_290;

/// Audio is 32 tokens a second; of what is sent uncompressed at 16 kHz, 1000 bytes are a token.
const AUDIO_BYTES_PER_TOKEN: usize = 1_000;

/// Made audio is 25 tokens a second (recorded), of 48,000 bytes.
const MADE_AUDIO_BYTES_PER_TOKEN: usize = 48_000 / 25;

/// Tokens of a text: 4 characters each.
pub(crate) fn estimate(text: &str) -> u64 {
    text.chars().count().div_ceil(4) as u64
}

/// Tokens of media that a model makes, its bytes in base64.
pub(crate) fn of_output(mime_type: &str, data: &str) -> ModalityCount {
    if mime_type.starts_with("audio/") {
        let tokens = bytes(data).div_ceil(MADE_AUDIO_BYTES_PER_TOKEN);
        ModalityCount::new("AUDIO", tokens as u64)
    } else {
        ModalityCount::new("IMAGE", MADE_IMAGE)
    }
}

/// Adds a count to those of its modality.
pub(crate) fn add(counts: &mut Vec<ModalityCount>, count: ModalityCount) {
    match counts
        .iter_mut()
        .find(|known| known.modality == count.modality)
    {
        Some(known) => known.token_count += count.token_count,
        None => counts.push(count),
    }
}

pub(crate) fn sum(counts: &[ModalityCount]) -> u64 {
    counts.iter().map(|count| count.token_count).sum()
}

/// Prompt tokens of a checked request of any method that has contents, text first.
pub(crate) fn of_prompt(request: &Value) -> Vec<ModalityCount> {
    let request = request.get("generateContentRequest").unwrap_or(request);
    let contents = request.get("contents").and_then(Value::as_array);
    let contents = contents
        .into_iter()
        .flatten()
        .chain(request.get("systemInstruction"))
        .chain(request.get("content"));
    let tools = request.get("tools").map_or(0, |tools| match tools {
        Value::Array(tools) if tools.is_empty() => 0,
        tools => estimate(&tools.to_string()),
    });
    let mut counts = vec![ModalityCount::text(tools)];
    let parts = contents.filter_map(|content| content.get("parts"));
    for part in parts.filter_map(Value::as_array).flatten() {
        add(&mut counts, of_part(part));
        let parts = part.pointer("/functionResponse/parts");
        for part in parts.and_then(Value::as_array).into_iter().flatten() {
            add(&mut counts, of_part(part));
        }
    }
    if sum(&counts) > 0 {
        counts.retain(|count| count.token_count > 0);
    }
    counts
}

fn of_part(part: &Value) -> ModalityCount {
    if let Some(text) = part.get("text").and_then(Value::as_str) {
        return ModalityCount::text(estimate(text));
    }
    let data = ["inlineData", "fileData"]
        .iter()
        .find_map(|name| part.get(*name));
    let Some(data) = data else {
        let response = part.pointer("/functionResponse/response");
        return ModalityCount::text(estimate(&response.unwrap_or(part).to_string()));
    };
    let mime_type = data.get("mimeType").and_then(Value::as_str);
    let size = data.get("data").and_then(Value::as_str).map_or(0, bytes);
    match mime_type.unwrap_or_default().split('/').next() {
        Some("audio") => {
            let tokens = size.div_ceil(AUDIO_BYTES_PER_TOKEN).max(1);
            ModalityCount::new("AUDIO", tokens as u64)
        }
        Some("video") => ModalityCount::new("VIDEO", IMAGE),
        Some("application") => ModalityCount::new("DOCUMENT", IMAGE),
        Some("text") => ModalityCount::text(size.div_ceil(4) as u64),
        _ => ModalityCount::new("IMAGE", IMAGE),
    }
}

fn bytes(base64: &str) -> usize {
    decode_base64(base64).map_or(0, |bytes| bytes.len())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn prompts_are_counted_by_modality_text_first() {
        let inline =
            |mime_type: &str| json!({"inlineData": {"mimeType": mime_type, "data": "AAAAAAAA"}});
        let request = json!({
            "contents": [{"parts": [{"text": "12345678"}, inline("image/png"), inline("application/pdf")]}],
            "systemInstruction": {"parts": [{"text": "1234"}, inline("audio/wav")]}
        });
        assert_eq!(
            of_prompt(&request),
            [
                ModalityCount::text(3),
                ModalityCount::new("IMAGE", 258),
                ModalityCount::new("DOCUMENT", 258),
                ModalityCount::new("AUDIO", 1),
            ]
        );
    }

    #[test]
    fn instruction_tools_and_results_cost_tokens_wrapped_or_not() {
        let request = json!({
            "contents": [{"parts": [{"text": "hi"}]}],
            "tools": [{"functionDeclarations": [{"name": "weather"}]}]
        });
        let count = sum(&of_prompt(&request));
        assert!(count > 5, "{count}");
        assert_eq!(
            sum(&of_prompt(&json!({"generateContentRequest": request}))),
            count
        );
        let result = json!({"contents": [{"parts": [{"functionResponse": {"name": "f", "response": {"a": 1}}}]}]});
        assert_eq!(of_prompt(&result), [ModalityCount::text(2)]);
    }

    #[test]
    fn a_file_of_which_the_type_is_not_told_counts_as_an_image() {
        let request =
            json!({"contents": [{"parts": [{"fileData": {"fileUri": "https://example.com"}}]}]});
        assert_eq!(of_prompt(&request), [ModalityCount::new("IMAGE", 258)]);
    }
}
