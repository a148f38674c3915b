//! Gemini's side: a long stream of text, in the shape of recorded ones.

/// Events in the stream; the acceptance of the translation names this many.
pub(crate) const STREAM_EVENTS: usize = 5_000;

/// A stream of [`STREAM_EVENTS`], each with some words and the running counts, the last with the
/// finish reason.
pub(crate) fn stream() -> Vec<u8> {
    let mut stream = String::new();
    for number in 1..=STREAM_EVENTS {
        let finish = if number == STREAM_EVENTS {
            r#""finishReason": "STOP","#
        } else {
            ""
        };
        let total = number + 12;
        stream.push_str(&format!(
            "data: {{\"candidates\": [{{\"content\": {{\"parts\": [{{\"text\": \" some words, né \\\"{number}\\\", and a few more of them.\\n\"}}],\"role\": \"model\"}},{finish}\"index\": 0}}],\"usageMetadata\": {{\"promptTokenCount\": 12,\"candidatesTokenCount\": {number},\"totalTokenCount\": {total},\"promptTokensDetails\": [{{\"modality\": \"TEXT\",\"tokenCount\": 12}}]}},\"modelVersion\": \"gemini-3.8-flash\",\"responseId\": \"kYx8aZ-3D9n1mtkP5bXq4Ak\"}}\r\n\r\n"
        ));
    }
    stream.into_bytes()
}
