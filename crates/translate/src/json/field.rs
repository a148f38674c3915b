//! A field that was kept as JSON, to a typed value: for fields that an answer repeats as the client
//! wrote them.
//!
//! The limits of a body held when the body was read; nothing is checked again.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::request_error::locate_in_field;
use crate::invalid_request::Refusal;

/// Reads the value of the field `name`, borrowing from the body.
///
/// # Errors
/// A value of the wrong type, named with its path.
pub(crate) fn read_field<'a, T: Deserialize<'a>>(
    name: &str,
    value: &'a RawValue,
) -> Result<T, Refusal> {
    let json = value.get();
    serde_json::from_str(json).map_err(|_| locate_in_field::<T>(json).within(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{InvalidRequest, json::Object};

    #[derive(Debug, Deserialize)]
    struct Point {
        #[expect(dead_code, reason = "only its type is of interest")]
        x: u8,
    }

    #[test]
    fn names_what_is_wrong_from_the_field_on() {
        for (json, path, message) in [
            (
                "[7]",
                "points[0]",
                "`points[0]`: expected an object, found integer `7`",
            ),
            (
                r#"[{"x":[]}]"#,
                "points[0].x",
                "`points[0].x`: expected u8, found an array",
            ),
            (
                r#""a""#,
                "points",
                "`points`: expected an array, found a string",
            ),
        ] {
            let value: &RawValue = serde_json::from_str(json).unwrap();
            let refusal = read_field::<Vec<Object<Point>>>("points", value).unwrap_err();
            let error = InvalidRequest::from(refusal);
            assert_eq!(error.param.as_deref(), Some(path), "{json}");
            assert_eq!(error.message, message, "{json}");
        }
    }
}
