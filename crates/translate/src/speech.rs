//! OpenAI's speech, `POST /v1/audio/speech` (§6.4).
//!
//! Gemini speaks in bare samples, which become a WAV file or stay as they are. It never encodes sound:
//! a client that names no format gets WAV in place of OpenAI's MP3, which every player opens; one that
//! insists on MP3, Opus, AAC or FLAC is refused, rather than given a file that lies about itself.
//!
//! Whole answers are one body. `stream_format: "sse"` streams events, as Gemini's pieces come.

mod answer;
mod policy;
mod request;
mod stream;
#[cfg(test)]
mod tests;

pub(crate) use policy::PARAMETERS;
pub use request::SpeechRequest;
