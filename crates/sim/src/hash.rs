//! Numbers that look random and depend on nothing but what was hashed.

/// FNV-1a: <http://www.isthe.com/chongo/tech/comp/fnv/>.
pub(crate) fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// One step of `SplitMix64`: <https://prng.di.unimi.it/splitmix64.c>.
pub(crate) fn split_mix(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// `length` characters of `alphabet` that follow from `seed`.
pub(crate) fn characters(seed: u64, alphabet: &[u8], length: usize) -> String {
    let mut state = seed;
    let size = alphabet.len().max(1) as u64;
    let characters = (0..length).map(|_| {
        state = split_mix(state);
        let index = usize::try_from(state % size).unwrap_or_default();
        alphabet.get(index).copied().map_or('A', char::from)
    });
    characters.collect()
}
