//! What a large pool takes in memory: the component has 64 MiB for everything.
//!
//! Apart from the other tests, because counting allocations replaces the allocator.

use allocation_counter::measure;
use gempool_pool::{
    ApiKey, Attempt, Choice, CoolingCause, EgressIndex, Egresses, KeyId, KeySpec, Policy, Pool,
    Scope, UnixMillis, Verdict, Wish,
};

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
const MODEL: &str = "gemini-2.5-flash";
const KEYS: usize = 20_000;
/// How many a pool may have: memory grows in proportion.
const MOST_KEYS: usize = 100_000;

/// Length of a key's text, with the two counters beside it in the heap.
const TEXT_BYTES: usize = 39 + 16;

fn specs() -> Vec<KeySpec> {
    (0..KEYS)
        .filter_map(|number| ApiKey::new(format!("AIzaSy-memory-{number:0>25}")).ok())
        .map(KeySpec::from)
        .collect()
}

fn per_key(bytes: i64) -> usize {
    usize::try_from(bytes).map_or(usize::MAX, |bytes| bytes / KEYS)
}

#[test]
fn a_key_takes_at_most_250_bytes_beside_its_text_and_as_much_again_while_it_cools() {
    let specs = specs();
    let wish = Wish {
        model: MODEL,
        ..Wish::default()
    };
    let mut egresses = Egresses::default();
    let mut pool = Pool::new(Policy::default());
    let loaded = measure(|| {
        pool = Pool::with_keys(Policy::default(), specs.clone());
        let choice = pool.select(&wish, &egresses, NOW, 1);
        assert!(matches!(choice, Choice::Key(_)));
    });
    // The list was made before, and its texts are shared.
    let bytes = per_key(loaded.bytes_current);
    assert!(bytes <= 250, "{bytes} bytes per key");

    let ids: Vec<KeyId> = pool.keys().map(KeyId::of).collect();
    let verdict = Verdict::Cool {
        scope: Scope::Model,
        until: UnixMillis(NOW.0 + 3_600_000),
        cause: CoolingCause::DayQuota,
    };
    let cooling = measure(|| {
        for (number, id) in ids.iter().enumerate() {
            // A bit of the number moves to each end, so that the jitter is spread.
            let random = (number as u64).reverse_bits();
            let attempt = Attempt {
                id: *id,
                egress: EgressIndex::default(),
                model: MODEL,
            };
            pool.record(&attempt, &verdict, &mut egresses, NOW, random);
        }
    });
    let more = per_key(cooling.bytes_current);
    assert!(more <= 250, "{more} bytes per cooling key");
    let all = (bytes + more + TEXT_BYTES) * MOST_KEYS;
    assert!(all <= 48 << 20, "{all} bytes leave too little for requests");
}
