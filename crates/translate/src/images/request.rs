//! The body of `POST /v1/images/generations`.

use super::{
    answer,
    draft::draft,
    family::{Api, family},
    fields::Fields,
    imagen,
    stream::{Frame, ImageRender},
    wishes::Wishes,
};
use crate::{
    AnswerMeta, AnswerStream, Exchange, InvalidRequest, Method, Plan, Target, UnaryAnswer,
    UpstreamFault,
    answer::CallReader,
    blame::assemble_for_model,
    exchange::check_repeated,
    gemini::request::Part,
    invalid_request::{Code, Refusal},
    json::{Text, read_body},
    prompt::function_names::FunctionNames,
};

/// A request for images from nothing but words. `Debug` shows no text of the client.
#[derive(Debug)]
pub struct ImageRequest<'body> {
    wishes: Wishes<'body>,
    body_bytes: usize,
}

impl<'body> ImageRequest<'body> {
    /// Reads a request body.
    ///
    /// # Errors
    /// [`InvalidRequest`] for what is not JSON, missing or wrong fields, and what Gemini cannot make.
    pub fn parse(body: &'body [u8]) -> Result<Self, InvalidRequest> {
        let mut fields: Fields<'_> = read_body(body)?;
        for (name, present) in [
            ("image", fields.image.is_some()),
            ("images", fields.images.is_some()),
        ] {
            if present {
                return Err(Refusal::new(
                    Code::UnsupportedParameter,
                    name,
                    "images are edited, not generated from; use `/v1/images/edits`",
                )
                .into());
            }
        }
        Ok(Self {
            wishes: Wishes::read(&mut fields)?,
            body_bytes: body.len(),
        })
    }
}

impl Exchange for ImageRequest<'_> {
    fn model(&self) -> &str {
        &self.wishes.model
    }

    fn streams(&self) -> bool {
        self.wishes.stream
    }

    fn plan(&self, target: &Target<'_>) -> Result<Plan, InvalidRequest> {
        let family = family(target.model.as_str());
        match family.api {
            Api::Gemini => plan(&self.wishes, Vec::new(), self.body_bytes, target),
            Api::Imagen if self.wishes.stream => Err(Refusal::new(
                Code::UnsupportedValue,
                "stream",
                "Imagen does not stream; leave it out",
            )
            .into()),
            Api::Imagen => Ok(Plan {
                method: Method::Predict,
                bodies: imagen::write_bodies(&self.wishes, family),
                signed: false,
            }),
        }
    }

    fn render(&self, answers: &[&[u8]], meta: &AnswerMeta) -> Result<UnaryAnswer, UpstreamFault> {
        answer::render(answers, self.wishes.delivery, meta)
    }

    fn stream_translator(&self, meta: &AnswerMeta) -> Option<AnswerStream> {
        Some(stream("image_generation.completed", &self.wishes, meta))
    }
}

/// One call of `generateContent` for each image (I3).
pub(super) fn plan<'a>(
    wishes: &'a Wishes<'_>,
    images: Vec<Part<'a>>,
    body_bytes: usize,
    target: &Target<'_>,
) -> Result<Plan, InvalidRequest> {
    let family = family(target.model.as_str());
    let assembled = assemble_for_model(draft(wishes, images, family), target)?;
    let body = assembled.to_json(body_bytes);
    check_repeated(wishes.n, body.len())?;
    Ok(Plan {
        method: Method::Generate,
        bodies: vec![body; wishes.n],
        signed: assembled.signed,
    })
}

/// The translator of a stream whose event is called `event`.
pub(super) fn stream(event: &'static str, wishes: &Wishes<'_>, meta: &AnswerMeta) -> AnswerStream {
    let asked = |wish: &Option<Text<'_>>| wish.as_deref().unwrap_or("auto").to_owned();
    let frame = Frame {
        event,
        created_unix_s: meta.created_unix_s,
        size: asked(&wishes.asked.size),
        quality: asked(&wishes.asked.quality),
        background: asked(&wishes.asked.background),
    };
    let calls = CallReader::new(FunctionNames::default(), "", meta);
    AnswerStream::new(Box::new(ImageRender::new(frame)), calls)
}
