//! What families of image models take, as data (I2, I6).

use super::size::{RATIOS, Ratio, Resolution};

/// How a family is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Api {
    /// `generateContent`
    Gemini,
    /// `predict`
    Imagen,
}

/// A family of models.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Family {
    pub(super) api: Api,
    /// Shapes that can be asked for.
    pub(super) ratios: &'static [Ratio],
    /// Resolutions that can be asked for; none if there is only one.
    pub(super) resolutions: &'static [Resolution],
}

const UP_TO_2_5: Family = Family {
    api: Api::Gemini,
    ratios: TEN_RATIOS,
    resolutions: &[],
};

const IMAGEN: Family = Family {
    api: Api::Imagen,
    ratios: IMAGEN_RATIOS,
    resolutions: &[],
};

/// Models to come are taken for the newest family.
const NEWEST: Family = Family {
    api: Api::Gemini,
    ratios: &RATIOS,
    resolutions: &Resolution::ALL,
};

const TEN_RATIOS: &[Ratio] = RATIOS.split_at(10).0;

/// The only five of Imagen.
const IMAGEN_RATIOS: &[Ratio] = &{
    let [square, _, _, portrait, landscape, _, _, tall, wide, ..] = RATIOS;
    [square, portrait, landscape, tall, wide]
};

/// By how names begin; first match wins. Sources:
/// <https://ai.google.dev/gemini-api/docs/image-generation> and `/imagen`, read 2026-11-24.
const FAMILIES: &[(&str, Family)] = &[
    // It makes images without being told how.
    (
        "gemini-2.0-",
        Family {
            ratios: &[],
            ..UP_TO_2_5
        },
    ),
    ("gemini-2.5-", UP_TO_2_5),
    (
        "gemini-3-pro-",
        Family {
            resolutions: &[Resolution::One, Resolution::Two, Resolution::Four],
            ..UP_TO_2_5
        },
    ),
    ("gemini-3.1-flash-lite-", UP_TO_2_5),
    ("imagen-4.0-fast-", IMAGEN),
    (
        "imagen-4.0-",
        Family {
            resolutions: &[Resolution::One, Resolution::Two],
            ..IMAGEN
        },
    ),
    ("imagen-", IMAGEN),
];

/// The family of `model`, a bare name.
pub(super) fn family(model: &str) -> Family {
    let found = FAMILIES
        .iter()
        .find(|(beginning, _)| model.starts_with(beginning));
    found.map_or(NEWEST, |(_, family)| *family)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_models_are_of_the_newest_family() {
        for (model, api, ratios, resolutions) in [
            (
                "gemini-2.0-flash-preview-image-generation",
                Api::Gemini,
                0,
                0,
            ),
            ("gemini-2.5-flash-image", Api::Gemini, 10, 0),
            ("gemini-3-pro-image-preview", Api::Gemini, 10, 3),
            ("gemini-3.1-flash-lite-image", Api::Gemini, 10, 0),
            ("gemini-3.1-flash-image", Api::Gemini, 14, 4),
            ("nano-banana-2.1", Api::Gemini, 14, 4),
            ("imagen-3.0-generate-002", Api::Imagen, 5, 0),
            ("imagen-4.0-generate-001", Api::Imagen, 5, 2),
            ("imagen-4.0-ultra-generate-001", Api::Imagen, 5, 2),
            ("imagen-4.0-fast-generate-001", Api::Imagen, 5, 0),
        ] {
            let found = family(model);
            assert_eq!(found.api, api, "{model}");
            assert_eq!(found.ratios.len(), ratios, "{model}");
            assert_eq!(found.resolutions.len(), resolutions, "{model}");
        }
        let names: Vec<&str> = IMAGEN_RATIOS.iter().map(|ratio| ratio.name).collect();
        assert_eq!(names, ["1:1", "3:4", "4:3", "9:16", "16:9"]);
    }
}
