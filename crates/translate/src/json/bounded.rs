//! A JSON array with a limit that holds while it is read.
//!
//! Checking the length afterwards would first build millions of elements from a body of `{},{},…`.

use std::{fmt, marker::PhantomData, ops::Deref};

use serde::{
    Deserialize, Deserializer,
    de::{Error, SeqAccess, Visitor},
};

/// At most `MAX` elements; one more is an error at its index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bounded<T, const MAX: usize>(Vec<T>);

impl<T, const MAX: usize> Bounded<T, MAX> {
    /// Reads the elements of `array`; for visitors that accept an array among other shapes.
    pub(crate) fn read<'de, A: SeqAccess<'de>>(mut array: A) -> Result<Self, A::Error>
    where
        T: Deserialize<'de>,
    {
        let mut items = Vec::new();
        while let Some(item) = array.next_element()? {
            if items.len() == MAX {
                return Err(A::Error::custom(format_args!(
                    "at most {MAX} items are allowed"
                )));
            }
            items.push(item);
        }
        Ok(Self(items))
    }
}

impl<T, const MAX: usize> Deref for Bounded<T, MAX> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'de, T: Deserialize<'de>, const MAX: usize> Deserialize<'de> for Bounded<T, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct BoundedVisitor<T, const MAX: usize>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>, const MAX: usize> Visitor<'de> for BoundedVisitor<T, MAX> {
            type Value = Bounded<T, MAX>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, array: A) -> Result<Self::Value, A::Error> {
                Bounded::read(array)
            }
        }

        deserializer.deserialize_seq(BoundedVisitor(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_at_the_first_element_too_many() {
        let three: Bounded<u8, 3> = serde_json::from_str("[1,2,3]").unwrap();
        assert_eq!(*three, [1, 2, 3]);
        let error = serde_json::from_str::<Bounded<u8, 3>>("[1,2,3,4,5]").unwrap_err();
        assert!(error.to_string().starts_with("at most 3 items are allowed"));
        assert!(serde_json::from_str::<Bounded<u8, 3>>("{}").is_err());
    }
}
