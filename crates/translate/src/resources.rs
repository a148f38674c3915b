//! Which files and caches a body for Gemini mentions (U12).
//!
//! They belong to the project of one key, so whoever sends the body must know. It is looked at what is
//! sent, not at what the client said: one place for all dialects, and nothing that reaches Gemini can be
//! missed. Whether a resource exists, and whose it is, is not known here.

use std::{borrow::Cow, fmt};

use memchr::memmem;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess,
    Visitor,
};

use crate::{
    InvalidRequest,
    invalid_request::{Code, Refusal},
    json::Text,
};

/// What every body that mentions a resource has in it: the beginnings of the fields' names, or an escape
/// that could spell any letter of them. A scan for them is all that most bodies cost.
const SIGNS: [&[u8]; 3] = [b"\"file", b"\"cached", b"\\u00"];

/// Fields that hold the name or the address of a resource, in both spellings of proto3 JSON.
const FIELDS: [&str; 6] = [
    "fileUri",
    "file_uri",
    "fileName",
    "file_name",
    "cachedContent",
    "cached_content",
];

/// Fields that hold the client's own objects, whose fields mean nothing to Gemini.
const FOREIGN: [&str; 11] = [
    "args",
    "response",
    "parameters",
    "properties",
    "parametersJsonSchema",
    "parameters_json_schema",
    "responseSchema",
    "response_schema",
    "responseJsonSchema",
    "response_json_schema",
    "responseFormat",
];

/// Beginning of the host that keeps resources, in the address of a file.
const KEEPER: &str = "generativelanguage.";

/// Most resources of one request. Gemini takes 3,000 files in one
/// (<https://ai.google.dev/gemini-api/docs/document-processing>, November 2026: a page each), but each
/// one is looked up.
const MAX_RESOURCES: usize = 64;

/// Names of the files and caches that `body` mentions, each once: `files/abc`, `cachedContents/xyz`.
/// Addresses of other hosts are no resources. What is addressed at Google in another form is given as it
/// is, so that nobody knows it.
///
/// # Errors
/// [`InvalidRequest`] if there are more than 64 or `body` is no JSON.
pub fn resources_in(body: &[u8]) -> Result<Vec<String>, InvalidRequest> {
    if !SIGNS.iter().any(|sign| memmem::find(body, sign).is_some()) {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let walked = Walk { found: &mut found }.deserialize(&mut deserializer);
    if found.len() > MAX_RESOURCES {
        return Err(Refusal::new(
            Code::TooLong,
            "",
            format_args!("the request mentions more than {MAX_RESOURCES} files"),
        )
        .into());
    }
    // What cannot be read to its end could mention more.
    walked
        .map_err(|_| Refusal::new(Code::InvalidJson, "", "the request body is not valid JSON"))?;
    Ok(found)
}

/// The resource that a field's value names.
fn name_of(value: &str) -> Option<&str> {
    let value = value.trim();
    let address = ["https://", "http://"].iter().find_map(|scheme| {
        let start = value.get(..scheme.len())?;
        let rest = value.get(scheme.len()..)?;
        start.eq_ignore_ascii_case(scheme).then_some(rest)
    });
    let Some(address) = address else {
        let is_elsewhere = value.contains("://") || value.is_empty();
        return (!is_elsewhere).then_some(value);
    };
    let keeper = address.get(..KEEPER.len());
    if !keeper.is_some_and(|host| host.eq_ignore_ascii_case(KEEPER)) {
        return None;
    }
    let plain = address.split(['?', '#']).next().unwrap_or(address);
    let name = plain.rfind("/files/").and_then(|at| plain.get(at + 1..));
    Some(name.unwrap_or(value))
}

/// Collects from a value and all that is in it.
struct Walk<'f> {
    found: &'f mut Vec<String>,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Text<'de>>()? {
            if FOREIGN.contains(&&*key) {
                map.next_value::<IgnoredAny>()?;
            } else if FIELDS.contains(&&*key) {
                map.next_value_seed(Named { found: self.found })?;
            } else {
                map.next_value_seed(Walk { found: self.found })?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<(), A::Error> {
        while array
            .next_element_seed(Walk { found: self.found })?
            .is_some()
        {}
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// Collects from a field that names a resource.
struct Named<'f> {
    found: &'f mut Vec<String>,
}

impl<'de> DeserializeSeed<'de> for Named<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let value = Option::<Cow<'de, str>>::deserialize(deserializer)?;
        let Some(name) = value.as_deref().and_then(name_of) else {
            return Ok(());
        };
        if !self.found.iter().any(|known| known == name) {
            if self.found.len() > MAX_RESOURCES {
                return Err(D::Error::custom("too many"));
            }
            self.found.push(name.to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
