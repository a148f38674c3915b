//! What has no block in Anthropic's API and is told as text.

use crate::answer::Media;

/// An image or a sound that a client cannot be given.
pub(super) fn left_out(media: &Media<'_>) -> String {
    let kind = media.mime_type.split(';').next().unwrap_or_default();
    // Four digits of base64 are three bytes.
    let kibibytes = (media.data.len() / 4 * 3).div_ceil(1024);
    format!(
        "\n[{kind} of {kibibytes} KiB left out: Anthropic's API has no block for it in answers]\n"
    )
}
