//! Picks the variant of a file that a client accepts: RFC 9110 section 12.5.3, read 2026-11.
//!
//! It compresses nothing, and it never answers 406: a client that refuses even `identity` gets
//! `identity`, which RFC 9110 allows and which is more use than an error.

use http::{HeaderMap, header};

use crate::site::{Asset, Variant};

/// A content coding this component can send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Brotli, `br`.
    Brotli,
    /// `gzip`.
    Gzip,
    /// The file as it is.
    Identity,
}

impl Encoding {
    /// Value of `Content-Encoding`; `None` where the header must be absent.
    #[must_use]
    pub fn content_encoding(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }

    /// Whether a coding named in `Accept-Encoding` means this one. RFC 9110 section 8.4.1.3 makes
    /// `x-gzip` another name of `gzip`.
    fn is_named(self, name: &str) -> bool {
        let names: &[&str] = match self {
            Self::Brotli => &["br"],
            Self::Gzip => &["gzip", "x-gzip"],
            Self::Identity => &["identity"],
        };
        names.iter().any(|known| known.eq_ignore_ascii_case(name))
    }
}

/// Chooses what to send of `asset` for the `Accept-Encoding` lines in `headers`: the coding the
/// client weighs highest, and among equals the smallest (Brotli, then gzip, then identity).
/// Without the header it is the file as it is.
#[must_use]
pub fn negotiate(asset: &'static Asset, headers: &HeaderMap) -> (Encoding, &'static Variant) {
    let candidates = [
        (Encoding::Brotli, asset.brotli.as_ref()),
        (Encoding::Gzip, asset.gzip.as_ref()),
    ];
    let mut best = (Encoding::Identity, &asset.identity);
    let mut best_weight = weight(headers, Encoding::Identity);
    // From the least to the most wanted, so that an equal weight replaces.
    for (encoding, variant) in candidates.into_iter().rev() {
        let Some(variant) = variant else { continue };
        let weight = weight(headers, encoding);
        if weight > 0 && weight >= best_weight {
            best = (encoding, variant);
            best_weight = weight;
        }
    }
    best
}

/// Weight of a coding in thousandths; 0 means refused. The name itself counts before `*`, and a
/// coding nobody mentions is refused, except identity, which is then the last resort.
fn weight(headers: &HeaderMap, encoding: Encoding) -> u16 {
    let mut wildcard = None;
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter();
    for item in lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
    {
        let mut parts = item.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let weight = parts.next().map_or(Some(FULL_WEIGHT), parse_weight);
        if encoding.is_named(name) {
            return weight.unwrap_or(0);
        }
        if name == "*" {
            wildcard = Some(weight.unwrap_or(0));
        }
    }
    match encoding {
        // An unnamed identity stays acceptable but yields to every coding the client named.
        Encoding::Identity => wildcard.map_or(1, |weight| weight.min(1)),
        Encoding::Brotli | Encoding::Gzip => wildcard.unwrap_or(0),
    }
}

/// `q=1`, in thousandths: RFC 9110 section 12.4.2 gives a weight at most three decimals.
const FULL_WEIGHT: u16 = 1000;

/// Parses `q=0.5` into 500; `None` for anything that is not a weight.
fn parse_weight(parameter: &str) -> Option<u16> {
    let (name, value) = parameter.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("q") {
        return None;
    }
    let (whole, fraction) = value.trim().split_once('.').unwrap_or((value.trim(), ""));
    if fraction.len() > 3 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let thousandths: u16 = format!("{fraction:0<3}").parse().ok()?;
    match (whole, thousandths) {
        ("0", _) => Some(thousandths),
        ("1", 0) => Some(FULL_WEIGHT),
        _ => None,
    }
}
