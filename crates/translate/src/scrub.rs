//! Removes keys and project ids from texts that Gemini wrote.
//!
//! It knows the shapes in which they have been seen in real bodies; it does not know the configured
//! keys. Whoever does must also replace those by value, since a key may look like anything (U3).

use std::borrow::Cow;

/// Longest upstream text passed on, in bytes. The longest recorded message has 817.
const MAX_MESSAGE_BYTES: usize = 2048;

/// A head, the bytes that may follow it, how many there must be, and what replaces them.
struct Pattern {
    head: &'static str,
    tail: fn(u8) -> bool,
    min_tail: usize,
    replacement: &'static str,
}

/// Reference §5.4, read 2026-11-21. Key bodies are replaced wherever they stand, so `key=` and
/// `api_key:` also cover kinds of keys that have no known prefix.
const PATTERNS: &[Pattern] = &[
    Pattern {
        head: "AIza",
        tail: is_token,
        min_tail: 30,
        replacement: "[key]",
    },
    Pattern {
        head: "AQ.",
        tail: is_token,
        min_tail: 20,
        replacement: "[key]",
    },
    Pattern {
        head: "api_key:",
        tail: is_value,
        min_tail: 1,
        replacement: "api_key:[key]",
    },
    Pattern {
        head: "key=",
        tail: is_value,
        min_tail: 1,
        replacement: "key=[key]",
    },
    Pattern {
        head: "projects/",
        tail: is_digit,
        min_tail: 1,
        replacement: "projects/[project]",
    },
    Pattern {
        head: "project_number:",
        tail: is_digit,
        min_tail: 1,
        replacement: "project_number:[project]",
    },
];

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// Stops at what encloses a value in prose, JSON or a URL.
fn is_value(byte: u8) -> bool {
    !byte.is_ascii_whitespace() && !matches!(byte, b'\'' | b'"' | b'&' | b',' | b')')
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

/// `text` without API keys and project numbers of the shapes that Google's errors contain.
#[must_use]
pub fn scrub(text: &str) -> Cow<'_, str> {
    let mut clean = String::new();
    let mut kept_to = 0;
    let mut position = 0;
    while position < text.len() {
        let rest = text.get(position..).unwrap_or_default();
        if let Some((length, replacement)) = match_secret(rest) {
            clean.push_str(text.get(kept_to..position).unwrap_or_default());
            clean.push_str(replacement);
            position += length;
            kept_to = position;
        } else {
            position += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    if kept_to == 0 {
        return Cow::Borrowed(text);
    }
    clean.push_str(text.get(kept_to..).unwrap_or_default());
    Cow::Owned(clean)
}

fn match_secret(rest: &str) -> Option<(usize, &'static str)> {
    PATTERNS.iter().find_map(|pattern| {
        let tail = rest.strip_prefix(pattern.head)?;
        let length = tail
            .bytes()
            .take_while(|byte| (pattern.tail)(*byte))
            .count();
        (length >= pattern.min_tail).then_some((pattern.head.len() + length, pattern.replacement))
    })
}

/// Scrubbed and clipped: fit for an error message.
pub(crate) fn for_client(text: &str) -> String {
    // Scrub before clipping: half a key at the cut would no longer match its pattern.
    let mut clean = scrub(text).into_owned();
    if clean.len() > MAX_MESSAGE_BYTES {
        let end = (0..=MAX_MESSAGE_BYTES)
            .rev()
            .find(|end| clean.is_char_boundary(*end))
            .unwrap_or(0);
        clean.truncate(end);
        clean.push('…');
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removes_keys_and_projects() {
        let old = format!("AIza{}", "Sy_-".repeat(9));
        let new = format!("AQ.{}", "a1".repeat(12));
        let cases = [
            (
                format!("Invalid API key: {old}."),
                "Invalid API key: [key].",
            ),
            (format!("key {new} is é bad"), "key [key] is é bad"),
            (
                format!("Permission denied: Consumer 'api_key:{old}' has been suspended."),
                "Permission denied: Consumer 'api_key:[key]' has been suspended.",
            ),
            (
                "GET /v1beta/models?key=weird-é&alt=sse".to_owned(),
                "GET /v1beta/models?key=[key]&alt=sse",
            ),
            (
                "has not been used in projects/123456 (project_number:987)".to_owned(),
                "has not been used in projects/[project] (project_number:[project])",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(scrub(&text), expected);
        }
    }

    #[test]
    fn leaves_other_text_alone() {
        for text in [
            "",
            "AIza is a prefix",
            "AQ.short",
            "projects/mine",
            "Quota exceeded — try later",
        ] {
            assert!(matches!(scrub(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn clips_after_scrubbing() {
        let text = format!("{}AIza{}", "é".repeat(1020), "x".repeat(40));
        let clean = for_client(&text);
        assert!(clean.len() <= MAX_MESSAGE_BYTES + "…".len());
        assert!(!clean.contains("AIza"));
    }
}
