//! Values that have no effect and must be of their type all the same.
//!
//! A client that sends nonsense shall hear of it in every field. Nothing is kept of these values, so
//! a large one costs no memory.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, Visitor},
};

/// Any string.
#[derive(Debug)]
pub(crate) struct UnusedText;

/// Any object whose values are `V`.
#[derive(Debug)]
pub(crate) struct UnusedObject<V = IgnoredAny>(PhantomData<V>);

impl<'de> Deserialize<'de> for UnusedText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl Visitor<'_> for TextVisitor {
            type Value = UnusedText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: Error>(self, _text: &str) -> Result<Self::Value, E> {
                Ok(UnusedText)
            }
        }

        deserializer.deserialize_str(TextVisitor)
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for UnusedObject<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor<V>(PhantomData<V>);

        impl<'de, V: Deserialize<'de>> Visitor<'de> for ObjectVisitor<V> {
            type Value = UnusedObject<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                while map.next_entry::<IgnoredAny, V>()?.is_some() {}
                Ok(UnusedObject(PhantomData))
            }
        }

        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::locate;

    #[test]
    fn accepts_its_type_only() {
        assert!(serde_json::from_str::<UnusedText>(r#""a\n""#).is_ok());
        assert!(serde_json::from_str::<UnusedObject>(r#"{"a":[{}],"b":null}"#).is_ok());
        assert!(serde_json::from_str::<UnusedObject<f64>>(r#"{"50256":-100,"5":1.5}"#).is_ok());
        assert!(serde_json::from_str::<UnusedText>("5").is_err());
        assert!(serde_json::from_str::<UnusedObject>("[]").is_err());
        let error = crate::InvalidRequest::from(locate::<UnusedObject<f64>>(r#"{"5":"a"}"#));
        assert_eq!(error.param.as_deref(), Some("5"));
    }
}
