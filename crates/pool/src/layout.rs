//! How the keys of a pool are divided into pages: by the first bits of their ids.
//!
//! A page is what is loaded at once and what instances share marks of. Who stores pages is not its business.

use crate::key_id::{KeyId, MAX_PAGE_BITS};
use crate::key_list::KeySpec;

/// Most keys of one page where this crate divides them: a choice looks at every key of one page.
pub const MAX_PAGE_KEYS: usize = 256;

/// What is known of a page before it is loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageInfo {
    /// Changes whenever the page's records do: the name of its document.
    pub version: String,
    /// How many keys it has.
    pub keys: u32,
    /// Sum of the weights of those that are not disabled.
    pub weight: u64,
}

/// How many pages that many bits number.
pub(crate) fn page_count(bits: u8) -> usize {
    1 << u32::from(bits.min(MAX_PAGE_BITS))
}

/// The least number of bits that leaves no page with more than [`MAX_PAGE_KEYS`] keys, as far as bits go.
pub(crate) fn bits_for(keys: &[KeySpec]) -> u8 {
    let ids: Vec<KeyId> = keys.iter().map(|spec| KeyId::of(&spec.key)).collect();
    let fits = |bits: &u8| {
        let mut counts = vec![0_usize; page_count(*bits)];
        for id in &ids {
            if let Some(count) = counts.get_mut(id.page(*bits)) {
                *count += 1;
            }
        }
        counts.into_iter().all(|count| count <= MAX_PAGE_KEYS)
    };
    (0..MAX_PAGE_BITS).find(fits).unwrap_or(MAX_PAGE_BITS)
}
