//! A whole body to its parts (RFC 2046 §5.1.1, RFC 7578).

use memchr::memmem::Finder;

use super::{Part, disposition::Disposition};
use crate::invalid_request::{Code, Refusal};

/// Most parts of a form: sixteen images and every field of the largest endpoint are fewer than 50.
const MAX_PARTS: usize = 128;

/// Most bytes of one part's headers; what clients send takes about 150.
const MAX_HEADER_BYTES: usize = 8 * 1024;

/// Most headers of one part; clients send two.
const MAX_HEADERS: usize = 16;

/// Splits `body` at `boundary`.
///
/// # Errors
/// A [`Refusal`] for a body that is cut off, that has text before the first boundary, a header that
/// is not one, a part without a name, an encoding, or more than a form may have.
pub(super) fn parse_parts<'a>(body: &'a [u8], boundary: &str) -> Result<Vec<Part<'a>>, Refusal> {
    let delimiter = format!("\r\n--{boundary}");
    let finder = Finder::new(delimiter.as_bytes());
    // The first delimiter has no line before it; some clients send an empty one.
    let opening = body.strip_prefix(b"\r\n").unwrap_or(body);
    let mut rest = opening
        .strip_prefix(b"--")
        .and_then(|rest| rest.strip_prefix(boundary.as_bytes()))
        .ok_or_else(|| refuse("does not begin with its boundary"))?;
    let mut parts = Vec::new();
    loop {
        if rest.starts_with(b"--") {
            return Ok(parts);
        }
        let (headers, after) = split_headers(after_padding(rest)?)?;
        let end = finder
            .find(after)
            .ok_or_else(|| refuse("ends before its last boundary"))?;
        let (bytes, after) = after.split_at_checked(end).unwrap_or_default();
        rest = after.get(delimiter.len()..).unwrap_or_default();
        if parts.len() == MAX_PARTS {
            return Err(refuse(&format!("has more than {MAX_PARTS} parts")));
        }
        parts.push(read_part(headers, bytes)?);
    }
}

/// What follows a boundary's line, which may end in blanks.
fn after_padding(rest: &[u8]) -> Result<&[u8], Refusal> {
    let blanks = rest
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count();
    let line_end = rest.get(blanks..).unwrap_or_default();
    match line_end.strip_prefix(b"\r\n") {
        Some(after) => Ok(after),
        None if line_end.len() < 2 => Err(refuse("ends before its last boundary")),
        None => Err(refuse("has a boundary that its line goes on after")),
    }
}

/// The header lines of a part, and its content.
fn split_headers(rest: &[u8]) -> Result<(&str, &[u8]), Refusal> {
    let searched = rest.get(..MAX_HEADER_BYTES).unwrap_or(rest);
    // A part without headers begins with the empty line at once.
    let (end, skip) = if rest.starts_with(b"\r\n") {
        (0, 2)
    } else {
        let end = memchr::memmem::find(searched, b"\r\n\r\n").ok_or_else(|| {
            refuse(if searched.len() == MAX_HEADER_BYTES {
                "has a part whose headers are too long"
            } else {
                "ends inside the headers of a part"
            })
        })?;
        (end, 4)
    };
    let (headers, after) = rest.split_at_checked(end).unwrap_or_default();
    let headers = std::str::from_utf8(headers)
        .map_err(|_| refuse("has a part whose headers are not UTF-8"))?;
    Ok((headers, after.get(skip..).unwrap_or_default()))
}

fn read_part<'a>(headers: &'a str, bytes: &'a [u8]) -> Result<Part<'a>, Refusal> {
    let mut disposition = None;
    let mut content_type = None;
    let lines = headers.split("\r\n").filter(|line| !line.is_empty());
    for (count, line) in lines.enumerate() {
        let (name, value) = line
            .split_once(':')
            .filter(|(name, _)| is_header_name(name))
            .filter(|(_, value)| !value.contains(['\r', '\n', '\0']))
            .ok_or_else(|| refuse("has a part with a line that is not a header"))?;
        if count == MAX_HEADERS {
            return Err(refuse(&format!(
                "has a part with more than {MAX_HEADERS} headers"
            )));
        }
        let value = value.trim();
        let twice = match name.to_ascii_lowercase().as_str() {
            "content-disposition" => disposition.replace(value).is_some(),
            "content-type" => content_type.replace(value).is_some(),
            // RFC 7578 §4.7 deprecates it. What is encoded must not pass as what it decodes to.
            "content-transfer-encoding"
                if !["7bit", "8bit", "binary"]
                    .iter()
                    .any(|plain| value.eq_ignore_ascii_case(plain)) =>
            {
                return Err(refuse("has a part with a transfer encoding"));
            }
            _ => false,
        };
        if twice {
            return Err(refuse("has a part with the same header twice"));
        }
    }
    let disposition = disposition
        .and_then(Disposition::parse)
        .ok_or_else(|| refuse("has a part without a `Content-Disposition: form-data`"))?;
    let name = disposition
        .name
        .filter(|name| !name.is_empty())
        .ok_or_else(|| refuse("has a part without a `name`"))?;
    Ok(Part {
        name,
        filename: disposition.filename,
        content_type,
        bytes,
    })
}

/// A token of RFC 9110, nearly; a name with blanks would be a folded line or smuggling.
fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn refuse(problem: &str) -> Refusal {
    Refusal::new(
        Code::InvalidValue,
        "",
        format_args!("the multipart body {problem}"),
    )
}
