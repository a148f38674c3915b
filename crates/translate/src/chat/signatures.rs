//! Where clients keep thought signatures (§3.4).
//!
//! Only finding them: on which part of Gemini's each goes is decided where the parts are made, and
//! what becomes of calls without one is not decided in this dialect.

use std::borrow::Cow;

use serde::Deserialize;

use crate::{
    invalid_request::Refusal,
    json::{Bounded, Object, Text},
    media::check_base64,
};

/// What LiteLLM puts between the id of a call and its signature.
const IN_ID: &str = "__thought__";

/// How OpenRouter marks what is encrypted.
const ENCRYPTED: &str = "reasoning.encrypted";

/// How OpenRouter's names of Google's formats begin; those of others hold what only others can read.
const GOOGLES_FORMAT: &str = "google-";

/// Most pieces of reasoning in one message. Clients keep one per streamed chunk at worst.
const MAX_DETAILS: usize = 4096;

/// Most signatures that a message lists beside its calls.
const MAX_SIGNATURES: usize = 512;

/// Google's own place: `{"google":{"thought_signature":…}}`, or `vertex` on its other platform.
#[derive(Debug, Deserialize)]
pub(super) struct ExtraContent<'a> {
    #[serde(borrow)]
    google: Option<Object<Signed<'a>>>,
    vertex: Option<Object<Signed<'a>>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Signed<'a> {
    #[serde(borrow)]
    thought_signature: Option<Text<'a>>,
}

/// LiteLLM's place; the list is on messages.
#[derive(Debug, Deserialize)]
pub(super) struct ProviderFields<'a> {
    #[serde(borrow)]
    thought_signature: Option<Text<'a>>,
    thought_signatures: Option<Bounded<Text<'a>, MAX_SIGNATURES>>,
}

/// OpenRouter's place.
pub(super) type ReasoningDetails<'a> = Bounded<Object<ReasoningDetail<'a>>, MAX_DETAILS>;

#[derive(Debug, Deserialize)]
pub(super) struct ReasoningDetail<'a> {
    #[serde(borrow)]
    r#type: Option<Text<'a>>,
    data: Option<Text<'a>>,
    /// Of the call that it belongs to.
    id: Option<Text<'a>>,
    format: Option<Text<'a>>,
}

/// A signature, and where in the client's object it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signature<'a> {
    pub(super) value: &'a str,
    path: Cow<'static, str>,
}

impl<'a> Signature<'a> {
    fn new(path: impl Into<Cow<'static, str>>, value: Option<&'a str>) -> Option<Self> {
        let value = value.filter(|value| !value.is_empty())?;
        let path = path.into();
        Some(Self { value, path })
    }

    /// A field called `thought_signature`.
    pub(super) fn field(value: Option<&'a Text<'_>>) -> Option<Self> {
        Self::new("thought_signature", value.map(|value| &**value))
    }

    /// What follows the id in an id.
    pub(super) fn in_id(id: Option<&'a str>) -> Option<Self> {
        Self::new("id", id.and_then(|id| split_id(id).1))
    }

    /// Puts `parent` in front of the path.
    pub(super) fn within(self, parent: &str) -> Self {
        let path = format!("{parent}.{}", self.path).into();
        Self { path, ..self }
    }

    /// As Gemini takes it.
    ///
    /// # Errors
    /// A [`Refusal`] for what is not base64.
    pub(super) fn check(&self) -> Result<Cow<'a, str>, Refusal> {
        check_base64(self.value).map_err(|refusal| refusal.within(&self.path))
    }
}

impl ExtraContent<'_> {
    pub(super) fn signature(&self) -> Option<Signature<'_>> {
        let google = self.google.as_ref().and_then(|google| google.signature());
        let vertex = self.vertex.as_ref().and_then(|vertex| vertex.signature());
        let google = google.map(|found| found.within("extra_content.google"));
        google.or_else(|| vertex.map(|found| found.within("extra_content.vertex")))
    }
}

impl Signed<'_> {
    fn signature(&self) -> Option<Signature<'_>> {
        Signature::field(self.thought_signature.as_ref())
    }
}

impl ProviderFields<'_> {
    pub(super) fn signature(&self) -> Option<Signature<'_>> {
        let found = Signature::field(self.thought_signature.as_ref())?;
        Some(found.within("provider_specific_fields"))
    }

    /// The list that messages have.
    pub(super) fn signatures(&self) -> impl Iterator<Item = Signature<'_>> {
        let list = self.thought_signatures.as_deref().unwrap_or_default();
        list.iter().enumerate().filter_map(|(index, value)| {
            let path = format!("provider_specific_fields.thought_signatures[{index}]");
            Signature::new(path, Some(value))
        })
    }
}

/// The signatures among a message's `reasoning_details`, each with the id of its call.
pub(super) fn encrypted<'a>(
    details: &'a [Object<ReasoningDetail<'_>>],
) -> impl Iterator<Item = (Option<&'a str>, Signature<'a>)> {
    details.iter().enumerate().filter_map(|(index, detail)| {
        let format = detail.format.as_deref();
        let googles = format.is_none_or(|format| format.starts_with(GOOGLES_FORMAT));
        if detail.r#type.as_deref() != Some(ENCRYPTED) || !googles {
            return None;
        }
        let path = format!("reasoning_details[{index}].data");
        let found = Signature::new(path, detail.data.as_deref())?;
        Some((detail.id.as_deref().map(bare_id), found))
    })
}

/// An id of a call without the signature that it may carry, and that signature.
fn split_id(id: &str) -> (&str, Option<&str>) {
    match id.split_once(IN_ID) {
        Some((id, signature)) => (id, Some(signature)),
        None => (id, None),
    }
}

/// An id of a call without the signature that it may carry.
pub(super) fn bare_id(id: &str) -> &str {
    split_id(id).0
}
