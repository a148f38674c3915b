//! What is measured, in every dialect: bodies of the client, streams of Gemini, and who reads them.
//!
//! A dialect is one entry of [`DIALECTS`] and what it needs to write the three requests in its own
//! words. Nothing is measured here.

mod anthropic;
mod chat;
mod gemini;
mod native;
mod responses;

use gempool_translate::{
    AnswerMeta, AnswerStream, Exchange, Features, InvalidRequest, ModelName, Plan, Signing, Target,
};
use std::collections::BTreeMap;

pub(crate) use gemini::{STREAM_EVENTS, stream};

/// Bytes of the image in the request with an image: Google's limit for inline data before 2026, and
/// what the acceptance of the translation names.
pub(crate) const IMAGE_BYTES: usize = 20_000_000;

/// Messages in the long history, calls and results included.
pub(crate) const HISTORY_MESSAGES: usize = 200;

/// Bytes of an upstream read: what one TCP segment carries over Ethernet, so that events straddle
/// reads as they do in life.
pub(crate) const READ_BYTES: usize = 1_460;

/// A client API that can be measured.
pub(crate) struct Dialect {
    /// In the names of measurements.
    pub(crate) name: &'static str,
    /// Reads a body.
    pub(crate) read: Read,
    /// A chat of about 2 KB.
    pub(crate) chat: fn() -> Vec<u8>,
    /// A conversation of [`HISTORY_MESSAGES`] with tools.
    pub(crate) history: fn() -> Vec<u8>,
    /// A question about an image of [`IMAGE_BYTES`].
    pub(crate) image: fn() -> Vec<u8>,
    /// The translator of a streamed answer, usage included.
    pub(crate) streamed: fn(&AnswerMeta) -> Option<AnswerStream>,
}

type Read = fn(&[u8]) -> Result<Box<dyn Exchange + '_>, InvalidRequest>;

/// Every dialect with a request to generate.
pub(crate) const DIALECTS: [Dialect; 4] = [
    chat::DIALECT,
    responses::DIALECT,
    anthropic::DIALECT,
    native::DIALECT,
];

/// A kind of request and the body that stands for it.
pub(crate) type Request = (&'static str, fn() -> Vec<u8>);

impl Dialect {
    /// The requests to measure, small ones first.
    pub(crate) fn requests(&self) -> [Request; 3] {
        [
            ("chat of 2 KB", self.chat),
            ("history of 200 messages with tools", self.history),
            ("image of 20 MB", self.image),
        ]
    }

    /// From the client's bytes to Gemini's: what a request costs.
    pub(crate) fn translate(&self, body: &[u8]) -> Result<Plan, InvalidRequest> {
        let model: ModelName = "gemini-3.8-flash".parse()?;
        let target = Target {
            model: &model,
            features: Features::default(),
            safety: &[],
            signatures: &BTreeMap::new(),
            signing: Signing::Kept,
            streamed: false,
        };
        (self.read)(body)?.plan(&target)
    }

    /// From Gemini's bytes to the client's, read by read; returns how many there were.
    pub(crate) fn translate_stream(&self, upstream: &[u8]) -> usize {
        let Some(mut stream) = (self.streamed)(&meta()) else {
            return 0;
        };
        let mut out = Vec::with_capacity(2 * READ_BYTES);
        let mut written = 0;
        for read in upstream.chunks(READ_BYTES) {
            assert_eq!(stream.push(read, &mut out), Ok(()));
            written += out.len();
            out.clear();
        }
        assert_eq!(stream.finish(&mut out), Ok(()));
        written + out.len()
    }
}

fn meta() -> AnswerMeta {
    AnswerMeta {
        fallback_id: "0123456789abcdef".to_owned(),
        created_unix_s: 1_795_000_000,
        model: "gemini-3.8-flash".to_owned(),
    }
}

/// A sentence that JSON must escape in places, as prose does.
const SENTENCE: &str = "The \"quick\" brown fox, né Reineke, jumps over 13 lazy dogs.\n";

/// About `bytes` of prose, as the inside of a JSON string.
fn prose(bytes: usize) -> String {
    let escaped = SENTENCE.escape_default().to_string();
    // Rust escapes é as \u{e9}; JSON may have it as it is.
    let escaped = escaped.replace("\\u{e9}", "é");
    escaped.repeat(bytes.div_ceil(escaped.len()))
}

/// [`IMAGE_BYTES`] of base64: no image, but translation does not look inside.
fn image_data() -> String {
    "iVBORw0KGgoAAAANSUhEUg+/".repeat(IMAGE_BYTES.div_ceil(24))
}
