//! That a gateway which breaks a promise is found. Whether the product keeps them is `tests/promises.rs`.

use super::*;

mod flawed;

use flawed::{Flaw, Flawed};

/// Seeds within which each flaw must be found.
const SEEDS: u64 = 150;

/// Runs the product in an outside world with this flaw until a promise is broken.
fn first_broken(flaw: Flaw) -> Option<(u64, Broken)> {
    (0..SEEDS).find_map(|seed| {
        let outfit: Outfit = Box::new(move |host| Rc::new(Flawed::new(host, flaw)));
        let (result, _) = run_with(seed, Tracing::Off, outfit);
        result.err().map(|broken| (seed, broken))
    })
}

#[test]
fn each_flaw_of_a_gateway_is_found_and_called_by_its_name() {
    let known = "who knows that a key is dead does not use it";
    let load = "retries do not multiply the load";
    let shares = "shares are the weights";
    let whole = "an answer is whole, or says that it is not";
    let waits = "an absent store costs at most half a second";
    for (flaw, promises) in [
        (Flaw::KeepsMarksToItself, ["soon nobody uses a dead key"; 2]),
        (Flaw::TakesDeathForWeather, [known; 2]),
        (Flaw::ReadsTheHeadOnce, ["who is shut out stays out"; 2]),
        (Flaw::SendsTwice, ["a client's own fault is asked once"; 2]),
        (Flaw::SendsTenTimes, [load, shares]),
        (Flaw::HasNoTimers, ["every request ends"; 2]),
        (Flaw::TakesCutsForEnds, [whole; 2]),
        (Flaw::UsesOneKeyMost, [shares, known]),
        (
            Flaw::NeverEndsItsWork,
            ["nothing goes on without a request"; 2],
        ),
        (Flaw::StoresInClear, ["no secret is stored in clear"; 2]),
        (Flaw::LogsKeys, ["no secret is logged"; 2]),
        (Flaw::WaitsForTheStore, [waits; 2]),
        (
            Flaw::MarksForNothing,
            ["a client's own fault marks nothing"; 2],
        ),
        (
            Flaw::RemembersDroughts,
            ["when keys are back, so is traffic"; 2],
        ),
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
