//! Batches, which run when they are looked at. <https://ai.google.dev/api/batch-api> and recorded answers
//! (2026-07). Those whose requests are in a file end with a name for a file that nobody can fetch.

use serde_json::{Value, json};

use super::{Answered, Asked, Kept, document, files, time};
use crate::check::read_message;
use crate::google_error::GoogleError;
use crate::schema::START_BATCH;

const ID_LENGTH: usize = 36;

/// What a batch is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    Generate,
    Embed,
}

impl Of {
    pub(super) fn from_suffix(suffix: &str) -> Option<Self> {
        match suffix {
            "batchGenerateContent" => Some(Self::Generate),
            "asyncBatchEmbedContent" => Some(Self::Embed),
            _ => None,
        }
    }

    fn message(self) -> &'static str {
        match self {
            Self::Generate => "GenerateContentBatch",
            Self::Embed => "EmbedContentBatch",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Pending,
    Succeeded,
    Cancelled,
}

#[derive(Debug)]
pub(super) struct Batch {
    of: Of,
    model: String,
    display_name: Option<String>,
    /// Empty if they are in a file.
    requests: Vec<Value>,
    output: Value,
    state: State,
    made_ms: u64,
}

impl Batch {
    /// Answers what has not been answered.
    pub(super) fn run(&mut self, asked: Asked<'_>) {
        if self.state != State::Pending {
            return;
        }
        let answers: Vec<Value> = self
            .requests
            .iter()
            .map(|inlined| {
                let request = inlined.get("request").unwrap_or(&Value::Null);
                let mut answer = match (asked.generate)(self.of, &self.model, request) {
                    Ok(response) => json!({"response": response}),
                    Err(error) => json!(error),
                };
                if let (Some(metadata), Some(fields)) =
                    (inlined.get("metadata"), answer.as_object_mut())
                {
                    fields.insert("metadata".to_owned(), metadata.clone());
                }
                answer
            })
            .collect();
        let field = match self.of {
            Of::Generate => "inlinedResponses",
            Of::Embed => "inlinedEmbedContentResponses",
        };
        self.output = if self.requests.is_empty() {
            json!({"responsesFile": "files/batch-of-a-file"})
        } else {
            json!({field: {"inlinedResponses": answers}})
        };
        self.state = State::Succeeded;
    }

    pub(super) fn describe(&self, id: &str) -> Value {
        let name = format!("batches/{id}");
        let count = self.requests.len().to_string();
        let state = match self.state {
            State::Pending => "BATCH_STATE_PENDING",
            State::Succeeded => "BATCH_STATE_SUCCEEDED",
            State::Cancelled => "BATCH_STATE_CANCELLED",
        };
        let kind = format!(
            "type.googleapis.com/google.ai.generativelanguage.v1main.{}",
            self.of.message()
        );
        let mut metadata = json!({
            "@type": kind,
            "model": format!("models/{}", self.model),
            "displayName": self.display_name.as_deref().unwrap_or_default(),
            "createTime": time(self.made_ms),
            "updateTime": time(self.made_ms),
            "state": state,
            "name": name,
        });
        let is_done = self.state == State::Succeeded;
        let answered = match self.state {
            State::Succeeded => "successfulRequestCount",
            State::Pending | State::Cancelled => "pendingRequestCount",
        };
        if let Some(fields) = metadata.as_object_mut() {
            let stats = json!({"requestCount": count, answered: count});
            fields.insert("batchStats".to_owned(), stats);
            if is_done {
                fields.insert("output".to_owned(), self.output.clone());
            }
        }
        if is_done {
            json!({"name": name, "metadata": metadata, "done": true, "response": self.output})
        } else {
            json!({"name": name, "metadata": metadata})
        }
    }
}

pub(super) fn start(kept: &mut Kept, of: Of, model: &str, asked: Asked<'_>) -> Answered {
    let body = read_message(asked.body, &START_BATCH)?;
    let input = |pointer: &str| body.pointer(&format!("/batch/inputConfig/{pointer}"));
    let requests = input("requests/requests").and_then(Value::as_array);
    let file = input("fileName").and_then(Value::as_str);
    match (requests, file) {
        (Some(requests), None) if !requests.is_empty() => {}
        (None, Some(file)) => {
            let id = file.strip_prefix("files/").unwrap_or(file);
            files::find(kept, id, asked)?;
        }
        // No recording.
        _ => {
            return Err(GoogleError::invalid_argument(
                "* batch.input_config: input is not specified",
            ));
        }
    }
    let batch = Batch {
        of,
        model: model.to_owned(),
        display_name: body
            .pointer("/batch/displayName")
            .and_then(Value::as_str)
            .map(str::to_owned),
        requests: requests.cloned().unwrap_or_default(),
        output: Value::Null,
        state: State::Pending,
        made_ms: asked.now_ms,
    };
    let id = kept.new_id(ID_LENGTH);
    Ok(document(
        &kept.batches.put(asked.project, &id, batch)?.describe(&id),
    ))
}

pub(super) fn cancel(kept: &mut Kept, id: &str, asked: Asked<'_>) -> Answered {
    let batch = find(kept, id, asked)?;
    if batch.state == State::Pending {
        batch.state = State::Cancelled;
    }
    Ok(document(&json!({})))
}

/// The project's batch.
///
/// # Errors
/// Another project's, or none: Google does not tell which.
pub(super) fn find<'k>(
    kept: &'k mut Kept,
    id: &str,
    asked: Asked<'_>,
) -> Result<&'k mut Batch, GoogleError> {
    kept.batches
        .get(asked.project, id)
        .ok_or_else(|| GoogleError::new(404, "NOT_FOUND", "Requested entity was not found."))
}
