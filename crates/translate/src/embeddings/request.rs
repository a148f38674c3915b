//! The body of `POST /v1/embeddings`.
//!
//! Fields that are not listed are ignored: clients send other vendors' extensions (`input_type`,
//! `truncate`) to every server.

use serde::Deserialize;

use super::{
    family::{TaskStyle, family},
    input::{Input, Texts},
    task::Task,
};
use crate::{
    invalid_request::{Code, InvalidRequest, Quoted, Refusal},
    json::{Object, Text, read_body},
};

/// An embeddings request that was read. `Debug` shows no text of the client.
#[derive(Debug)]
pub struct EmbeddingsRequest<'body> {
    pub(super) model: Text<'body>,
    pub(super) texts: Texts<'body>,
    dimensions: Option<i64>,
    pub(super) encoding: Encoding,
    task: Option<Task>,
    title: Option<Text<'body>>,
}

/// How vectors are written (E4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Float,
    Base64,
}

/// What one model is asked for with each text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish<'a> {
    pub(super) dimensions: Option<i64>,
    pub(super) task: Option<Task>,
    pub(super) title: Option<&'a str>,
    pub(super) style: TaskStyle,
}

#[derive(Deserialize)]
pub(super) struct Fields<'a> {
    #[serde(borrow)]
    model: Option<Text<'a>>,
    input: Option<Input<'a>>,
    dimensions: Option<i64>,
    encoding_format: Option<Text<'a>>,
    #[serde(alias = "taskType")]
    task_type: Option<Text<'a>>,
    title: Option<Text<'a>>,
    google: Option<Object<Extra<'a>>>,
    extra_body: Option<Object<ExtraBody<'a>>>,
}

/// What Google has and OpenAI has not.
#[derive(Deserialize)]
struct Extra<'a> {
    #[serde(borrow, alias = "taskType")]
    task_type: Option<Text<'a>>,
    title: Option<Text<'a>>,
}

/// Clients that do not merge `extra_body` themselves send it.
#[derive(Deserialize)]
struct ExtraBody<'a> {
    #[serde(borrow, alias = "taskType")]
    task_type: Option<Text<'a>>,
    title: Option<Text<'a>>,
    google: Option<Object<Extra<'a>>>,
}

impl<'body> EmbeddingsRequest<'body> {
    /// Reads a request body.
    ///
    /// # Errors
    /// [`InvalidRequest`] for what is not JSON, missing or wrong fields, token ids, empty texts, and
    /// more than 2048 of them.
    pub fn parse(body: &'body [u8]) -> Result<Self, InvalidRequest> {
        Ok(Self::read(body)?)
    }

    fn read(body: &'body [u8]) -> Result<Self, Refusal> {
        let mut fields: Fields<'_> = read_body(body)?;
        let Some(model) = fields.model.take().filter(|model| !model.is_empty()) else {
            return Err(Refusal::missing(
                "model",
                "the name of a model, `gemini-embedding-001` for instance",
            ));
        };
        let input = fields
            .input
            .take()
            .ok_or_else(|| Refusal::missing("input", "a text or an array of texts"))?;
        let encoding = match fields.encoding_format.as_deref() {
            None | Some("float") => Encoding::Float,
            Some("base64") => Encoding::Base64,
            Some(other) => {
                return Err(Refusal::new(
                    Code::InvalidValue,
                    "encoding_format",
                    format_args!("unknown format {}; use `float` or `base64`", Quoted(other)),
                ));
            }
        };
        if let Some(dimensions) = fields.dimensions.filter(|dimensions| *dimensions < 1) {
            return Err(Refusal::new(
                Code::InvalidValue,
                "dimensions",
                format_args!("must be at least 1, not {dimensions}"),
            ));
        }
        let dimensions = fields.dimensions;
        let (task, title) = read_extras(fields)?;
        Ok(Self {
            model,
            texts: input.into_texts()?,
            dimensions,
            encoding,
            task,
            title,
        })
    }

    /// What `model` is asked for.
    ///
    /// # Errors
    /// A [`Refusal`] for more dimensions than its family has.
    pub(super) fn wish(&self, model: &str) -> Result<Wish<'_>, Refusal> {
        let family = family(model);
        match (self.dimensions, family.max_dimensions) {
            (Some(dimensions), Some(max)) if dimensions > max => {
                return Err(Refusal::new(
                    Code::InvalidValue,
                    "dimensions",
                    format_args!("{} has at most {max}, not {dimensions}", Quoted(model)),
                ));
            }
            _ => {}
        }
        Ok(Wish {
            dimensions: self.dimensions,
            task: self.task,
            title: self.title.as_deref(),
            style: family.task_style,
        })
    }
}

/// The task and the title, from the first place that has them.
fn read_extras(fields: Fields<'_>) -> Result<(Option<Task>, Option<Text<'_>>), Refusal> {
    let (in_google, in_body) = (fields.google, fields.extra_body);
    let (google_task, google_title) =
        in_google.map_or((None, None), |Object(extra)| (extra.task_type, extra.title));
    let (body_task, body_title, nested) = in_body.map_or((None, None, None), |Object(extra)| {
        (extra.task_type, extra.title, extra.google)
    });
    let (nested_task, nested_title) =
        nested.map_or((None, None), |Object(extra)| (extra.task_type, extra.title));
    let task = first([
        (fields.task_type, "task_type"),
        (google_task, "google.task_type"),
        (body_task, "extra_body.task_type"),
        (nested_task, "extra_body.google.task_type"),
    ]);
    let title = first([
        (fields.title, "title"),
        (google_title, "google.title"),
        (body_title, "extra_body.title"),
        (nested_title, "extra_body.google.title"),
    ]);
    let task = match task {
        Some((name, path)) => Task::read(&name, path)?,
        None => None,
    };
    match title {
        Some((_, path)) if task != Some(Task::RetrievalDocument) => Err(Refusal::new(
            Code::InvalidValue,
            path,
            "is only for documents: give `task_type` `RETRIEVAL_DOCUMENT` too",
        )),
        title => Ok((task, title.map(|(title, _)| title))),
    }
}

/// The first that is there, with its path.
fn first<'a>(places: [(Option<Text<'a>>, &'static str); 4]) -> Option<(Text<'a>, &'static str)> {
    places
        .into_iter()
        .find_map(|(text, path)| Some((text?, path)))
}
