//! Cuts one candidate into the events of a stream, as the generation of the model does, and gives
//! calls their ids and parts their signatures.
//!
//! Recorded: Gemini 3 sends calls one by one, signs the first, gives each an id and ends with an
//! empty text; without calls that empty text carries the signature. Before, calls come together in
//! the last event, without ids; 2.5 signs the first one all the same. 2.5 ends at running code,
//! and goes on (X5).

use crate::hash;
use crate::model_traits::ModelTraits;
use crate::script::{Answer, FunctionCall};
use crate::signature;
use crate::wire::part::{self, Data, Part};

/// Characters of an id, and how many (C3).
const ID_ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
const ID_LENGTH: usize = 8;

/// What one event says of one candidate.
#[derive(Debug)]
pub(super) struct Beat {
    pub(super) parts: Vec<Part>,
    /// Whether it carries a finish reason although more comes.
    pub(super) is_end: bool,
}

impl From<Part> for Beat {
    fn from(part: Part) -> Self {
        Self {
            parts: vec![part],
            is_end: false,
        }
    }
}

/// At least one beat.
pub(super) fn beats(answer: &Answer, model: ModelTraits<'_>, seed: u64) -> Vec<Beat> {
    let mut beats: Vec<Beat> = Vec::new();
    beats.extend(
        answer
            .thoughts
            .iter()
            .map(|text| Part::thought(text).into()),
    );
    for part in answer.parts.iter().filter_map(|part| part.as_object()) {
        beats.push(Beat {
            is_end: part.contains_key("executableCode") && model.is_before_gemini_3(),
            ..Part::from(Data::Given(part.clone())).into()
        });
    }
    beats.extend(answer.text.iter().map(|text| Part::text(text).into()));
    for (index, media) in answer.media.iter().enumerate() {
        let blob = part::Blob {
            mime_type: media.mime_type.clone(),
            data: media.data.clone(),
        };
        let is_signed = index == 0 && model.is_gemini_3() && media.mime_type.starts_with("image/");
        let signature = is_signed.then(|| signature::issue(seed ^ 2));
        beats.push(Part::from(Data::Blob(blob)).signed(signature).into());
    }
    if answer.calls.is_empty() {
        sign_text(&mut beats, answer, model, seed);
    } else {
        push_calls(&mut beats, &answer.calls, model, seed);
    }
    if beats.is_empty() {
        beats.push(Beat {
            parts: Vec::new(),
            is_end: false,
        });
    }
    beats
}

/// The signature of an answer in words comes with an empty text of its own since Gemini 3; where a
/// script wants one of an older model, on the last text.
fn sign_text(beats: &mut Vec<Beat>, answer: &Answer, model: ModelTraits<'_>, seed: u64) {
    let signature = match answer.signature.as_deref() {
        Some("") => None,
        Some(given) => Some(given.to_owned()),
        None => model.is_gemini_3().then(|| signature::issue(seed)),
    };
    let (Some(signature), Some(last)) = (signature, beats.last_mut()) else {
        return;
    };
    let Some(Part {
        data: Data::Text(_),
        thought: false,
        thought_signature,
    }) = last.parts.last_mut()
    else {
        return;
    };
    if model.is_gemini_3() {
        beats.push(Part::text("").signed(Some(signature)).into());
    } else {
        *thought_signature = Some(signature);
    }
}

fn push_calls(beats: &mut Vec<Beat>, calls: &[FunctionCall], model: ModelTraits<'_>, seed: u64) {
    let parts = calls
        .iter()
        .enumerate()
        .map(|(index, call)| call_part(index, call, model, seed));
    if model.is_gemini_3() {
        beats.extend(parts.map(Beat::from));
        beats.push(Part::text("").into());
    } else {
        beats.push(Beat {
            parts: parts.collect(),
            is_end: false,
        });
    }
}

fn call_part(index: usize, call: &FunctionCall, model: ModelTraits<'_>, seed: u64) -> Part {
    let id_seed = hash::split_mix(seed.wrapping_add(index as u64));
    let id = match call.id.as_deref() {
        Some("") => None,
        Some(given) => Some(given.to_owned()),
        None => model
            .is_gemini_3()
            .then(|| hash::characters(id_seed, ID_ALPHABET, ID_LENGTH)),
    };
    let signature = match call.signature.as_deref() {
        Some("") => None,
        Some(given) => Some(given.to_owned()),
        None => (index == 0 && model.is_since_2_5()).then(|| signature::issue(seed ^ 1)),
    };
    let call = part::FunctionCall {
        name: call.name.clone(),
        args: call.args.clone(),
        id,
    };
    Part::from(Data::FunctionCall(call)).signed(signature)
}
