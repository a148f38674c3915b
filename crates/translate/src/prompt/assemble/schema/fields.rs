//! One level of a JSON object or array, in the client's order, with values as their own text.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::json::Text;

/// Names and values.
pub(super) type Fields<'a> = Vec<(Cow<'a, str>, &'a RawValue)>;

/// The fields of an object; `None` for anything else.
pub(super) fn read_fields(value: &RawValue) -> Option<Fields<'_>> {
    struct Entries<'a>(Fields<'a>);

    impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct EntriesVisitor;

            impl<'de> Visitor<'de> for EntriesVisitor {
                type Value = Entries<'de>;

                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("an object")
                }

                fn visit_map<A: MapAccess<'de>>(
                    self,
                    mut map: A,
                ) -> Result<Entries<'de>, A::Error> {
                    let mut fields = Vec::new();
                    while let Some((name, value)) = map.next_entry::<Text<'de>, _>()? {
                        fields.push((name.into_cow(), value));
                    }
                    Ok(Entries(fields))
                }
            }

            deserializer.deserialize_map(EntriesVisitor)
        }
    }

    serde_json::from_str::<Entries<'_>>(value.get())
        .ok()
        .map(|entries| entries.0)
}

/// The elements of an array; `None` for anything else.
pub(super) fn read_items(value: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(value.get()).ok()
}

/// The text of a string; `None` for anything else.
pub(super) fn read_text(value: &RawValue) -> Option<Cow<'_, str>> {
    serde_json::from_str::<Text<'_>>(value.get())
        .ok()
        .map(Text::into_cow)
}

/// The value of a field.
pub(super) fn find<'a>(fields: &Fields<'a>, name: &str) -> Option<&'a RawValue> {
    let (_, value) = fields.iter().find(|(other, _)| other == name)?;
    Some(value)
}
