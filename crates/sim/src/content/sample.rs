//! A value for a schema: JSON Schema or the `OpenAPI` subset.
//!
//! Required properties only, or all where none is; the first of alternatives; strings and whole
//! numbers out of the question. `pattern` and `not` are not honored.

use serde_json::{Map, Value};

use super::words::{names, numbers};

/// Deeper schemas come to an end: what is recursive has no smallest value.
const MAX_DEPTH: usize = 12;

/// Items and characters that are made to satisfy a minimum.
const MAX_PADDING: usize = 1_000;

/// Properties that hold the question itself.
const WHOLE_TEXT: [&str; 8] = [
    "query", "question", "text", "message", "content", "prompt", "input", "request",
];

/// Makes values; each string and number of the question is used in turn.
pub(super) struct Sampler {
    text: String,
    names: Vec<String>,
    next_name: usize,
    numbers: Vec<i64>,
    next_number: usize,
}

impl Sampler {
    /// Takes strings and numbers from `text`, single words in `except` aside.
    pub(super) fn new(text: &str, except: &[String]) -> Self {
        Self {
            text: text.trim().to_owned(),
            names: names(text, except),
            next_name: 0,
            numbers: numbers(text),
            next_number: 0,
        }
    }

    /// A value that the schema allows.
    pub(super) fn value_of(&mut self, schema: &Value) -> Value {
        self.value(schema, schema, "", 0)
    }

    fn value(&mut self, schema: &Value, root: &Value, name: &str, depth: usize) -> Value {
        if depth > MAX_DEPTH {
            return Value::Null;
        }
        let deeper = depth + 1;
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let target = reference
                .strip_prefix('#')
                .and_then(|path| root.pointer(path));
            return target.map_or(Value::Null, |target| self.value(target, root, name, deeper));
        }
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        let list = |name: &str| schema.get(name).and_then(Value::as_array);
        if let Some(value) = list("enum").and_then(|values| values.first()) {
            return value.clone();
        }
        if let Some(all) = list("allOf") {
            return self.value(&merged(schema, all, root), root, name, deeper);
        }
        let options = list("anyOf").or_else(|| list("oneOf"));
        let option = options
            .into_iter()
            .flatten()
            .find(|option| kind(option) != "null");
        if let Some(option) = option {
            return self.value(option, root, name, deeper);
        }
        match kind(schema).as_str() {
            "object" => self.object(schema, root, deeper),
            "array" => self.array(schema, root, name, deeper),
            "integer" => Value::from(self.whole(schema)),
            "number" => self.number(schema),
            "boolean" => Value::Bool(true),
            "null" => Value::Null,
            _ => Value::String(self.string(schema, name)),
        }
    }

    fn object(&mut self, schema: &Value, root: &Value, depth: usize) -> Value {
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
            return Value::Object(Map::new());
        };
        let required = schema.get("required").and_then(Value::as_array);
        let required = required.filter(|required| !required.is_empty());
        let is_wanted = |name: &str| {
            required
                .is_none_or(|required| required.iter().any(|wanted| wanted.as_str() == Some(name)))
        };
        let mut object = Map::new();
        for (name, property) in properties {
            if is_wanted(name) {
                object.insert(name.clone(), self.value(property, root, name, depth));
            }
        }
        Value::Object(object)
    }

    fn array(&mut self, schema: &Value, root: &Value, name: &str, depth: usize) -> Value {
        let size = |name: &str| {
            let size = schema.get(name).and_then(Value::as_u64);
            size.and_then(|size| usize::try_from(size).ok())
        };
        let prefix = schema.get("prefixItems").and_then(Value::as_array);
        let prefix = prefix.map_or(&[][..], Vec::as_slice);
        let items = schema.get("items").filter(|items| items.is_object());
        let least = if items.is_some() { 1 } else { 0 };
        let length = size("minItems").unwrap_or(least).max(prefix.len());
        let length = length
            .min(size("maxItems").unwrap_or(usize::MAX))
            .min(MAX_PADDING);
        let values = (0..length).map(|index| match (prefix.get(index), items) {
            (Some(item), _) | (None, Some(item)) => self.value(item, root, name, depth),
            (None, None) => Value::String(self.string(&Value::Null, name)),
        });
        Value::Array(values.collect())
    }

    fn whole(&mut self, schema: &Value) -> i64 {
        let bound = |name: &str| schema.get(name).and_then(Value::as_i64);
        let least = bound("minimum")
            .or_else(|| bound("exclusiveMinimum").map(|least| least.saturating_add(1)));
        let most = bound("maximum")
            .or_else(|| bound("exclusiveMaximum").map(|most| most.saturating_sub(1)));
        let within = |number: i64| {
            let number = number.max(least.unwrap_or(i64::MIN));
            number.min(most.unwrap_or(i64::MAX))
        };
        let number = within(self.next_number().unwrap_or(1));
        match bound("multipleOf").filter(|step| *step > 0) {
            Some(step) => {
                let below = number - number.rem_euclid(step);
                if below == within(below) {
                    below
                } else {
                    below.saturating_add(step)
                }
            }
            None => number,
        }
    }

    fn number(&mut self, schema: &Value) -> Value {
        let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
        let least = bound("minimum").unwrap_or(f64::MIN);
        let most = bound("maximum").unwrap_or(f64::MAX);
        let said = self.numbers.get(self.next_number).copied();
        let said = said.and_then(|number| i32::try_from(number).ok());
        match said.filter(|number| (least..=most).contains(&f64::from(*number))) {
            Some(number) => {
                self.next_number += 1;
                Value::from(number)
            }
            None => Value::from(1.5_f64.max(least).min(most)),
        }
    }

    fn next_number(&mut self) -> Option<i64> {
        let number = self.numbers.get(self.next_number).copied();
        self.next_number += usize::from(number.is_some());
        number
    }

    fn string(&mut self, schema: &Value, name: &str) -> String {
        let format = schema.get("format").and_then(Value::as_str);
        let mut text = match format.unwrap_or_default() {
            "date" => "2026-11-21".to_owned(),
            "date-time" => "2026-11-21T12:00:00Z".to_owned(),
            "time" => "12:00:00Z".to_owned(),
            "duration" => "PT1H".to_owned(),
            "email" => "someone@example.com".to_owned(),
            "uri" | "url" => "https://example.com/".to_owned(),
            "hostname" => "example.com".to_owned(),
            "ipv4" => "192.0.2.1".to_owned(),
            "ipv6" => "2001:db8::1".to_owned(),
            "uuid" => "00000000-0000-4000-8000-000000000000".to_owned(),
            _ if WHOLE_TEXT.contains(&name) && !self.text.is_empty() => self.text.clone(),
            _ => self.next_name(),
        };
        let size = |name: &str| {
            let size = schema.get(name).and_then(Value::as_u64);
            size.and_then(|size| usize::try_from(size).ok())
        };
        let length = text.chars().count();
        let least = size("minLength").unwrap_or(0).min(MAX_PADDING);
        text.extend(std::iter::repeat_n('x', least.saturating_sub(length)));
        if let Some((end, _)) = size("maxLength").and_then(|most| text.char_indices().nth(most)) {
            text.truncate(end);
        }
        text
    }

    fn next_name(&mut self) -> String {
        let index = self.next_name % self.names.len().max(1);
        self.next_name += 1;
        self.names.get(index).cloned().unwrap_or_default()
    }
}

/// The type in lower case, the first that is not null of several, or what the fields imply.
fn kind(schema: &Value) -> String {
    let kind = match schema.get("type") {
        Some(Value::String(kind)) => Some(kind.to_lowercase()),
        Some(Value::Array(kinds)) => {
            let mut kinds = kinds.iter().filter_map(Value::as_str);
            kinds.find(|kind| *kind != "null").map(str::to_lowercase)
        }
        _ => None,
    };
    kind.unwrap_or_else(|| {
        let implied = [
            ("properties", "object"),
            ("items", "array"),
            ("prefixItems", "array"),
        ];
        let implied = implied
            .iter()
            .find(|(field, _)| schema.get(*field).is_some());
        implied.map_or(String::new(), |(_, kind)| (*kind).to_owned())
    })
}

/// One schema of several that all hold: fields of the later win, properties and required are united.
fn merged(schema: &Value, all: &[Value], root: &Value) -> Value {
    let mut whole = schema.as_object().cloned().unwrap_or_default();
    whole.remove("allOf");
    for schema in all {
        let reference = schema.get("$ref").and_then(Value::as_str);
        let target = reference
            .and_then(|reference| reference.strip_prefix('#'))
            .and_then(|path| root.pointer(path));
        let fields = target.unwrap_or(schema).as_object();
        for (name, value) in fields.into_iter().flatten() {
            match (whole.get_mut(name), value) {
                (Some(Value::Object(known)), Value::Object(more)) => known.extend(more.clone()),
                (Some(Value::Array(known)), Value::Array(more)) => known.extend_from_slice(more),
                _ => {
                    whole.insert(name.clone(), value.clone());
                }
            }
        }
    }
    Value::Object(whole)
}

#[cfg(test)]
mod tests;
