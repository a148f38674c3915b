//! The headers that confine the page, on every answer, errors included.
//!
//! It sets no `Strict-Transport-Security`: only whoever ends TLS knows whether the name will keep it.

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Nothing by default; scripts, styles and fonts as files from here only; requests go back here
/// only; no frames around the page; and a string can never become markup or code.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; \
frame-ancestors 'none'; require-trusted-types-for 'script'";

/// Every feature switched off that a page could otherwise ask for and this one never needs.
/// Copying goes through `clipboard-write`, which is therefore not in the list.
/// Only names that browsers know: Chromium reports an unknown one (`bluetooth`, for one) as an error.
/// Names: <https://github.com/w3c/webappsec-permissions-policy/blob/main/features.md>, read 2026-11.
pub const PERMISSIONS_POLICY: &str = "accelerometer=(), autoplay=(), camera=(), \
clipboard-read=(), display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), \
geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), magnetometer=(), \
microphone=(), midi=(), payment=(), picture-in-picture=(), publickey-credentials-get=(), \
screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        PERMISSIONS_POLICY,
    ),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

/// Adds the headers to an answer, replacing any that are there.
pub fn confine(headers: &mut HeaderMap) {
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
