//! What becomes of every parameter of the two image endpoints, as data.

use crate::compatibility::Parameter;

/// `POST /v1/images/generations` (openai-python 3.54.0).
pub(crate) const PARAMETERS: &[Parameter] = &[
    Parameter::translated("model", "the model that is asked"),
    Parameter::translated("prompt", "`contents[].parts[].text`"),
    Parameter::translated("n", "as many calls, 1 to 10; 1 in a stream"),
    Parameter::translated(
        "size",
        "`imageConfig.aspectRatio` and `imageConfig.imageSize`, the nearest that the model has; `auto` leaves both to it",
    ),
    Parameter::translated(
        "quality",
        "`high` and above: `imageConfig.imageSize` `2K` where the size leaves it open; else without effect",
    ),
    Parameter::translated(
        "response_format",
        "`b64_json`, also if it is not given; `url`: a `data:` URL, since images are not stored",
    ),
    Parameter::translated(
        "output_format",
        "`png` and `jpeg` are taken but the model decides (Imagen obeys); the answer's `output_format` says which it was; `webp`, `gif` and `svg` are refused",
    ),
    Parameter::translated(
        "output_compression",
        "Imagen's `outputOptions.compressionQuality`; Gemini has no such setting",
    ),
    Parameter::translated(
        "background",
        "`transparent` is refused, since Gemini's images are opaque",
    ),
    Parameter::translated("stream", "one event with the whole image; no partial ones"),
    Parameter::ignored(
        "partial_images",
        "Gemini sends none, and OpenAI promises none",
    ),
    Parameter::ignored(
        "moderation",
        "thresholds are the deployment's: see its safety settings",
    ),
    Parameter::ignored("style", "retired; the prompt says it better"),
    Parameter::ignored("complexity", "Gemini plans as it likes"),
    Parameter::ignored("user", "Gemini keeps no record of end users"),
    Parameter::ignored("safety_identifier", "Gemini keeps no record of end users"),
    Parameter::refused("frame_count", "Gemini makes no animations"),
    Parameter::refused("frame_duration_ms", "Gemini makes no animations"),
    Parameter::refused("svg", "Gemini makes no vector images"),
    Parameter::refused("image", "for `/v1/images/edits`"),
    Parameter::refused("images", "for `/v1/images/edits`"),
    Parameter::refused("mask", "for edits, and not there either"),
    Parameter::refused("markup", "for edits, and not there either"),
    Parameter::ignored("input_fidelity", "for edits, and without effect there too"),
];

/// What `POST /v1/images/edits` has differently; all else is as for generations.
pub(crate) const EDIT_PARAMETERS: &[Parameter] = &[
    Parameter::translated(
        "image",
        "`contents[].parts[].inlineData` before the prompt: files of a form, or URLs in JSON",
    ),
    Parameter::translated(
        "images",
        "in JSON: `image_url` (`inlineData` or `fileData`) or `file_id` (`fileData`), at most 16",
    ),
    Parameter::refused(
        "mask",
        "Gemini has no masks; the prompt says what to change",
    ),
    Parameter::refused(
        "markup",
        "Gemini has no overlays; the prompt says what to change",
    ),
    Parameter::ignored("input_fidelity", "Gemini has no such setting"),
];
