//! Reading Gemini's answers, once for all dialects: whole ones and streams.
//!
//! `output` says what a part is, `ending` how a candidate ended, `usage` what it cost; `read` puts
//! a whole answer together and `stream` a streamed one. `citations`, `logprobs`, `code_text` and
//! `sound` make of Gemini's extras what clients' APIs know. Rendering is the dialects' business.

mod blocked_prompt;
mod calls;
mod citations;
mod code_text;
mod ending;
pub(crate) mod logprobs;
mod meta;
mod output;
mod read;
mod render;
pub(crate) mod sound;
mod stream;
mod usage;

pub(crate) use blocked_prompt::refusal_text;
pub use calls::CallSignature;
pub(crate) use calls::{Call, CallReader};
pub(crate) use citations::{Citation, CitedText};
pub(crate) use code_text::code_text;
pub(crate) use ending::{StopKind, Stopped};
pub use meta::{AnswerMeta, JSON, UnaryAnswer};
pub(crate) use output::{Media, Output, Said};
pub(crate) use read::{Answer, AnsweredCandidate};
pub(crate) use render::{Notes, Render, Start};
pub use stream::AnswerStream;
pub use usage::{ServedTier, Usage, usage_of};
