//! Gemini's thought signatures inside Anthropic's (§3.10).
//!
//! A client sends signatures back as it got them. They are marked, because a conversation may have
//! been begun with another model: Gemini refuses a whole request for one signature that is not its
//! own (§3.8). The mark also says which kind of part the signature came on, in case a client drops
//! or reorders blocks; and for texts how long it was, since a signature is refused on a text that a
//! client trimmed (§3.7).

use std::borrow::Cow;

/// In front of the signature of a call. The dots tell it from base64.
const CALL: &str = "gemini.call.";

/// In front of the length of a text, a dot, and its signature.
const TEXT: &str = "gemini.text.";

/// A signature that came from Gemini.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signature<'a> {
    Call(&'a str),
    Text { bytes: usize, signature: &'a str },
}

impl<'a> Signature<'a> {
    /// `None` for signatures of others.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        if let Some(signature) = text.strip_prefix(CALL) {
            return (!signature.is_empty()).then_some(Self::Call(signature));
        }
        let (bytes, signature) = text.strip_prefix(TEXT)?.split_once('.')?;
        let bytes = bytes.parse().ok()?;
        (!signature.is_empty()).then_some(Self::Text { bytes, signature })
    }

    /// What a client is given.
    pub(super) fn to_anthropic(self) -> String {
        match self {
            Self::Call(signature) => format!("{CALL}{signature}"),
            Self::Text { bytes, signature } => format!("{TEXT}{bytes}.{signature}"),
        }
    }

    /// What Gemini is given back, byte for byte.
    pub(super) fn into_gemini(self) -> Cow<'a, str> {
        match self {
            Self::Call(signature) | Self::Text { signature, .. } => Cow::Borrowed(signature),
        }
    }

    pub(super) fn fits_call(&self) -> bool {
        matches!(self, Self::Call(_))
    }

    pub(super) fn fits_text(&self, text: &str) -> bool {
        matches!(self, Self::Text { bytes, .. } if *bytes == text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_was_given() {
        for signature in [
            Signature::Call("CiQB4w+/=="),
            Signature::Text {
                bytes: 12,
                signature: "Ci.x",
            },
        ] {
            assert_eq!(Signature::read(&signature.to_anthropic()), Some(signature));
        }
    }

    #[test]
    fn signatures_of_others_are_not_ours() {
        for text in [
            "",
            "EqQBCkYIBRgCKkA",
            "gemini.call.",
            "gemini.text.12",
            "gemini.text.12.",
            "gemini.text.x.Ci",
            "gemini.image.Ci",
        ] {
            assert_eq!(Signature::read(text), None, "{text}");
        }
    }
}
