//! The thought signature of a call, as the `encrypted_content` of a reasoning item and back (§3.10).
//!
//! To OpenAI's clients that field is opaque, and those that keep no state on the server send it back
//! untouched. It names the call, so that a client which moves, drops or repeats items cannot put a
//! signature onto another call, which Gemini would refuse. Nothing is encrypted here: Google's own
//! encryption is inside the signature. What another server made is not recognized, and dropped.

/// Marks what this proxy wrote, and how.
const PREFIX: &str = "gempool-call-signature-1:";

/// Writes the signature of the call with this id.
pub(super) fn seal(call_id: &str, signature: &str) -> String {
    format!("{PREFIX}{call_id}:{signature}")
}

/// The id of the call and its signature; `None` if another server wrote it.
pub(super) fn open(content: &str) -> Option<(&str, &str)> {
    // Ids are Gemini's and may hold anything, base64 has no colon.
    let (call_id, signature) = content.strip_prefix(PREFIX)?.rsplit_once(':')?;
    (!call_id.is_empty() && !signature.is_empty()).then_some((call_id, signature))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_went_s3_10() {
        for id in ["call_00000000000000000001", "a:b", "é"] {
            assert_eq!(open(&seal(id, "Cg+/_-8=")), Some((id, "Cg+/_-8=")));
        }
    }

    #[test]
    fn what_others_wrote_is_nothing_s3_8() {
        for content in [
            "",
            "gAAAAABpPDIUph8c",
            "Cg==",
            PREFIX,
            "gempool-call-signature-1:a:",
        ] {
            assert_eq!(open(content), None, "{content}");
        }
    }
}
