//! Takes the pool's own keys out of upstream text before anyone sees it.
//!
//! By what they are, because a key may look like anything; shapes of other keys and project numbers are
//! `gempool-translate`'s to remove. It does not decide which text may be shown at all.

use std::borrow::Cow;

use gempool_pool::{ApiKey, KeyId};

/// Longest upstream text that is passed on, in bytes. Google's longest recorded message has about 2 KiB.
const TEXT_BYTES_MAX: usize = 4 * 1024;
const MASK: &str = "[key]";

/// `text`, cut to a bounded length, without the key that was `used`, any that `is_known`, and anything that looks like
/// one.
///
/// Every word of the text is looked up, so that the cost is that of the text and not of the keys, of which a pool may
/// have 100,000. Unless it was used, a key of characters that end words is found by its shape only, as are keys of
/// pages that are not loaded.
pub(crate) fn scrub(text: &str, used: Option<&ApiKey>, is_known: impl Fn(KeyId) -> bool) -> String {
    let text = match used {
        Some(key) if text.contains(key.expose()) => Cow::Owned(text.replace(key.expose(), MASK)),
        _ => Cow::Borrowed(text),
    };
    let unknown = without_known(&text, is_known);
    let clean = gempool_translate::scrub(&unknown);
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

/// On the whole text: cutting first could leave half a key.
fn without_known(text: &str, is_known: impl Fn(KeyId) -> bool) -> String {
    let is_of_word =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_of_word) {
        let (before, from) = rest.split_at(start);
        let end = from
            .find(|letter| !is_of_word(letter))
            .unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        // A full stop may end the sentence and not the key.
        let bare = word.trim_end_matches('.');
        let is_key = |word: &str| ApiKey::new(word).is_ok_and(|key| is_known(KeyId::of(&key)));
        out.push_str(before);
        if is_key(word) {
            out.push_str(MASK);
        } else if bare.len() < word.len() && is_key(bare) {
            out.push_str(MASK);
            out.push_str(word.get(bare.len()..).unwrap_or_default());
        } else {
            out.push_str(word);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scrubbed(text: &str) -> String {
        let key = KeyId::of(&ApiKey::new("odd_key.value").unwrap());
        scrub(text, ApiKey::new("odd/key+used").ok().as_ref(), |id| {
            id == key
        })
    }

    #[test]
    fn removes_own_keys_by_value_and_others_by_shape() {
        let foreign = format!("AIza{}", "x".repeat(35));
        assert_eq!(scrubbed("key odd_key.value is bad"), "key [key] is bad");
        assert_eq!(
            scrubbed(&format!("key {foreign} is bad")),
            "key [key] is bad"
        );
        assert_eq!(
            scrubbed("'api_key:odd_key.value' and odd_key.value."),
            "'api_key:[key]' and [key]."
        );
        assert_eq!(scrubbed("odd/key+used"), "[key]");
    }

    #[test]
    fn lets_no_upstream_forge_a_log_line() {
        assert_eq!(scrubbed("a\nb\u{1b}[31mc"), "a b [31mc");
    }

    #[test]
    fn cuts_after_scrubbing_and_never_inside_a_key_or_a_letter() {
        let text = format!("{}éodd_key.value", "x".repeat(TEXT_BYTES_MAX - 1));
        let out = scrubbed(&text);
        assert_eq!(out, format!("{}…", "x".repeat(TEXT_BYTES_MAX - 1)));
    }
}
