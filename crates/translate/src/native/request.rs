//! A native request as an exchange: the client's bytes, with what policy demands put in.
//!
//! Apart from its size, its depth and that it is a JSON object, a body is not judged: Gemini does
//! that, and names fields better than anybody (U5).

#[cfg(test)]
mod tests;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    Framing, NativeCall, NativeMethod,
    edits::{Edits, present},
    stream::NativeRender,
    unary,
};
use crate::{
    AnswerMeta, AnswerStream, Exchange, Features, InvalidRequest, ModelName, Plan, Target,
    UnaryAnswer, UpstreamFault,
    answer::CallReader,
    invalid_request::{Code, Refusal},
    json::{Bounded, Object, Text, read_body},
    prompt::function_names::FunctionNames,
};

/// A request in Gemini's own words.
///
/// Two things are put into its body. `store` becomes `false` when generating, unless the client gave
/// it a value: projects made since 2026-10-26 keep prompts and answers otherwise, and the client
/// has not asked for that (G13). And names of the model inside the body, which Google wants to equal
/// the path's (E1), follow where the path's name is an alias or has a prefix.
///
/// Not put in: the deployment's safety settings, for the client's silence means Google's defaults
/// here; and signatures, because native clients keep whole parts.
pub struct NativeRequest<'a> {
    /// As the client wrote it. Not borrowed: the path does not live as long as the body.
    model: String,
    method: NativeMethod,
    framing: Framing,
    body: &'a str,
    store: Option<&'a RawValue>,
}

/// The one field that is read of every body. Google's JSON has one spelling of it (U4).
#[derive(Deserialize)]
struct Stored<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    store: Option<&'a RawValue>,
}

/// Most requests of a batch whose model is looked at. Google takes 100 (E1); ten times as many, so
/// that it is Google who says that there are too many.
const MAX_RENAMED: usize = 1_000;

/// Where a body repeats the model of the path.
#[derive(Deserialize)]
struct Naming<'a> {
    /// `embedContent`; harmless elsewhere.
    #[serde(borrow, default, deserialize_with = "present")]
    model: Option<&'a RawValue>,
    /// `batchEmbedContents`: required in each.
    #[serde(borrow, default)]
    requests: Option<Bounded<Object<Named<'a>>, MAX_RENAMED>>,
    /// `countTokens` with instructions or tools: required.
    #[serde(
        borrow,
        default,
        rename = "generateContentRequest",
        alias = "generate_content_request"
    )]
    count: Option<Object<Named<'a>>>,
}

#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    model: Option<&'a RawValue>,
}

impl<'a> NativeRequest<'a> {
    /// Reads a call: its path, its query without `?`, its body.
    ///
    /// # Errors
    /// [`InvalidRequest`] if the body is no JSON object, nests too deep or says `store` twice, or if
    /// [`Framing::of`] refuses the query.
    pub fn new(
        call: NativeCall<'_>,
        query: Option<&str>,
        body: &'a [u8],
    ) -> Result<Self, InvalidRequest> {
        let framing = Framing::of(call, query)?;
        let Stored { store } = read_body(body)?;
        Ok(Self {
            model: call.model.to_owned(),
            method: call.method,
            framing,
            // It was UTF-8 when it was read.
            body: std::str::from_utf8(body).unwrap_or_default(),
            store,
        })
    }

    /// How the answer is laid out.
    #[must_use]
    pub fn framing(&self) -> Framing {
        self.framing
    }

    fn generates(&self) -> bool {
        matches!(
            self.method,
            NativeMethod::Generate | NativeMethod::StreamGenerate
        )
    }

    fn keep_nothing(&self, edits: &mut Edits<'_>) {
        match self.store {
            None => edits.insert("store", "false"),
            // Unset, to Google: its default would hold (U5).
            Some(value) if value.get() == "null" => edits.replace(value, "false"),
            Some(_) => {}
        }
    }

    /// Gives the model its real name wherever the body calls it as the path does. Another name is
    /// left for Google to refuse, and so is a body of another shape.
    fn rename_model(&self, model: &ModelName, edits: &mut Edits<'_>) {
        let Ok(naming) = serde_json::from_str::<Naming<'_>>(self.body) else {
            return;
        };
        let requests = naming.requests.as_deref().unwrap_or_default();
        let nested = requests.iter().chain(&naming.count);
        let nested = nested.filter_map(|named| named.model);
        for value in naming.model.into_iter().chain(nested) {
            let is_same = serde_json::from_str::<Text<'_>>(value.get())
                .is_ok_and(|name| bare(&name) == bare(&self.model));
            if is_same {
                edits.replace(value, &format!("\"models/{model}\""));
            }
        }
    }
}

/// Without what Google itself puts in front.
fn bare(model: &str) -> &str {
    model.strip_prefix("models/").unwrap_or(model)
}

impl Exchange for NativeRequest<'_> {
    fn model(&self) -> &str {
        &self.model
    }

    fn is_passed_through(&self) -> bool {
        true
    }

    fn streams(&self) -> bool {
        self.method == NativeMethod::StreamGenerate
    }

    /// # Errors
    /// [`InvalidRequest`] at `model` if its suffixes ask for something: here that goes into the body,
    /// where Gemini has its own words for it, and a suffix that does nothing would be a lie.
    fn plan(&self, target: &Target<'_>) -> Result<Plan, InvalidRequest> {
        if target.features != Features::default() {
            return Err(Refusal::new(
                Code::UnsupportedValue,
                "model",
                "has a suffix that is not available in the native API",
            )
            .with_hint("say it in the body: `tools`, `generationConfig.thinkingConfig` or `generationConfig.responseModalities`")
            .into());
        }
        let mut edits = Edits::of(self.body);
        if self.generates() {
            self.keep_nothing(&mut edits);
        } else if bare(&self.model) != target.model.as_str() {
            self.rename_model(target.model, &mut edits);
        }
        // Never `signed`: signatures in the body are the client's own, and the body would be the same
        // with `Signing::Replaced`. Google's refusal is the answer.
        Ok(Plan::one(self.method.upstream(), edits.apply()))
    }

    fn render(&self, answers: &[&[u8]], _meta: &AnswerMeta) -> Result<UnaryAnswer, UpstreamFault> {
        let answer = answers.first().copied().unwrap_or_default();
        if self.generates() {
            unary::generated(answer)
        } else {
            unary::other(answer)
        }
    }

    fn stream_type(&self) -> &'static str {
        self.framing.content_type()
    }

    /// Gemini is always asked for events, also where the client wants an array.
    fn stream_translator(&self, meta: &AnswerMeta) -> Option<AnswerStream> {
        let render = NativeRender::new(self.framing)?;
        let calls = CallReader::new(FunctionNames::default(), "", meta);
        Some(AnswerStream::new(Box::new(render), calls))
    }
}
