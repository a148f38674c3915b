//! Thought signatures: made here, opaque to everybody else, and recognized when they come back.
//!
//! A signature is not bound to the part that it came with, nor to key, project or model: what the
//! real API checks there is not known (translation rule §3.8). It does not decide where one is
//! needed.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::hash::{fnv1a, split_mix};
use crate::proto_json::decode_base64;

/// Google's documented values for history that has no signatures
/// (<https://ai.google.dev/gemini-api/docs/thought-signatures>, read November 2026), taken as they
/// are and base64-encoded.
const DUMMIES: [&str; 2] = [
    "skip_thought_signature_validator",
    "context_engineering_is_the_way_to_go",
];

/// Bytes before the checksum. Real signatures are longer, hundreds of bytes to a megabyte.
const PAYLOAD_BYTES: usize = 64;

/// Real ones begin so: a protobuf field 2 with length.
const FIRST_BYTE: u8 = 0x12;

/// A signature that follows from `seed`.
pub(crate) fn issue(seed: u64) -> String {
    let mut bytes = vec![FIRST_BYTE];
    let mut state = seed;
    while bytes.len() < PAYLOAD_BYTES {
        state = split_mix(state);
        bytes.extend_from_slice(&state.to_be_bytes());
    }
    bytes.truncate(PAYLOAD_BYTES);
    bytes.extend_from_slice(&checksum(&bytes));
    BASE64_STANDARD.encode(bytes)
}

/// Whether a signature was made here, in either alphabet, or is a documented dummy.
pub(crate) fn is_genuine(signature: &str) -> bool {
    if DUMMIES.contains(&signature) {
        return true;
    }
    let Some(bytes) = decode_base64(signature) else {
        return false;
    };
    if DUMMIES.iter().any(|dummy| dummy.as_bytes() == bytes) {
        return true;
    }
    bytes
        .split_at_checked(PAYLOAD_BYTES)
        .is_some_and(|(payload, rest)| rest == checksum(payload))
}

fn checksum(payload: &[u8]) -> [u8; 8] {
    split_mix(fnv1a(payload)).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;

    use super::*;

    #[test]
    fn what_was_issued_comes_back_genuine_in_both_alphabets() {
        for seed in 0..200 {
            let signature = issue(seed);
            assert!(is_genuine(&signature), "{signature}");
            let bytes = BASE64_STANDARD.decode(&signature).unwrap();
            assert!(is_genuine(&BASE64_URL_SAFE_NO_PAD.encode(bytes)));
        }
        assert_ne!(issue(1), issue(2));
    }

    #[test]
    fn dummies_are_genuine_raw_and_encoded_and_nothing_else_is() {
        for dummy in DUMMIES {
            assert!(is_genuine(dummy));
            assert!(is_genuine(&BASE64_STANDARD.encode(dummy)));
        }
        let mut cut = issue(1);
        cut.truncate(40);
        let foreign = "EpYCCpMCARFNMg";
        for corrupted in ["", "c2ln", foreign, &cut, &issue(1).to_lowercase()] {
            assert!(!is_genuine(corrupted), "{corrupted}");
        }
    }
}
