//! That a log which breaks a promise is found. Whether the product keeps them is `tests/promises.rs`.

use super::*;

mod semantics;
mod stand_in;

use stand_in::Flaw;

/// Seeds within which each flaw must be found.
const SEEDS: u64 = 120;

/// Runs the stand-in with this flaw until a promise is broken.
fn first_broken(flaw: Flaw) -> Option<(u64, Broken)> {
    (0..SEEDS).find_map(|seed| {
        // The stand-in is as plain as can be: it knows no pages, and no store that hides the present.
        let setup = Setup {
            open: stand_in::opener(flaw),
            weathers: &[Weather::Strong, Weather::Slow, Weather::Failing],
            large: Chance::NEVER,
        };
        let (result, _) = run_with(seed, Tracing::Off, setup);
        result.err().map(|broken| (seed, broken))
    })
}

#[test]
fn a_sound_log_keeps_every_promise() {
    assert_eq!(first_broken(Flaw::Nothing), None);
}

#[test]
fn each_flaw_of_a_log_is_found_and_called_by_its_name() {
    let lost = "no acknowledged edit is lost";
    let unseen = "an edit is seen within 2 s";
    let untold = "conflicts are told";
    let done = "no refused edit is done";
    for (flaw, promises) in [
        (Flaw::RewritesAll, [unseen, lost]),
        (Flaw::FoldsAtOnce, [done, lost]),
        (Flaw::AcknowledgesHoles, [unseen, lost]),
        (Flaw::AcknowledgesFirst, [unseen, lost]),
        (Flaw::IgnoresBases, [untold, untold]),
        (Flaw::SplitsEdits, ["no edit is seen in part"; 2]),
        (Flaw::RepeatsBlindly, [done, untold]),
    ] {
        let Some((seed, broken)) = first_broken(flaw) else {
            panic!("{flaw:?} was not found within {SEEDS} seeds");
        };
        assert!(
            promises.contains(&broken.promise),
            "{flaw:?}, seed {seed}: {broken}"
        );
    }
}
