//! Google's `Schema`: a subset of `OpenAPI` 3.0, as a type, so that nothing else can be sent (table of
//! 1.3; <https://ai.google.dev/api/caching#Schema>, 2026-11-21).

use std::borrow::Cow;

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::value::RawValue;

/// A schema. Literals are the client's own.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OpenApi<'a> {
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<Kind>,
    #[serde(flatten)]
    pub(super) notes: Notes<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) format: Option<&'static str>,
    /// With `null` allowed, which has no type of its own here.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) nullable: bool,
    /// Strings only, and none of them empty.
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    pub(super) choices: Vec<Cow<'a, str>>,
    #[serde(flatten)]
    pub(super) bounds: Bounds<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) items: Option<Box<OpenApi<'a>>>,
    #[serde(skip_serializing_if = "Properties::is_empty")]
    pub(super) properties: Properties<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) required: Vec<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) any_of: Vec<OpenApi<'a>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Kind {
    String,
    Number,
    Integer,
    Boolean,
    Array,
    Object,
}

/// What is said about a value without restricting it.
#[derive(Debug, Default, Clone, Serialize)]
pub(super) struct Notes<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) default: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) example: Option<&'a RawValue>,
}

/// Limits, by the kind that they belong to.
#[derive(Debug, Default, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Bounds<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) minimum: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) maximum: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) min_length: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_length: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pattern: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) min_items: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_items: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) min_properties: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_properties: Option<&'a RawValue>,
}

/// Most fields of an object; more are left out. Gemini refuses objects long before ("too many
/// states"), and names are compared with each other.
const MAX_PROPERTIES: usize = 1_000;

/// Fields of an object, in the client's order, which is the order that models write them in.
#[derive(Debug, Default)]
pub(super) struct Properties<'a>(Vec<(Cow<'a, str>, OpenApi<'a>)>);

impl<'a> Properties<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(other, _)| other == name)
    }

    /// Adds a field, unless there is one of that name or there are too many.
    pub(super) fn add(&mut self, name: Cow<'a, str>, schema: OpenApi<'a>) {
        if self.0.len() < MAX_PROPERTIES && !self.has(&name) {
            self.0.push((name, schema));
        }
    }
}

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, schema) in &self.0 {
            map.serialize_entry(name, schema)?;
        }
        map.end()
    }
}

impl<'a> OpenApi<'a> {
    /// A schema that says the kind and nothing more.
    pub(super) fn of(kind: Kind) -> Self {
        Self {
            kind: Some(kind),
            ..Self::default()
        }
    }

    /// Both schemas in one, as `allOf` means it; where they differ, this one's word counts.
    pub(super) fn merge(&mut self, other: Self) {
        self.kind = self.kind.or(other.kind);
        self.notes.merge(other.notes);
        self.bounds.merge(other.bounds);
        self.format = self.format.or(other.format);
        self.nullable |= other.nullable;
        if self.choices.is_empty() {
            self.choices = other.choices;
        }
        if self.items.is_none() {
            self.items = other.items;
        }
        for (name, schema) in other.properties.0 {
            self.properties.add(name, schema);
        }
        self.required.extend(other.required);
        if self.any_of.is_empty() {
            self.any_of = other.any_of;
        }
    }
}

impl<'a> Notes<'a> {
    fn merge(&mut self, other: Notes<'a>) {
        self.title = self.title.or(other.title);
        self.description = self.description.or(other.description);
        self.default = self.default.or(other.default);
        self.example = self.example.or(other.example);
    }
}

impl<'a> Bounds<'a> {
    fn merge(&mut self, other: Bounds<'a>) {
        self.minimum = self.minimum.or(other.minimum);
        self.maximum = self.maximum.or(other.maximum);
        self.min_length = self.min_length.or(other.min_length);
        self.max_length = self.max_length.or(other.max_length);
        self.pattern = self.pattern.or(other.pattern);
        self.min_items = self.min_items.or(other.min_items);
        self.max_items = self.max_items.or(other.max_items);
        self.min_properties = self.min_properties.or(other.min_properties);
        self.max_properties = self.max_properties.or(other.max_properties);
    }

    /// Those that the kind can have.
    pub(super) fn of(&self, kind: Kind) -> Self {
        let none = Self::default();
        match kind {
            Kind::String => Self {
                min_length: self.min_length,
                max_length: self.max_length,
                pattern: self.pattern,
                ..none
            },
            Kind::Number | Kind::Integer => Self {
                minimum: self.minimum,
                maximum: self.maximum,
                ..none
            },
            Kind::Boolean => none,
            Kind::Array => Self {
                min_items: self.min_items,
                max_items: self.max_items,
                ..none
            },
            Kind::Object => Self {
                min_properties: self.min_properties,
                max_properties: self.max_properties,
                ..none
            },
        }
    }
}
