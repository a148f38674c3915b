//! Function names that Gemini accepts, and the way back (T2, C4).
//!
//! One value per request. It changes nothing that Gemini takes as it is.

use std::{borrow::Cow, collections::BTreeMap};

/// The client's names and those that Gemini sees instead, where they differ.
#[derive(Debug, Default, Clone)]
pub(crate) struct FunctionNames {
    /// From Gemini's to the client's.
    changed: BTreeMap<String, String>,
}

impl FunctionNames {
    /// For the functions of a request.
    pub(crate) fn new<'a>(_declared: impl IntoIterator<Item = &'a str>) -> Self {
        Self::default()
    }

    /// The name that Gemini is sent for the client's `name`.
    pub(crate) fn to_gemini<'a>(&self, name: &'a str) -> Cow<'a, str> {
        let found = self.changed.iter().find(|(_, client)| *client == name);
        found.map_or(Cow::Borrowed(name), |(gemini, _)| {
            Cow::Owned(gemini.clone())
        })
    }

    /// The client's name for what Gemini called.
    pub(crate) fn restore<'a>(&self, name: &'a str) -> Cow<'a, str> {
        match self.changed.get(name) {
            Some(client) => Cow::Owned(client.clone()),
            None => Cow::Borrowed(name),
        }
    }
}
