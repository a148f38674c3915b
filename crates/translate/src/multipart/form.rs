//! The fields of a form, by name and type.
//!
//! Everything in a form is text, so types are read here as JSON's would be: an integer is digits, a
//! boolean is `true` or `false`. An empty field is one that was not given: forms send the inputs that
//! nobody filled.

use std::borrow::Cow;

use super::{boundary::find_boundary, parse::parse_parts};
use crate::invalid_request::{Code, Quoted, Refusal};

/// One part: a field or a file.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Part<'a> {
    pub(crate) name: Cow<'a, str>,
    /// Makes it a file.
    pub(crate) filename: Option<Cow<'a, str>>,
    pub(crate) content_type: Option<&'a str>,
    pub(crate) bytes: &'a [u8],
}

impl std::fmt::Debug for Part<'_> {
    /// Leaves the content out: it may be a prompt.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Part")
            .field("name", &self.name)
            .field("content_type", &self.content_type)
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

/// A form that was read.
#[derive(Debug)]
pub(crate) struct Form<'a> {
    parts: Vec<Part<'a>>,
}

impl<'a> Form<'a> {
    /// Reads `body` by its `content-type`.
    ///
    /// # Errors
    /// A [`Refusal`] without a path: the body as a whole is at fault.
    pub(crate) fn parse(content_type: &str, body: &'a [u8]) -> Result<Self, Refusal> {
        let boundary = find_boundary(content_type)?;
        Ok(Self {
            parts: parse_parts(body, boundary)?,
        })
    }

    /// All parts by the name `name`, or `name[]`, `name[0]` …: how lists come.
    pub(crate) fn all<'form>(
        &'form self,
        name: &'form str,
    ) -> impl Iterator<Item = &'form Part<'a>> {
        self.parts.iter().filter(move |part| {
            let index = part.name.strip_prefix(name);
            index.is_some_and(|index| {
                index.is_empty()
                    || index
                        .strip_prefix('[')
                        .and_then(|index| index.strip_suffix(']'))
                        .is_some_and(|index| index.bytes().all(|byte| byte.is_ascii_digit()))
            })
        })
    }

    /// Whether a part has this name, or is inside of it: `svg[model]`.
    pub(crate) fn mentions(&self, name: &str) -> bool {
        self.parts.iter().any(|part| {
            let rest = part.name.strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
        })
    }

    /// The only part by this name.
    ///
    /// # Errors
    /// A [`Refusal`] that names it if there are several.
    pub(crate) fn one(&self, name: &str) -> Result<Option<&Part<'a>>, Refusal> {
        let mut found = self.parts.iter().filter(|part| part.name == name);
        let first = found.next();
        match found.next() {
            Some(_) => Err(Refusal::new(Code::InvalidValue, name, "is given twice")),
            None => Ok(first),
        }
    }

    /// A field's text; `None` if it is empty.
    ///
    /// # Errors
    /// A [`Refusal`] that names it if it is given twice or not UTF-8.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&'a str>, Refusal> {
        match self.one(name)? {
            Some(part) => Ok(Some(part.text(name)?).filter(|text| !text.is_empty())),
            None => Ok(None),
        }
    }

    /// An integer.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, Refusal> {
        self.typed(name, "an integer", |text| text.parse().ok())
    }

    /// A finite number.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub(crate) fn number(&self, name: &str) -> Result<Option<f64>, Refusal> {
        self.typed(name, "a number", |text| {
            text.parse().ok().filter(|number: &f64| number.is_finite())
        })
    }

    /// `true` or `false`; Python's clients write them with a capital.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub(crate) fn boolean(&self, name: &str) -> Result<Option<bool>, Refusal> {
        self.typed(name, "`true` or `false`", |text| match text {
            "true" | "True" => Some(true),
            "false" | "False" => Some(false),
            _ => None,
        })
    }

    fn typed<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Refusal> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        match read(text) {
            Some(value) => Ok(Some(value)),
            None => Err(Refusal::new(
                Code::InvalidType,
                name,
                format_args!("expected {expected}, found {}", Quoted(text)),
            )),
        }
    }
}

impl<'a> Part<'a> {
    /// The content as text; `path` is what a refusal calls it.
    ///
    /// # Errors
    /// A [`Refusal`] if it is not UTF-8.
    pub(crate) fn text(&self, path: &str) -> Result<&'a str, Refusal> {
        std::str::from_utf8(self.bytes)
            .map_err(|_| Refusal::new(Code::InvalidValue, path, "is not valid UTF-8"))
    }
}
