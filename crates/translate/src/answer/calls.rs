//! Ids and names of the calls in an answer, as the client shall see them (C2, C4).
//!
//! One value per answer: ids must differ within it. It decides nothing about signatures but
//! remembers which call carried which, for whoever keeps them.

use std::{borrow::Cow, collections::BTreeSet};

use serde_json::value::RawValue;

use crate::{
    answer::AnswerMeta, gemini::response::FunctionCall, prompt::function_names::FunctionNames,
};

/// A function call, ready for any dialect.
#[derive(Debug, Clone)]
pub(crate) struct Call<'a> {
    /// Gemini's id, or one of ours; unique in the answer and never empty.
    pub(crate) id: Cow<'a, str>,
    /// The name that the client declared.
    pub(crate) name: Cow<'a, str>,
    /// Arguments as Gemini wrote them, an object; `None` is `{}` (C1).
    pub(crate) args: Option<&'a RawValue>,
}

impl Call<'_> {
    /// The arguments as JSON text.
    pub(crate) fn arguments(&self) -> &str {
        self.args.map_or("{}", RawValue::get)
    }
}

/// A thought signature and the call it belongs to. Kept per client, so that a client which drops
/// the signature can still go on (§3.5).
#[derive(Clone, PartialEq, Eq)]
pub struct CallSignature {
    /// The id that the client saw.
    pub call_id: String,
    /// Base64, opaque.
    pub signature: String,
}

impl std::fmt::Debug for CallSignature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CallSignature")
            .field("call_id", &self.call_id)
            .field("signature_bytes", &self.signature.len())
            .finish()
    }
}

/// Gives calls their ids and names.
#[derive(Debug)]
pub(crate) struct CallReader {
    names: FunctionNames,
    /// `call_` for OpenAI, `toolu_` for Anthropic.
    prefix: &'static str,
    seed: String,
    made: u32,
    seen: BTreeSet<String>,
}

impl CallReader {
    /// For one answer to a request with these functions.
    pub(crate) fn new(names: FunctionNames, prefix: &'static str, meta: &AnswerMeta) -> Self {
        Self {
            names,
            prefix,
            seed: meta.fallback_id.clone(),
            made: 0,
            seen: BTreeSet::new(),
        }
    }

    /// `None` for a call without a name, which nobody could answer.
    pub(crate) fn read<'a>(&mut self, call: &'a FunctionCall<'_>) -> Option<Call<'a>> {
        let name = call.name.as_deref().filter(|name| !name.is_empty())?;
        let given = call.id.as_deref().filter(|id| is_plain(id));
        // Gemini's ids are short and unique within a response only; a repeated one would make two
        // calls indistinguishable (C3).
        let id: Cow<'a, str> = match given.filter(|id| !self.seen.contains(*id)) {
            Some(id) => Cow::Borrowed(id),
            None => Cow::Owned(self.make_id()),
        };
        self.seen.insert(id.clone().into_owned());
        Some(Call {
            id,
            name: self.names.restore(name),
            args: call.args.filter(|args| args.get().starts_with('{')),
        })
    }

    /// The prefix and 24 characters, like OpenAI's own (C2).
    fn make_id(&mut self) -> String {
        let id = format!("{}{:0>16}{:08x}", self.prefix, self.seed, self.made);
        self.made = self.made.wrapping_add(1);
        id
    }
}

/// `^[a-zA-Z0-9_-]+$`, what Anthropic's API demands of ids and every other dialect takes (§7.2).
/// All recorded ids are such; should Gemini ever send others, ours stand in.
fn is_plain(id: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    !id.is_empty() && id.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_a_dialect_would_refuse_are_replaced_c2_c3() {
        let meta = AnswerMeta {
            fallback_id: "0123456789abcdef".to_owned(),
            created_unix_s: 0,
            model: "m".to_owned(),
        };
        let mut calls = CallReader::new(FunctionNames::default(), "toolu_", &meta);
        let mut id = |given: &str| {
            let json = format!(r#"{{"name":"f","id":"{given}"}}"#);
            let call: FunctionCall<'_> = serde_json::from_str(&json).unwrap();
            calls.read(&call).unwrap().id.into_owned()
        };
        assert_eq!(id("a1_B-2"), "a1_B-2");
        for (given, made) in [
            ("", "toolu_0123456789abcdef00000000"),
            ("a1_B-2", "toolu_0123456789abcdef00000001"),
            ("a.b", "toolu_0123456789abcdef00000002"),
            ("é", "toolu_0123456789abcdef00000003"),
        ] {
            assert_eq!(id(given), made, "{given}");
        }
    }
}
