//! That a till which breaks a promise is found. Whether the product keeps them is `tests/promises.rs`.

use super::*;

mod stand_in;

use stand_in::Flaw;

/// Seeds within which each flaw must be found.
const SEEDS: u64 = 200;

fn first_broken(open: Open) -> Option<(u64, Broken)> {
    (0..SEEDS).find_map(|seed| {
        let (result, _) = run_with(seed, Tracing::Off, open);
        result.err().map(|broken| (seed, broken))
    })
}

#[test]
fn sound_counters_keep_every_promise() {
    assert_eq!(first_broken(|| stand_in::open(Flaw::Nothing)), None);
}

#[test]
fn each_flaw_of_counters_is_found_and_called_by_its_name() {
    let conserved = "counters are conserved";
    let cases: [(Flaw, Open, &str); 5] = [
        (
            Flaw::RewritesSums,
            || stand_in::open(Flaw::RewritesSums),
            conserved,
        ),
        (
            Flaw::DropsWhatFailed,
            || stand_in::open(Flaw::DropsWhatFailed),
            conserved,
        ),
        (
            Flaw::DropsWhatComesMeanwhile,
            || stand_in::open(Flaw::DropsWhatComesMeanwhile),
            conserved,
        ),
        (
            Flaw::AddsAgain,
            || stand_in::open(Flaw::AddsAgain),
            conserved,
        ),
        (
            Flaw::ForgetsNothing,
            || stand_in::open(Flaw::ForgetsNothing),
            "windows that are over are forgotten",
        ),
    ];
    for (flaw, open, promise) in cases {
        let Some((seed, broken)) = first_broken(open) else {
            panic!("{flaw:?} was not found within {SEEDS} seeds");
        };
        assert_eq!(broken.promise, promise, "{flaw:?}, seed {seed}: {broken}");
    }
}
