//! A JSON string that borrows from the body when it holds no escapes.
//!
//! serde borrows a bare `Cow<str>` only, not one inside an `Option` or a `Vec`; this type borrows
//! everywhere. It does not validate what the string says.

use std::{borrow::Cow, fmt, ops::Deref};

use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor},
};

/// A string of a client or of Gemini. `Debug` shows only its length: it may be prompt or answer.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Text<'a>(Cow<'a, str>);

impl<'a> Text<'a> {
    /// The string itself.
    pub(crate) fn into_cow(self) -> Cow<'a, str> {
        self.0
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

impl<'a> From<Text<'a>> for Cow<'a, str> {
    fn from(text: Text<'a>) -> Self {
        text.0
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} bytes>", self.0.len())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text::from(text))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text::from(text.to_owned()))
            }

            fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
                Ok(Text::from(text))
            }
        }

        deserializer.deserialize_str(TextVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borrows_unless_there_are_escapes() {
        let plain: Option<Text<'_>> = serde_json::from_str(r#""data:é""#).unwrap();
        assert!(matches!(plain, Some(Text(Cow::Borrowed("data:é")))));
        let escaped: Vec<Text<'_>> = serde_json::from_str(r#"["a\/b"]"#).unwrap();
        assert!(matches!(&escaped[0], Text(Cow::Owned(text)) if text == "a/b"));
    }

    #[test]
    fn debug_shows_no_text() {
        let text: Text<'_> = serde_json::from_str(r#""secret""#).unwrap();
        assert_eq!(format!("{text:?}"), "<6 bytes>");
    }
}
