//! Takes the pool's own keys out of upstream text before anyone sees it.
//!
//! By value, because a key may look like anything; shapes of other keys and project numbers are
//! `gempool-translate`'s to remove. It does not decide which text may be shown at all.

use std::borrow::Cow;

use gempool_pool::ApiKey;

/// Longest upstream text that is passed on, in bytes. Google's longest recorded message has about 2 KiB.
const TEXT_BYTES_MAX: usize = 4 * 1024;
const MASK: &str = "[key]";

/// `text`, cut to a bounded length, without any of `keys` and without anything that looks like one.
pub(crate) fn scrub<'a>(text: &str, keys: impl IntoIterator<Item = &'a ApiKey>) -> String {
    let mut text = Cow::Borrowed(text);
    // By value first and on the whole text: cutting first could leave half a key.
    for key in keys {
        if text.contains(key.expose()) {
            text = Cow::Owned(text.replace(key.expose(), MASK));
        }
    }
    let clean = gempool_translate::scrub(&text);
    let end = clean.floor_char_boundary(TEXT_BYTES_MAX);
    // Control characters would let an upstream forge log lines.
    let mut out: String = clean
        .chars()
        .scan(0, |at, letter| {
            *at += letter.len_utf8();
            (*at <= end).then_some(if letter.is_control() { ' ' } else { letter })
        })
        .collect();
    if end < clean.len() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scrubbed(text: &str) -> String {
        let key = ApiKey::new("odd/key+value").unwrap();
        scrub(text, [&key])
    }

    #[test]
    fn removes_own_keys_by_value_and_others_by_shape() {
        let foreign = format!("AIza{}", "x".repeat(35));
        assert_eq!(scrubbed("key odd/key+value is bad"), "key [key] is bad");
        assert_eq!(
            scrubbed(&format!("key {foreign} is bad")),
            "key [key] is bad"
        );
    }

    #[test]
    fn lets_no_upstream_forge_a_log_line() {
        assert_eq!(scrubbed("a\nb\u{1b}[31mc"), "a b [31mc");
    }

    #[test]
    fn cuts_after_scrubbing_and_never_inside_a_key_or_a_letter() {
        let text = format!("{}éodd/key+value", "x".repeat(TEXT_BYTES_MAX - 1));
        let out = scrubbed(&text);
        assert_eq!(out, format!("{}…", "x".repeat(TEXT_BYTES_MAX - 1)));
    }
}
