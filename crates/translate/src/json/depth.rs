//! How deeply a JSON text nests, found before it is parsed.
//!
//! A scan, not a parser: it balances brackets outside strings and leaves every other mistake to the
//! parser, whose own limit (128) stays on behind it.

/// Deepest nesting accepted from clients, in brackets (SEC-065). The deepest recorded
/// request has 11; what may go deeper are schemas of tools.
pub(crate) const MAX_DEPTH: usize = 64;

/// Whether `json` opens more than [`MAX_DEPTH`] objects and arrays at once.
pub(crate) fn exceeds_max_depth(json: &str) -> bool {
    let mut rest = json.as_bytes();
    let mut depth = 0_usize;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'"' => rest = after_string(rest),
            b'{' | b'[' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return true;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// What follows the string whose opening quote was just read. Strings are skipped at the speed of
/// memchr, since nearly all of a large body is one (an image).
fn after_string(mut rest: &[u8]) -> &[u8] {
    while let Some(at) = memchr::memchr2(b'"', b'\\', rest) {
        let quote = rest.get(at) == Some(&b'"');
        let skip = if quote { at + 1 } else { at + 2 };
        rest = rest.get(skip..).unwrap_or_default();
        if quote {
            return rest;
        }
    }
    &[]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_brackets_outside_strings() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(!exceeds_max_depth(&nested(MAX_DEPTH)));
        assert!(exceeds_max_depth(&nested(MAX_DEPTH + 1)));
        assert!(exceeds_max_depth(&"{".repeat(1_000_000)));
        assert!(!exceeds_max_depth(&"[]".repeat(1000)));
        assert!(!exceeds_max_depth(&format!(
            r#"{{"a":"{}"}}"#,
            "[".repeat(100)
        )));
        assert!(!exceeds_max_depth(&format!(
            r#"{{"a\"{}\\":1}}"#,
            "{".repeat(100)
        )));
        assert!(!exceeds_max_depth("\"unterminated \\"));
    }
}
