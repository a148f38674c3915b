//! The boundary in a `content-type` (RFC 2046 §5.1.1).

use crate::invalid_request::{Code, Refusal};

/// Longest boundary, in characters (RFC 2046 §5.1.1).
const MAX_BOUNDARY_CHARS: usize = 70;

/// What a form is called.
const FORM: &str = "multipart/form-data";

/// Whether a body of this type is a form; the boundary may still be missing.
pub(crate) fn is_form(content_type: &str) -> bool {
    let (media_type, _) = content_type.split_once(';').unwrap_or((content_type, ""));
    media_type.trim().eq_ignore_ascii_case(FORM)
}

/// The boundary between the parts.
///
/// # Errors
/// A [`Refusal`] if the type is not that of a form, or has no boundary that could be one.
pub(crate) fn find_boundary(content_type: &str) -> Result<&str, Refusal> {
    if !is_form(content_type) {
        return Err(refuse("the body must be `multipart/form-data`"));
    }
    let (_, parameters) = content_type.split_once(';').unwrap_or_default();
    let boundary = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("boundary")
            .then(|| value.trim())
    });
    let boundary =
        boundary.ok_or_else(|| refuse("the content type of the body has no `boundary`"))?;
    // Characters of a boundary need no escaping, so quotes are only taken off.
    let boundary = boundary
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(boundary);
    let right = (1..=MAX_BOUNDARY_CHARS).contains(&boundary.len())
        && boundary.bytes().all(may_be_in_boundary)
        && !boundary.ends_with(' ');
    right
        .then_some(boundary)
        .ok_or_else(|| refuse("the `boundary` of the body is not one that RFC 2046 allows"))
}

/// `;` is not among them, so that parameters can be split at it.
fn may_be_in_boundary(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(&byte)
}

fn refuse(problem: &str) -> Refusal {
    Refusal::new(Code::InvalidValue, "", problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_boundary_in_every_way_of_writing_it() {
        let longest = format!("multipart/form-data; boundary={}", "a".repeat(70));
        for (content_type, expected) in [
            ("multipart/form-data; boundary=4d2c", "4d2c"),
            (
                "multipart/form-data;boundary=----WebKitFormBoundaryx9",
                "----WebKitFormBoundaryx9",
            ),
            (
                "Multipart/Form-Data ; charset=utf-8; Boundary = \"a b=c\" ",
                "a b=c",
            ),
            (
                "multipart/form-data; boundary=----formdata-undici-0123; x=y",
                "----formdata-undici-0123",
            ),
            (&longest, &"a".repeat(70)),
        ] {
            assert_eq!(find_boundary(content_type), Ok(expected), "{content_type}");
        }
    }

    #[test]
    fn refuses_types_without_a_boundary() {
        let too_long = format!("multipart/form-data; boundary={}", "a".repeat(71));
        for (content_type, problem) in [
            ("", "must be `multipart/form-data`"),
            ("application/json", "must be `multipart/form-data`"),
            ("multipart/form-datax; boundary=a", "must be"),
            ("multipart/mixed; boundary=a", "must be"),
            ("multipart/form-data", "has no `boundary`"),
            ("multipart/form-data; boundary", "has no `boundary`"),
            ("multipart/form-data; boundary=", "RFC 2046"),
            ("multipart/form-data; boundary=\"\"", "RFC 2046"),
            ("multipart/form-data; boundary=\"a", "RFC 2046"),
            ("multipart/form-data; boundary=\"a \"", "RFC 2046"),
            ("multipart/form-data; boundary=a\r\nb", "RFC 2046"),
            ("multipart/form-data; boundary=ä", "RFC 2046"),
            (&too_long, "RFC 2046"),
        ] {
            let error = crate::InvalidRequest::from(find_boundary(content_type).unwrap_err());
            assert!(error.message.contains(problem), "{content_type:?}: {error}");
        }
    }
}
