//! A client's whole body to a typed request, with every limit that holds for any JSON body.
//!
//! It knows no field: what is missing or odd inside is the dialects' to say.

use serde::Deserialize;

use super::{MAX_DEPTH, Object, exceeds_max_depth, locate};
use crate::invalid_request::{Code, Refusal};

/// Reads `body` as an object of type `T`, borrowing from it.
///
/// # Errors
/// Not UTF-8, not JSON, not an object, nested deeper than [`MAX_DEPTH`], or a field of the wrong
/// type, which is named.
pub(crate) fn read_body<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refusal> {
    let json = std::str::from_utf8(body).map_err(|error| {
        let offset = error.valid_up_to();
        Refusal::new(
            Code::InvalidJson,
            "",
            format_args!("the request body is not valid UTF-8, first at byte {offset}"),
        )
    })?;
    if exceeds_max_depth(json) {
        return Err(Refusal::new(
            Code::InvalidJson,
            "",
            format_args!("the request body nests deeper than {MAX_DEPTH} levels"),
        ));
    }
    match serde_json::from_str::<Object<T>>(json) {
        Ok(Object(request)) => Ok(request),
        Err(_) => Err(locate::<Object<T>>(json)),
    }
}
