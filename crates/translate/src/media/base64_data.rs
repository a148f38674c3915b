//! Base64 of clients to base64 that Gemini takes.
//!
//! It checks that the data is base64, not what it is of. Clean data is borrowed, however large.

use std::borrow::Cow;

use super::data_url::percent_decode;
use crate::invalid_request::{Code, Refusal};

/// Unclean data, with escapes, white space or too little padding, is rewritten.
pub(super) fn convert_base64(data: &str) -> Result<Cow<'_, str>, Refusal> {
    let not_base64 = || Refusal::new(Code::InvalidValue, "", "holds data that is not base64");
    let data = if base64_classes(data.as_bytes()) & UNCLEAN == 0 {
        Cow::Borrowed(data)
    } else {
        let mut text = percent_decode(data);
        text.retain(|byte| !byte.is_ascii_whitespace());
        Cow::Owned(String::from_utf8(text).map_err(|_| not_base64())?)
    };
    let digits = data.trim_end_matches('=');
    let padding = data.len() - digits.len();
    let classes = base64_classes(digits.as_bytes());
    let mixed = STANDARD_ONLY | URL_SAFE_ONLY;
    if classes & (UNCLEAN | FOREIGN) != 0
        || classes & mixed == mixed
        || digits.len() % 4 == 1
        || padding > 2
    {
        return Err(not_base64());
    }
    // No recording shows that Gemini takes unpadded data, so padding is made right.
    let missing = digits.len().next_multiple_of(4) - digits.len();
    if padding == missing {
        return Ok(data);
    }
    Ok(Cow::Owned(format!("{digits}{}", "=".repeat(missing))))
}

/// Digits of the standard alphabet that the URL-safe one has not.
const STANDARD_ONLY: u8 = 1;
/// Digits of the URL-safe alphabet that the standard one has not.
const URL_SAFE_ONLY: u8 = 2;
/// White space and `%`, which URLs may hold and base64 not.
const UNCLEAN: u8 = 4;
/// Everything else, `=` included, since it is no digit.
const FOREIGN: u8 = 8;

/// The classes of all 256 bytes; 0 for digits that both alphabets have.
const CLASSES: [u8; 256] = {
    let shared = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let classes = mark([FOREIGN; 256], shared, 0);
    let classes = mark(classes, b"+/", STANDARD_ONLY);
    let classes = mark(classes, b"-_", URL_SAFE_ONLY);
    mark(classes, b"% \t\r\n\x0c", UNCLEAN)
};

#[expect(
    clippy::indexing_slicing,
    reason = "runs at compile time only, where it cannot panic"
)]
const fn mark(mut classes: [u8; 256], bytes: &[u8], class: u8) -> [u8; 256] {
    let mut index = 0;
    while index < bytes.len() {
        classes[bytes[index] as usize] = class;
        index += 1;
    }
    classes
}

/// The union of the classes of `data`. One pass without branches: decoding 20 MiB only to throw the
/// image away would take several times as long.
fn base64_classes(data: &[u8]) -> u8 {
    data.iter().fold(0, |seen, byte| {
        seen | CLASSES.get(usize::from(*byte)).copied().unwrap_or(FOREIGN)
    })
}
