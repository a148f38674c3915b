//! What becomes of every parameter of an endpoint, as data.
//!
//! Each dialect keeps one table beside the code that reads its requests; here are the type and the
//! list of tables, from which `docs/compatibility.md` is made. Nothing here decides anything: tests
//! of the dialects compare their tables with what their code does.

mod differences;
mod endpoints;

pub use differences::{DIFFERENCES, Difference};
pub use endpoints::{ENDPOINTS, Endpoint};

/// A field of a request body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Its path as clients write it, `[]` after arrays: `messages[].content[].image_url.detail`.
    pub name: &'static str,
    /// What happens when a client sends it.
    pub becomes: Becomes,
}

/// What happens to a field. A value of a wrong type is refused in every case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Becomes {
    /// It takes effect. The text says as what: a field of Gemini's request in backticks, or what it
    /// does to the answer.
    Translated(&'static str),
    /// It takes no effect, and the text says why that is harmless.
    Ignored(&'static str),
    /// It is refused with status 400, and the text says why.
    Refused(&'static str),
}

impl Parameter {
    /// A field that takes effect.
    pub(crate) const fn translated(name: &'static str, becomes: &'static str) -> Self {
        let becomes = Becomes::Translated(becomes);
        Self { name, becomes }
    }

    /// A field without effect.
    pub(crate) const fn ignored(name: &'static str, because: &'static str) -> Self {
        let becomes = Becomes::Ignored(because);
        Self { name, becomes }
    }

    /// A field that cannot be sent.
    pub(crate) const fn refused(name: &'static str, because: &'static str) -> Self {
        let becomes = Becomes::Refused(because);
        Self { name, becomes }
    }
}

/// Names of the fields that a derived `Deserialize` reads, without a second list to forget.
#[cfg(test)]
pub(crate) fn fields_of<'de, T: serde::Deserialize<'de>>() -> &'static [&'static str] {
    use serde::{
        Deserializer,
        de::{Visitor, value::Error},
        forward_to_deserialize_any,
    };

    /// Keeps the names that it is told and gives nothing.
    struct Names<'a>(&'a mut &'static [&'static str]);

    impl<'de> Deserializer<'de> for Names<'_> {
        type Error = Error;

        fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Error> {
            Err(serde::de::Error::custom("only structs have fields"))
        }

        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _name: &'static str,
            fields: &'static [&'static str],
            visitor: V,
        ) -> Result<V::Value, Error> {
            *self.0 = fields;
            self.deserialize_any(visitor)
        }

        forward_to_deserialize_any! {
            bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
            unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }

    let mut names: &'static [&'static str] = &[];
    let _ = T::deserialize(Names(&mut names));
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_fields_of_a_derived_struct() {
        #[derive(serde::Deserialize)]
        #[expect(dead_code, reason = "only its names are of interest")]
        struct Point {
            x: u8,
            #[serde(rename = "why")]
            y: u8,
        }
        assert_eq!(fields_of::<Point>(), ["x", "why"]);
        assert!(fields_of::<u8>().is_empty());
    }
}
