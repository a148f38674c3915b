//! Reads proto3 JSON as strictly as Google does, and into one form.
//!
//! Both spellings of a name, a single value where a list is meant, numbers in strings and enum
//! names in any case are taken, as proto3 JSON has it (U4); `null` is the same as absence. What
//! comes out has the JSON names, lists where lists are, and numbers and enum names as they are
//! written in answers, so that nothing after this has to know two spellings. It checks no meaning.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Number, Value};

use crate::google_error::GoogleError;
use crate::schema::{Enum, Field, Kind, Message, to_camel_case, to_snake_case};

/// Violations that one error lists; the real API stops somewhere too.
const MAX_VIOLATIONS: usize = 20;

/// Characters of a refused value that are shown.
const MAX_SHOWN_CHARS: usize = 120;

const PACKAGE: &str = "type.googleapis.com/google.ai.generativelanguage.v1beta";

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_allow_trailing_bits(true)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// A message from its JSON form.
///
/// # Errors
/// All fields and values that the message does not have, by place.
pub(crate) fn read(
    fields: Map<String, Value>,
    message: &Message,
) -> Result<Map<String, Value>, GoogleError> {
    let mut reader = Reader::default();
    let read = reader.message(fields, message, "");
    if reader.violations.is_empty() {
        Ok(read)
    } else {
        Err(GoogleError::invalid_payload(&reader.violations))
    }
}

/// The bytes of a base64 text in either alphabet, with or without padding.
pub(crate) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let engine = if text.contains(['-', '_']) {
        URL_SAFE
    } else {
        STANDARD
    };
    engine.decode(text).ok()
}

#[derive(Default)]
struct Reader {
    /// Path of the field, empty for the top level, and text.
    violations: Vec<(String, String)>,
}

impl Reader {
    fn message(
        &mut self,
        fields: Map<String, Value>,
        message: &Message,
        path: &str,
    ) -> Map<String, Value> {
        let mut read = Map::new();
        for (name, value) in fields {
            let camel = to_camel_case(&name);
            let known = |field: &&Field| field.name == name || field.name == camel;
            let Some(field) = message.fields.iter().find(known) else {
                self.unknown(&name, path, "Cannot find field.");
                continue;
            };
            let snake = to_snake_case(field.name);
            let field_path = match path {
                "" => snake,
                path => format!("{path}.{snake}"),
            };
            if let Some(value) = self.field(&name, value, field, path, &field_path) {
                read.insert(field.name.to_owned(), value);
            }
        }
        if let Some(one_of) = message.one_of {
            let mut set = one_of
                .fields
                .iter()
                .filter(|name| read.contains_key(**name));
            if let (Some(_), Some(second)) = (set.next(), set.next()) {
                let text = format!(
                    "Invalid value at '{path}' (oneof), oneof field '{}' is already set. Cannot set '{second}'",
                    one_of.name
                );
                self.note(path, text);
            }
        }
        read
    }

    fn field(
        &mut self,
        name: &str,
        value: Value,
        field: &Field,
        parent: &str,
        path: &str,
    ) -> Option<Value> {
        match (value, field.is_repeated) {
            (Value::Null, _) => None,
            (Value::Array(values), true) => {
                let values = values.into_iter().enumerate();
                let values = values.filter_map(|(index, value)| {
                    self.single(value, field.kind, &format!("{path}[{index}]"))
                });
                Some(Value::Array(values.collect()))
            }
            (value, true) => Some(Value::Array(vec![self.single(value, field.kind, path)?])),
            (Value::Array(_), false) if !matches!(field.kind, Kind::Any) => {
                self.unknown(
                    name,
                    parent,
                    "Proto field is not repeating, cannot start list.",
                );
                None
            }
            (value, false) => self.single(value, field.kind, path),
        }
    }

    fn single(&mut self, value: Value, kind: Kind, path: &str) -> Option<Value> {
        match (kind, value) {
            (Kind::Any, value) => Some(value),
            (_, Value::Null) => None,
            (Kind::Text, Value::String(text)) => Some(Value::String(text)),
            (Kind::Text, value) => self.invalid(path, "TYPE_STRING", &value),
            (Kind::Bytes, Value::String(text)) if decode_base64(&text).is_some() => {
                Some(Value::String(text))
            }
            (Kind::Bytes, Value::String(text)) => {
                let text = shown(&Value::String(text));
                let text = format!(
                    "Invalid value at '{path}' (TYPE_BYTES), Base64 decoding failed for {text}"
                );
                self.note(path, text);
                None
            }
            (Kind::Bytes, value) => self.invalid(path, "TYPE_BYTES", &value),
            (Kind::Flag, Value::Bool(flag)) => Some(Value::Bool(flag)),
            (Kind::Flag, value) => self.invalid(path, "TYPE_BOOL", &value),
            (Kind::Int32, value) => {
                let whole = whole(&value).filter(|whole| i32::try_from(*whole).is_ok());
                self.known(whole.map(Value::from), path, "TYPE_INT32", &value)
            }
            (Kind::Int64, value) => {
                self.known(whole(&value).map(Value::from), path, "TYPE_INT64", &value)
            }
            (Kind::Number, value) => self.known(number(&value), path, "TYPE_FLOAT", &value),
            (Kind::Enum(values), value) => {
                let kind = format!("{PACKAGE}.{}", values.name);
                self.known(enumerated(&value, values), path, &kind, &value)
            }
            (Kind::Message(message), Value::Object(fields)) => {
                Some(Value::Object(self.message(fields, message, path)))
            }
            (Kind::Message(message), value) => {
                self.invalid(path, &format!("{PACKAGE}.{}", message.name), &value)
            }
            (Kind::Map(message), Value::Object(entries)) => {
                let entries = entries.into_iter().enumerate();
                let entries = entries.filter_map(|(index, (name, value))| {
                    let path = format!("{path}[{index}].value");
                    Some((name, self.single(value, Kind::Message(message), &path)?))
                });
                Some(Value::Object(entries.collect()))
            }
            (Kind::Map(_), value) => self.invalid(path, "Map", &value),
            (Kind::Struct, Value::Object(fields)) => Some(Value::Object(fields)),
            (Kind::Struct, value) => {
                self.invalid(path, "type.googleapis.com/google.protobuf.Struct", &value)
            }
        }
    }

    fn known(
        &mut self,
        read: Option<Value>,
        path: &str,
        kind: &str,
        value: &Value,
    ) -> Option<Value> {
        read.or_else(|| self.invalid(path, kind, value))
    }

    fn invalid(&mut self, path: &str, kind: &str, value: &Value) -> Option<Value> {
        let text = format!("Invalid value at '{path}' ({kind}), {}", shown(value));
        self.note(path, text);
        None
    }

    fn unknown(&mut self, name: &str, path: &str, reason: &str) {
        let place = match path {
            "" => String::new(),
            path => format!(" at '{path}'"),
        };
        let text =
            format!("Invalid JSON payload received. Unknown name \"{name}\"{place}: {reason}");
        self.note(path, text);
    }

    fn note(&mut self, path: &str, text: String) {
        if self.violations.len() < MAX_VIOLATIONS {
            self.violations.push((path.to_owned(), text));
        }
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(MAX_SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// A whole number, also as `5.0` and as `"5"`.
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| {
            let number = number.as_f64()?;
            // Printed without a fraction, a number of that size reads back exactly.
            (number.fract() == 0.0 && number.abs() < 1e15)
                .then(|| format!("{number:.0}").parse().ok())?
        }),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn number(value: &Value) -> Option<Value> {
    match value {
        Value::Number(number) => Some(Value::Number(number.clone())),
        Value::String(text) => text
            .parse()
            .ok()
            .and_then(Number::from_f64)
            .map(Value::Number),
        _ => None,
    }
}

fn enumerated(value: &Value, values: &Enum) -> Option<Value> {
    let name = match value {
        Value::String(text) => values
            .values
            .iter()
            .find(|name| name.eq_ignore_ascii_case(text)),
        value => values.values.get(usize::try_from(whole(value)?).ok()?),
    };
    name.map(|name| Value::from(*name))
}

#[cfg(test)]
mod tests;
