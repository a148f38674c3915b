//! A JSON value that is a string or one other shape: `"auto"` or an object, a text or its parts.
//!
//! By hand instead of serde's `untagged`, which would buffer every value, copy every image and lose
//! the path of what is wrong.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{
        Error, MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
};

use super::{Bounded, Object, Text};

/// A string, or a `T`, which is an [`Object`] or a [`Bounded`] array.
#[derive(Debug)]
pub(crate) enum TextOr<'a, T> {
    Text(Text<'a>),
    Other(T),
}

/// What else than a string there may be.
pub(crate) trait Alternative {
    /// The two shapes in words.
    const EXPECTED: &'static str;
}

impl<T> Alternative for Object<T> {
    const EXPECTED: &'static str = "a string or an object";
}

impl<T, const MAX: usize> Alternative for Bounded<T, MAX> {
    const EXPECTED: &'static str = "a string or an array";
}

impl<'de: 'a, 'a, T: Deserialize<'de> + Alternative> Deserialize<'de> for TextOr<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de> + Alternative> Visitor<'de> for TextOrVisitor<T> {
            type Value = TextOr<'de, T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(T::EXPECTED)
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(TextOr::Text(Text::from(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(TextOr::Text(Text::from(text.to_owned())))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, array: A) -> Result<Self::Value, A::Error> {
                T::deserialize(SeqAccessDeserializer::new(array)).map(TextOr::Other)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(TextOr::Other)
            }
        }

        deserializer.deserialize_any(TextOrVisitor(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::*;
    use crate::json::locate;

    type Many<'a> = TextOr<'a, Bounded<Text<'a>, 2>>;

    #[derive(Debug, Deserialize)]
    struct Choice<'a> {
        #[serde(borrow)]
        raw: Option<&'a RawValue>,
    }

    type One<'a> = TextOr<'a, Object<Choice<'a>>>;

    #[test]
    fn reads_either_shape_and_borrows() {
        assert!(
            matches!(serde_json::from_str(r#""a""#).unwrap(), Many::Text(text) if &*text == "a")
        );
        assert!(
            matches!(serde_json::from_str(r#"["a"]"#).unwrap(), Many::Other(list) if list.len() == 1)
        );
        let one: One<'_> = serde_json::from_str(r#"{"raw":{"a":1.50}}"#).unwrap();
        assert!(
            matches!(one, TextOr::Other(choice) if choice.raw.unwrap().get() == r#"{"a":1.50}"#)
        );
    }

    #[test]
    fn says_where_and_what_was_wrong() {
        for (json, expected) in [
            ("5", "expected a string or an array, found integer `5`"),
            ("{}", "expected an array, found an object"),
            (r#"["a",5]"#, "`[1]`: expected a string, found integer `5`"),
            (r#"["a","b","c"]"#, "at most 2 items are allowed"),
        ] {
            let error = crate::InvalidRequest::from(locate::<Many<'_>>(json));
            assert!(error.message.contains(expected), "{json}: {error}");
        }
        for (json, expected) in [
            ("true", "expected a string or an object"),
            ("[]", "expected an object, found an array"),
        ] {
            let error = crate::InvalidRequest::from(locate::<One<'_>>(json));
            assert!(error.message.contains(expected), "{json}: {error}");
        }
    }
}
