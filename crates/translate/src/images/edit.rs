//! The body of `POST /v1/images/edits`: a form, or JSON (I7).

use super::{
    answer,
    family::{Api, family},
    fields::{self, Fields, MAX_IMAGES},
    request::{plan, stream},
    wishes::Wishes,
};
use crate::{
    AnswerMeta, AnswerStream, Exchange, InvalidRequest, Plan, Target, UnaryAnswer, UpstreamFault,
    gemini::{
        request::{Data, Part},
        upload::Upload,
    },
    invalid_request::{Code, Refusal},
    json::{Bounded, TextOr, read_body},
    media,
    multipart::{self, Form, image_type, is_form},
};

/// A request to edit images. `Debug` shows no text of the client.
#[derive(Debug)]
pub struct ImageEditRequest<'body> {
    wishes: Wishes<'body>,
    images: Images<'body>,
    body_bytes: usize,
}

/// Where the images are.
#[derive(Debug)]
enum Images<'a> {
    /// Files of a form; at least one.
    Uploaded(Vec<multipart::Part<'a>>),
    /// `image` of a JSON body.
    One(fields::Image<'a>),
    /// A list of a JSON body, by the name of its field; at least one.
    Many(&'static str, Bounded<fields::Image<'a>, MAX_IMAGES>),
}

impl<'body> ImageEditRequest<'body> {
    /// Reads a request body by its `content-type`: `multipart/form-data` or JSON.
    ///
    /// # Errors
    /// [`InvalidRequest`] for what is neither, missing or wrong fields, files that are no images, and
    /// what Gemini cannot do, masks among it.
    pub fn parse(content_type: &str, body: &'body [u8]) -> Result<Self, InvalidRequest> {
        Ok(Self::read(content_type, body)?)
    }

    fn read(content_type: &str, body: &'body [u8]) -> Result<Self, Refusal> {
        let (mut fields, images) = if is_form(content_type) {
            let form = Form::parse(content_type, body)?;
            (Fields::from_form(&form)?, uploaded(&form)?)
        } else {
            let mut fields: Fields<'_> = read_body(body)?;
            let images = referred(&mut fields)?;
            (fields, images)
        };
        Ok(Self {
            wishes: Wishes::read(&mut fields)?,
            images,
            body_bytes: body.len(),
        })
    }
}

/// The files of a form: `image`, `image[]` or `image[0]` …
fn uploaded<'a>(form: &Form<'a>) -> Result<Images<'a>, Refusal> {
    let files: Vec<multipart::Part<'_>> = form.all("image").cloned().collect();
    if files.is_empty() {
        return Err(Refusal::missing("image", "a file, the image to edit"));
    }
    if files.len() > MAX_IMAGES {
        return Err(Refusal::new(
            Code::TooLong,
            "image",
            format_args!("at most {MAX_IMAGES} images are allowed"),
        ));
    }
    match files.iter().find(|file| file.bytes.is_empty()) {
        Some(empty) => Err(Refusal::new(
            Code::InvalidValue,
            &*empty.name,
            "is an empty file",
        )),
        None => Ok(Images::Uploaded(files)),
    }
}

/// The images of a JSON body: `images`, or `image` with one or several.
fn referred<'a>(fields: &mut Fields<'a>) -> Result<Images<'a>, Refusal> {
    let (name, list) = match (fields.images.take(), fields.image.take()) {
        (Some(_), Some(_)) => {
            return Err(Refusal::new(
                Code::InvalidValue,
                "image",
                "is `images` by another name; give one of them",
            ));
        }
        (Some(images), None) => ("images", images),
        (None, Some(fields::Images::Many(images))) => ("image", images),
        (None, Some(fields::Images::One(image))) => return Ok(Images::One(image)),
        (None, None) => {
            return Err(Refusal::missing(
                "images",
                "an array of objects with `image_url`, the images to edit",
            ));
        }
    };
    if list.is_empty() {
        return Err(Refusal::new(
            Code::InvalidValue,
            name,
            "must hold at least one image",
        ));
    }
    Ok(Images::Many(name, list))
}

impl Images<'_> {
    /// # Errors
    /// A [`Refusal`] for what is not an image, or not to be had.
    fn parts(&self) -> Result<Vec<Part<'_>>, Refusal> {
        match self {
            Self::Uploaded(files) => files.iter().map(uploaded_part).collect(),
            Self::One(image) => Ok(vec![
                referred_part(image).map_err(|refusal| refusal.within("image"))?,
            ]),
            Self::Many(name, images) => images
                .iter()
                .enumerate()
                .map(|(index, image)| {
                    referred_part(image)
                        .map_err(|refusal| refusal.within(format_args!("{name}[{index}]")))
                })
                .collect(),
        }
    }
}

fn uploaded_part<'a>(file: &multipart::Part<'a>) -> Result<Part<'a>, Refusal> {
    let mime_type = image_type(file).ok_or_else(|| {
        Refusal::new(
            Code::InvalidValue,
            &*file.name,
            "is not an image; send PNG, JPEG, WebP or HEIC",
        )
    })?;
    Ok(Data::InlineBytes(Upload {
        mime_type,
        bytes: file.bytes,
    })
    .into())
}

/// # Errors
/// A [`Refusal`] whose path is relative to the image.
fn referred_part<'a>(image: &'a fields::Image<'_>) -> Result<Part<'a>, Refusal> {
    let reference = match image {
        TextOr::Text(url) => return Ok(url_data(url)?.into()),
        TextOr::Other(reference) => reference,
    };
    let data = match (&reference.image_url, &reference.file_id) {
        (Some(url), None) => url_data(url).map_err(|refusal| refusal.within("image_url")),
        (None, Some(id)) => {
            media::from_file_id(id, None).map_err(|refusal| refusal.within("file_id"))
        }
        (Some(_), Some(_)) | (None, None) => Err(Refusal::new(
            Code::InvalidValue,
            "",
            "must have either `image_url` or `file_id`",
        )),
    };
    Ok(data?.into())
}

fn url_data(url: &str) -> Result<Data<'_>, Refusal> {
    media::from_url_of("image/jpeg", url, None)
}

impl Exchange for ImageEditRequest<'_> {
    fn model(&self) -> &str {
        &self.wishes.model
    }

    fn streams(&self) -> bool {
        self.wishes.stream
    }

    fn plan(&self, target: &Target<'_>) -> Result<Plan, InvalidRequest> {
        if family(target.model.as_str()).api == Api::Imagen {
            return Err(Refusal::new(
                Code::UnsupportedValue,
                "model",
                "Imagen cannot edit; use one of Gemini's image models",
            )
            .into());
        }
        // Base64 makes four bytes of three.
        let body_bytes = self.body_bytes.div_ceil(3).saturating_mul(4);
        plan(&self.wishes, self.images.parts()?, body_bytes, target)
    }

    fn render(&self, answers: &[&[u8]], meta: &AnswerMeta) -> Result<UnaryAnswer, UpstreamFault> {
        answer::render(answers, self.wishes.delivery, meta)
    }

    fn stream_translator(&self, meta: &AnswerMeta) -> Option<AnswerStream> {
        Some(stream("image_edit.completed", &self.wishes, meta))
    }
}
