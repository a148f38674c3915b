//! What becomes of every parameter of `POST /v1/embeddings`, as data.

use crate::compatibility::Parameter;

/// OpenAI's parameters (openai-python 3.54.0), then those that are gempool's or Google's.
pub(crate) const PARAMETERS: &[Parameter] = &[
    Parameter::translated("model", "the model that is asked, `requests[].model`"),
    Parameter::translated(
        "input",
        "`requests[].content`, at most 2048 texts in calls of at most 100; token ids are refused",
    ),
    Parameter::translated("dimensions", "`requests[].outputDimensionality`"),
    Parameter::translated(
        "encoding_format",
        "`float`: numbers as Gemini wrote them; `base64`: little-endian 32-bit floats",
    ),
    Parameter::ignored("user", "Gemini keeps no record of end users"),
    Parameter::translated(
        "task_type",
        "`requests[].taskType`, or words before the text on models that want those",
    ),
    Parameter::translated(
        "title",
        "`requests[].title`, or words before the text; only with `RETRIEVAL_DOCUMENT`",
    ),
    Parameter::translated("google", "`task_type` and `title` in it, as above"),
    Parameter::translated(
        "extra_body",
        "`task_type`, `title` and `google` in it, as above",
    ),
];
