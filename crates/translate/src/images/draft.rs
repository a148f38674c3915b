//! Wishes to a draft for one of Gemini's image models (I1, I2, I7).

use super::{
    family::Family,
    size::Resolution,
    wishes::{Quality, Wishes},
};
use crate::{
    gemini::request::{Content, ImageConfig, Modality, Part},
    prompt::Draft,
};

/// What the client means. `images` go before the prompt (I7).
pub(super) fn draft<'a>(
    wishes: &'a Wishes<'_>,
    mut images: Vec<Part<'a>>,
    family: Family,
) -> Draft<'a> {
    images.push(Part::text(&*wishes.prompt));
    Draft {
        turns: vec![Content::user(images)],
        // `IMAGE` alone makes a question that is better answered with text end in `NO_IMAGE` (I1).
        modalities: vec![Modality::Text, Modality::Image],
        image: ImageConfig {
            aspect_ratio: wishes.size.ratio(family.ratios).map(|ratio| ratio.name),
            image_size: resolution(wishes, family).map(Resolution::name),
        },
        ..Draft::default()
    }
}

/// The resolution to ask for; `None` where it is the usual one, which every model makes unasked.
pub(super) fn resolution(wishes: &Wishes<'_>, family: Family) -> Option<Resolution> {
    let by_size = wishes.size.resolution(family.resolutions);
    let by_quality = (wishes.quality == Quality::High
        && family.resolutions.contains(&Resolution::Two))
    .then_some(Resolution::Two);
    by_size
        .or(by_quality)
        .filter(|resolution| *resolution != Resolution::One)
}
