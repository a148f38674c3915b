//! Answers to `ImagesResponse` (I4, I5, I8).
//!
//! What Gemini says beside its images is not a revised prompt, and OpenAI has no other place for it:
//! it is left out, unless there is no image at all.

use serde::{Serialize, Serializer};

use super::{imagen, wishes::Delivery};
use crate::{
    AnswerMeta, JSON, UnaryAnswer, UpstreamFault, Usage,
    absent::{Wanted, explain},
    answer::{Answer, CallReader, Output},
    gemini::response::GenerateContentResponse,
    json::write_json,
    prompt::function_names::FunctionNames,
};

/// What an image is taken for if Gemini does not say: what its models make.
const DEFAULT_TYPE: &str = "image/png";

/// An image of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Picture<'a> {
    pub(super) mime_type: &'a str,
    /// Base64.
    pub(super) data: &'a str,
}

impl Picture<'_> {
    /// OpenAI's `output_format`: `png`, `jpeg` …
    pub(super) fn format(&self) -> &str {
        self.mime_type
            .strip_prefix("image/")
            .unwrap_or(self.mime_type)
    }
}

#[derive(Serialize)]
pub(super) struct ImagesUsage {
    input_tokens: u64,
    input_tokens_details: ByModality,
    output_tokens: u64,
    output_tokens_details: ByModality,
    total_tokens: u64,
}

/// Text is what is not image, so that the two add up: Gemini's own lists do not (S4).
#[derive(Serialize)]
struct ByModality {
    image_tokens: u64,
    text_tokens: u64,
}

impl From<Usage> for ImagesUsage {
    fn from(usage: Usage) -> Self {
        let split = |all: u64, image: u64| ByModality {
            image_tokens: image,
            text_tokens: all.saturating_sub(image),
        };
        Self {
            input_tokens: usage.prompt_tokens,
            input_tokens_details: split(usage.prompt_tokens, usage.prompt_image_tokens),
            output_tokens: usage.completion_tokens,
            output_tokens_details: split(usage.completion_tokens, usage.completion_image_tokens),
            total_tokens: usage.total_tokens,
        }
    }
}

#[derive(Serialize)]
struct Tail<'a> {
    output_format: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<ImagesUsage>,
}

#[derive(Serialize)]
enum Image<'a> {
    #[serde(rename = "b64_json")]
    Base64(&'a str),
    #[serde(rename = "url", serialize_with = "write_data_url")]
    Url(Picture<'a>),
}

fn write_data_url<S: Serializer>(picture: &Picture<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    let Picture { mime_type, data } = picture;
    serializer.collect_str(&format_args!("data:{mime_type};base64,{data}"))
}

/// Collects the images of all calls, in order. Calls that made none are left out if others did.
///
/// # Errors
/// The first call's reason if there is no image at all; what parsing says of any of them.
pub(super) fn render(
    answers: &[&[u8]],
    delivery: Delivery,
    meta: &AnswerMeta,
) -> Result<UnaryAnswer, UpstreamFault> {
    let bytes: usize = answers.iter().map(|answer| answer.len()).sum();
    let mut page = Page {
        body: Vec::with_capacity(bytes),
        format: None,
        delivery,
    };
    page.body.extend_from_slice(b"{\"created\":");
    write_json(&mut page.body, &meta.created_unix_s);
    page.body.extend_from_slice(b",\"data\":[");
    let mut usage = Usage::default();
    let mut fault = None;
    for answer in answers {
        match page.read(answer, meta)? {
            Ok(spent) => usage = usage.plus(spent),
            Err(reason) => fault = fault.or(Some(reason)),
        }
    }
    let Page {
        mut body, format, ..
    } = page;
    let Some(format) = format else {
        return Err(fault.unwrap_or(UpstreamFault::Empty));
    };
    body.extend_from_slice(b"],");
    let mut tail = Vec::new();
    write_json(
        &mut tail,
        &Tail {
            output_format: &format,
            // Imagen counts no tokens.
            usage: (usage.total_tokens > 0).then(|| usage.into()),
        },
    );
    body.extend_from_slice(tail.get(1..).unwrap_or_default());
    Ok(UnaryAnswer {
        body,
        content_type: JSON,
        usage,
        empty: false,
        signatures: Vec::new(),
    })
}

/// The list of images while it is written.
struct Page {
    body: Vec<u8>,
    /// Of the first image.
    format: Option<String>,
    delivery: Delivery,
}

/// What one call cost, or why it made no image.
type Made = Result<Usage, UpstreamFault>;

impl Page {
    fn read(&mut self, json: &[u8], meta: &AnswerMeta) -> Result<Made, UpstreamFault> {
        let response = GenerateContentResponse::parse(json)?;
        if response.candidates.is_none()
            && let Some(predictions) = imagen::read_predictions(json)?
        {
            let pictures = predictions.iter().filter_map(|prediction| {
                Some(Picture {
                    mime_type: prediction.mime_type.as_deref().unwrap_or(DEFAULT_TYPE),
                    data: prediction.bytes_base64_encoded.as_deref()?,
                })
            });
            let made = self.write(pictures);
            return Ok(if made {
                Ok(Usage::default())
            } else {
                Err(imagen::explain(&predictions))
            });
        }
        let mut calls = CallReader::new(FunctionNames::default(), "", meta);
        let answer = match Answer::read(&response, &mut calls) {
            Ok(answer) => answer,
            Err(fault) => return Ok(Err(fault)),
        };
        let made = self.write(pictures(&answer));
        Ok(if made {
            Ok(answer.usage)
        } else {
            Err(explain(&response, &answer, Wanted::Image))
        })
    }

    /// Whether there was one.
    fn write<'a>(&mut self, pictures: impl Iterator<Item = Picture<'a>>) -> bool {
        let mut any = false;
        for picture in pictures {
            if self.format.is_some() {
                self.body.push(b',');
            }
            any = true;
            self.format
                .get_or_insert_with(|| picture.format().to_owned());
            let image = match self.delivery {
                Delivery::Base64 => Image::Base64(picture.data),
                Delivery::Url => Image::Url(picture),
            };
            write_json(&mut self.body, &image);
        }
        any
    }
}

fn pictures<'a>(answer: &'a Answer<'_>) -> impl Iterator<Item = Picture<'a>> {
    let said = answer
        .candidates
        .iter()
        .flat_map(|candidate| &candidate.said);
    said.filter_map(|said| match said.output {
        Output::Media(media) if media.is_image() => Some(Picture {
            mime_type: media.mime_type,
            data: media.data,
        }),
        _ => None,
    })
}
