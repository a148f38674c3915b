//! What an embedding is for (E6): a field of the request for older models, a prefix of the text for
//! newer ones.

use std::borrow::Cow;

use crate::invalid_request::{Code, Quoted, Refusal};

/// A use of embeddings, `taskType` in Google's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Task {
    RetrievalQuery,
    RetrievalDocument,
    SemanticSimilarity,
    Classification,
    Clustering,
    QuestionAnswering,
    FactVerification,
    CodeRetrievalQuery,
}

/// Google's names (<https://ai.google.dev/api/embeddings#TaskType>) and the words that newer models
/// want before the text (<https://ai.google.dev/gemini-api/docs/embeddings#task-types>), both read
/// 2026-11-24. A document's words also hold its title.
const TASKS: &[(Task, &str, &str)] = &[
    (Task::RetrievalQuery, "RETRIEVAL_QUERY", "search result"),
    (Task::RetrievalDocument, "RETRIEVAL_DOCUMENT", ""),
    (
        Task::SemanticSimilarity,
        "SEMANTIC_SIMILARITY",
        "sentence similarity",
    ),
    (Task::Classification, "CLASSIFICATION", "classification"),
    (Task::Clustering, "CLUSTERING", "clustering"),
    (
        Task::QuestionAnswering,
        "QUESTION_ANSWERING",
        "question answering",
    ),
    (Task::FactVerification, "FACT_VERIFICATION", "fact checking"),
    (
        Task::CodeRetrievalQuery,
        "CODE_RETRIEVAL_QUERY",
        "code retrieval",
    ),
];

/// What stands for the title of a document that has none.
const NO_TITLE: &str = "none";

impl Task {
    /// By its name, in any case; `TASK_TYPE_UNSPECIFIED` is none.
    ///
    /// # Errors
    /// A [`Refusal`] at `path` for any other name.
    pub(super) fn read(name: &str, path: &str) -> Result<Option<Self>, Refusal> {
        if name.eq_ignore_ascii_case("TASK_TYPE_UNSPECIFIED") {
            return Ok(None);
        }
        let found = TASKS
            .iter()
            .find(|(_, known, _)| known.eq_ignore_ascii_case(name));
        match found {
            Some((task, _, _)) => Ok(Some(*task)),
            None => Err(Refusal::new(
                Code::InvalidValue,
                path,
                format_args!(
                    "unknown task {}; use one of `RETRIEVAL_QUERY`, `RETRIEVAL_DOCUMENT`, \
                     `SEMANTIC_SIMILARITY`, `CLASSIFICATION`, `CLUSTERING`, `QUESTION_ANSWERING`, \
                     `FACT_VERIFICATION`, `CODE_RETRIEVAL_QUERY`",
                    Quoted(name)
                ),
            )),
        }
    }

    /// Google's name.
    pub(super) fn as_str(self) -> &'static str {
        let found = TASKS.iter().find(|(task, _, _)| *task == self);
        found.map_or("TASK_TYPE_UNSPECIFIED", |(_, name, _)| name)
    }

    /// `text` as newer models want it for this task.
    pub(super) fn prefix<'a>(self, title: Option<&str>, text: &'a str) -> Cow<'a, str> {
        if self == Self::RetrievalDocument {
            let title = title.unwrap_or(NO_TITLE);
            return Cow::Owned(format!("title: {title} | text: {text}"));
        }
        match TASKS.iter().find(|(task, _, _)| *task == self) {
            Some((_, _, words)) => Cow::Owned(format!("task: {words} | query: {text}")),
            None => Cow::Borrowed(text),
        }
    }
}
