//! `size` to what Gemini has instead: a shape and a resolution (I2).
//!
//! OpenAI counts pixels; Gemini has shapes and four resolutions. The nearest of both is taken, since
//! every size is as good as another to a client that shows what it gets.

use crate::invalid_request::{Code, Quoted, Refusal};

/// Longest side that is read, in pixels: four times what the largest model makes (2026-11).
const MAX_SIDE: u32 = 16_384;

/// The shape of an image, by Gemini's name of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ratio {
    pub(crate) name: &'static str,
    width: u8,
    height: u8,
}

const fn ratio(name: &'static str, width: u8, height: u8) -> Ratio {
    Ratio {
        name,
        width,
        height,
    }
}

/// Shapes, the ten of 2.5 Flash Image first, then the four that came with 3.1 Flash Image
/// (<https://ai.google.dev/gemini-api/docs/image-generation#aspect_ratios>, read 2026-11-24).
pub(crate) const RATIOS: [Ratio; 14] = [
    ratio("1:1", 1, 1),
    ratio("2:3", 2, 3),
    ratio("3:2", 3, 2),
    ratio("3:4", 3, 4),
    ratio("4:3", 4, 3),
    ratio("4:5", 4, 5),
    ratio("5:4", 5, 4),
    ratio("9:16", 9, 16),
    ratio("16:9", 16, 9),
    ratio("21:9", 21, 9),
    ratio("1:4", 1, 4),
    ratio("4:1", 4, 1),
    ratio("1:8", 1, 8),
    ratio("8:1", 8, 1),
];

/// A resolution: the side of a square image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resolution {
    Half,
    One,
    Two,
    Four,
}

impl Resolution {
    /// Smallest first.
    pub(crate) const ALL: [Self; 4] = [Self::Half, Self::One, Self::Two, Self::Four];

    /// Gemini's `imageSize`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Half => "512",
            Self::One => "1K",
            Self::Two => "2K",
            Self::Four => "4K",
        }
    }

    fn side(self) -> u32 {
        match self {
            Self::Half => 512,
            Self::One => 1024,
            Self::Two => 2048,
            Self::Four => 4096,
        }
    }
}

/// What a client wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    /// The model chooses.
    Auto,
    Pixels {
        width: u32,
        height: u32,
    },
}

impl Size {
    /// # Errors
    /// A [`Refusal`] for anything but `auto` and `WIDTHxHEIGHT`.
    pub(super) fn read(size: Option<&str>) -> Result<Self, Refusal> {
        let Some(size) = size.filter(|size| *size != "auto") else {
            return Ok(Self::Auto);
        };
        let sides = size
            .split_once('x')
            .and_then(|(width, height)| Some((read_side(width)?, read_side(height)?)));
        match sides {
            Some((width, height)) => Ok(Self::Pixels { width, height }),
            None => Err(Refusal::new(
                Code::InvalidValue,
                "size",
                format_args!(
                    "{} is not a size; use `auto` or a width and a height in pixels, `1536x1024` \
                     for instance",
                    Quoted(size)
                ),
            )),
        }
    }

    /// The nearest shape.
    pub(super) fn ratio(self, known: &[Ratio]) -> Option<Ratio> {
        let Self::Pixels { width, height } = self else {
            return None;
        };
        let wanted = (f64::from(width) / f64::from(height)).ln();
        let distance = |ratio: &Ratio| {
            let shape = (f64::from(ratio.width) / f64::from(ratio.height)).ln();
            (shape - wanted).abs()
        };
        let nearest = known
            .iter()
            .min_by(|one, other| distance(one).total_cmp(&distance(other)));
        nearest.copied()
    }

    /// The nearest resolution by area.
    pub(super) fn resolution(self, known: &[Resolution]) -> Option<Resolution> {
        let Self::Pixels { width, height } = self else {
            return None;
        };
        let wanted = (f64::from(width) * f64::from(height)).sqrt().ln();
        let distance = |resolution: &Resolution| (f64::from(resolution.side()).ln() - wanted).abs();
        let nearest = known
            .iter()
            .min_by(|one, other| distance(one).total_cmp(&distance(other)));
        nearest.copied()
    }
}

/// Digits only: `parse` alone would take a sign.
fn read_side(text: &str) -> Option<u32> {
    let side: u32 = text
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())??;
    (1..=MAX_SIDE).contains(&side).then_some(side)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_shape_and_resolution_are_taken_i2() {
        for (size, ratio, resolution) in [
            ("256x256", "1:1", "512"),
            ("512x512", "1:1", "512"),
            ("1024x1024", "1:1", "1K"),
            ("1536x1024", "3:2", "1K"),
            ("1024x1536", "2:3", "1K"),
            ("1792x1024", "16:9", "1K"),
            ("1024x1792", "9:16", "1K"),
            ("1536x864", "16:9", "1K"),
            ("1280x1024", "5:4", "1K"),
            ("2048x2048", "1:1", "2K"),
            ("2560x1080", "21:9", "2K"),
            ("3840x2160", "16:9", "2K"),
            ("4096x4096", "1:1", "4K"),
            ("5504x3072", "16:9", "4K"),
            ("300x1600", "1:4", "512"),
            ("16384x1", "8:1", "512"),
        ] {
            let size = Size::read(Some(size)).unwrap();
            assert_eq!(size.ratio(&RATIOS).unwrap().name, ratio, "{size:?}");
            assert_eq!(
                size.resolution(&Resolution::ALL).unwrap().name(),
                resolution,
                "{size:?}"
            );
        }
    }

    #[test]
    fn auto_leaves_it_to_the_model_i2() {
        for size in [None, Some("auto")] {
            let size = Size::read(size).unwrap();
            assert_eq!(size, Size::Auto);
            assert_eq!(size.ratio(&RATIOS), None);
            assert_eq!(size.resolution(&[Resolution::Two]), None);
        }
    }

    #[test]
    fn nonsense_is_no_size() {
        for size in [
            "",
            "big",
            "1024",
            "1024x",
            "x1024",
            "0x1024",
            "1024x0",
            "-1x5",
            "+1x5",
            "1024X1024",
            "1024x1024x3",
            "1e3x1e3",
            " 1024x1024",
            "16385x1",
            "99999999999x1",
            "16:9",
        ] {
            assert!(Size::read(Some(size)).is_err(), "{size}");
        }
    }
}
