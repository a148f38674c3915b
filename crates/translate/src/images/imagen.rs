//! Imagen's `predict`: what it is asked, and what it answers (I6).
//!
//! Google shut Imagen on 2026-08-17. It is kept for keys and stand-ins that still serve it, as small
//! as it can be.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{draft::resolution, family::Family, size::Resolution, wishes::Wishes};
use crate::{
    UpstreamFault,
    json::{Object, Text, write_json},
};

/// Most images of one call (<https://ai.google.dev/gemini-api/docs/imagen>, read 2026-11-24).
const MAX_SAMPLES: usize = 4;

#[derive(Serialize)]
struct PredictRequest<'a> {
    instances: [Instance<'a>; 1],
    parameters: Parameters,
}

#[derive(Serialize)]
struct Instance<'a> {
    prompt: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    sample_count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    aspect_ratio: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sample_image_size: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_options: Option<OutputOptions>,
}

#[derive(Serialize, Clone, Copy)]
#[serde(rename_all = "camelCase")]
struct OutputOptions {
    mime_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    compression_quality: Option<i64>,
}

/// The bodies that together ask for all images.
pub(super) fn write_bodies(wishes: &Wishes<'_>, family: Family) -> Vec<Vec<u8>> {
    let output_options = match wishes.output_format {
        Some("jpeg") => Some(OutputOptions {
            mime_type: "image/jpeg",
            compression_quality: wishes.compression,
        }),
        Some(_) => Some(OutputOptions {
            mime_type: "image/png",
            compression_quality: None,
        }),
        None => None,
    };
    let mut bodies = Vec::new();
    let mut missing = wishes.n;
    while missing > 0 {
        let sample_count = missing.min(MAX_SAMPLES);
        missing -= sample_count;
        let request = PredictRequest {
            instances: [Instance {
                prompt: &wishes.prompt,
            }],
            parameters: Parameters {
                sample_count,
                aspect_ratio: wishes.size.ratio(family.ratios).map(|ratio| ratio.name),
                sample_image_size: resolution(wishes, family).map(Resolution::name),
                output_options,
            },
        };
        let mut body = Vec::new();
        write_json(&mut body, &request);
        bodies.push(body);
    }
    bodies
}

#[derive(Deserialize)]
pub(super) struct PredictResponse<'a> {
    #[serde(borrow)]
    predictions: Option<&'a RawValue>,
}

/// One image, or why there is none.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Prediction<'a> {
    #[serde(borrow)]
    pub(super) bytes_base64_encoded: Option<Text<'a>>,
    pub(super) mime_type: Option<Text<'a>>,
    rai_filtered_reason: Option<Text<'a>>,
}

/// The predictions; `None` if this is not an answer of `predict`.
///
/// # Errors
/// `Malformed` if they are not a list of objects.
pub(super) fn read_predictions(json: &[u8]) -> Result<Option<Vec<Prediction<'_>>>, UpstreamFault> {
    let response = serde_json::from_slice::<Object<PredictResponse<'_>>>(json);
    let Some(predictions) = response
        .ok()
        .and_then(|Object(response)| response.predictions)
    else {
        return Ok(None);
    };
    let predictions: Vec<Object<Prediction<'_>>> =
        serde_json::from_str(predictions.get()).map_err(|_| UpstreamFault::Malformed)?;
    Ok(Some(
        predictions
            .into_iter()
            .map(|Object(prediction)| prediction)
            .collect(),
    ))
}

/// Why there is no image in `predictions`.
pub(super) fn explain(predictions: &[Prediction<'_>]) -> UpstreamFault {
    let reason = predictions
        .iter()
        .find_map(|prediction| prediction.rai_filtered_reason.as_deref());
    match reason {
        Some(reason) => UpstreamFault::refused(reason.to_owned()),
        None => UpstreamFault::Empty,
    }
}
