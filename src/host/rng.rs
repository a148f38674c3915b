//! Randomness of the host. The only place in the component that asks for any.

use spin_sdk::wasip3::random::random::get_random_u64;

/// Sixty-four random bits.
pub(super) fn next_u64() -> u64 {
    get_random_u64()
}
