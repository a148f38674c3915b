//! A file that a client uploaded as it is, as Gemini's inline data.
//!
//! It becomes base64 while it is written, straight into the body: a text of its own would cost a
//! third more than the file, beside the file and the body.

use std::{borrow::Cow, fmt};

use base64::{display::Base64Display, engine::general_purpose::STANDARD};
use serde::{Serialize, Serializer};

/// Like [`Blob`](super::request::Blob) on the wire.
#[derive(PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Upload<'a> {
    pub(crate) mime_type: Cow<'a, str>,
    #[serde(rename = "data", serialize_with = "write_base64")]
    pub(crate) bytes: &'a [u8],
}

impl fmt::Debug for Upload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("mime_type", &self.mime_type)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

fn write_base64<S: Serializer>(bytes: &&[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&Base64Display::new(bytes, &STANDARD))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gemini::request::{Data, Part};

    #[test]
    fn uploads_are_inline_data_on_the_wire() {
        let part = Part::from(Data::InlineBytes(Upload {
            mime_type: Cow::Borrowed("audio/wav"),
            bytes: b"RIFF\xff\xfe",
        }));
        assert_eq!(
            serde_json::to_string(&part).unwrap(),
            r#"{"inlineData":{"mimeType":"audio/wav","data":"UklGRv/+"}}"#
        );
    }
}
