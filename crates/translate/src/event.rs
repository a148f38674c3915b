//! Events of OpenAI's typed streams, of images and of sound.
//!
//! Framing only. Chat's chunks have no names and end with `[DONE]`; these have and do not.

use serde::Serialize;

use crate::{ApiError, Dialect, UpstreamFault, json::write_json};

/// Appends one event. `name` is also the payload's `type`; clients look at either.
pub(crate) fn write_event<T: Serialize>(out: &mut Vec<u8>, name: &str, payload: &T) {
    out.extend_from_slice(b"event: ");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\ndata: ");
    write_json(out, payload);
    out.extend_from_slice(b"\n\n");
}

/// Appends an error, which OpenAI's clients raise whatever the event is called (X11).
pub(crate) fn write_error(out: &mut Vec<u8>, error: &ApiError) {
    out.extend_from_slice(b"event: error\ndata: ");
    out.extend_from_slice(&error.to_json(Dialect::OpenAi));
    out.extend_from_slice(b"\n\n");
}

/// A fault that shows only at the end of a stream, when headers are long sent.
pub(crate) fn write_fault(out: &mut Vec<u8>, fault: &UpstreamFault) {
    let code = match fault {
        UpstreamFault::Unusable { reason, .. } => reason.clone(),
        _ => "upstream_empty".to_owned(),
    };
    let (status, kind) = if fault.is_refusal() {
        (400, "invalid_request_error")
    } else {
        (502, "upstream_error")
    };
    let error = ApiError {
        status,
        message: fault.to_string(),
        kind,
        param: None,
        code: Some(code),
        retry_after_s: None,
    };
    write_error(out, &error);
}
