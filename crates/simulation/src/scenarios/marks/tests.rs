//! That a board which breaks a promise is found. Whether the product keeps them is `tests/promises.rs`.

use super::*;

mod stand_in;

use stand_in::Flaw;

/// Seeds within which each flaw must be found.
const SEEDS: u64 = 150;

fn first_broken(open: Open) -> Option<(u64, Broken)> {
    (0..SEEDS).find_map(|seed| {
        let (result, _) = run_with(seed, Tracing::Off, &Weather::ALL, open);
        result.err().map(|broken| (seed, broken))
    })
}

#[test]
fn sound_marks_keep_every_promise() {
    assert_eq!(first_broken(|| stand_in::open(Flaw::Nothing)), None);
}

#[test]
fn each_flaw_of_marks_is_found_and_called_by_its_name() {
    let late = "everybody knows within 2 s, or after races soon";
    let lost = "marks outlive the instance that learned them";
    let cases: [(Flaw, Open, &[&str]); 5] = [
        (
            Flaw::TakesTheShorter,
            || stand_in::open(Flaw::TakesTheShorter),
            &[late, lost],
        ),
        (
            Flaw::TakesTheLatest,
            || stand_in::open(Flaw::TakesTheLatest),
            &[late, lost],
        ),
        (
            Flaw::WritesBlindly,
            || stand_in::open(Flaw::WritesBlindly),
            &[late, lost],
        ),
        (
            Flaw::TrustsItsWrite,
            || stand_in::open(Flaw::TrustsItsWrite),
            &[late, lost],
        ),
        (
            Flaw::ForgetsGenerations,
            || stand_in::open(Flaw::ForgetsGenerations),
            &[late, lost],
        ),
    ];
    for (flaw, open, promises) in cases {
        let Some((seed, broken)) = first_broken(open) else {
            panic!("{flaw:?} was not found within {SEEDS} seeds");
        };
        assert!(
            promises.contains(&broken.promise),
            "{flaw:?}, seed {seed}: {broken}"
        );
    }
}
