//! OpenAI's embeddings, `POST /v1/embeddings` (§6.1).
//!
//! One request becomes as many calls of `batchEmbedContents` as its size needs (E1), and their
//! answers one list in the client's order. Texts only: OpenAI's API has no other input.
//!
//! Vectors come out at unit length, as OpenAI's clients assume (E3). A vector that Gemini sent so is
//! passed on digit by digit; only one that is not is divided by its length.

mod answer;
mod batches;
mod family;
mod input;
mod policy;
mod request;
mod task;
#[cfg(test)]
mod tests;
mod vector;

use crate::{
    AnswerMeta, Exchange, InvalidRequest, Method, Plan, Target, UnaryAnswer, UpstreamFault,
};

pub(crate) use policy::PARAMETERS;
pub use request::EmbeddingsRequest;

impl Exchange for EmbeddingsRequest<'_> {
    fn model(&self) -> &str {
        &self.model
    }

    fn plan(&self, target: &Target<'_>) -> Result<Plan, InvalidRequest> {
        Ok(Plan {
            method: Method::BatchEmbed,
            bodies: batches::write_bodies(self, target.model.as_str())?,
            signed: false,
        })
    }

    fn render(&self, answers: &[&[u8]], meta: &AnswerMeta) -> Result<UnaryAnswer, UpstreamFault> {
        answer::render(self, answers, meta)
    }
}
