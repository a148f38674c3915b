//! What families of embedding models take, as data.

/// How a model is told what an embedding is for (E6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TaskStyle {
    /// `taskType` and `title`.
    Fields,
    /// Words before the text; the fields are ignored.
    Prefix,
}

/// A family of models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Family {
    /// Largest `outputDimensionality`; `None` if it is not known.
    pub(super) max_dimensions: Option<i64>,
    pub(super) task_style: TaskStyle,
}

/// By how names begin; first match wins. Source:
/// <https://ai.google.dev/gemini-api/docs/embeddings>, read 2026-11-24.
const FAMILIES: &[(&str, Family)] = &[
    (
        "gemini-embedding-2",
        Family {
            max_dimensions: Some(3072),
            task_style: TaskStyle::Prefix,
        },
    ),
    (
        "gemini-embedding-001",
        Family {
            max_dimensions: Some(3072),
            task_style: TaskStyle::Fields,
        },
    ),
    (
        "gemini-embedding-exp",
        Family {
            max_dimensions: Some(3072),
            task_style: TaskStyle::Fields,
        },
    ),
    // Shut down, and still asked for where a list of models is old.
    ("text-embedding-", OLDEST),
    ("embedding-", OLDEST),
];

const OLDEST: Family = Family {
    max_dimensions: Some(768),
    task_style: TaskStyle::Fields,
};

/// Models to come are taken for the newest family, whose limits they may exceed.
const NEWEST: Family = Family {
    max_dimensions: None,
    task_style: TaskStyle::Prefix,
};

/// The family of `model`, a bare name.
pub(super) fn family(model: &str) -> Family {
    let found = FAMILIES
        .iter()
        .find(|(beginning, _)| model.starts_with(beginning));
    found.map_or(NEWEST, |(_, family)| *family)
}
