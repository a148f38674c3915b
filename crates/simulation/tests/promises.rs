//! That the product keeps its promises, seed by seed. That a product which breaks one would be found is tested beside
//! each scenario.

use gempool_simulation::{Scenario, run_seeds};

/// Enough that each kind of store, with and without crashes, comes many times. The program runs ten thousand.
const SEEDS: u64 = 150;

/// Fails with the commands that show each failure again. `happenings` must have happened: where nothing does, every
/// promise is kept.
#[track_caller]
fn check(scenario: Scenario, happenings: &[&str]) {
    let report = run_seeds(scenario, 0..SEEDS, 1);
    let told: Vec<String> = report
        .failures
        .iter()
        .map(|failure| format!("{}\n  {}", failure.command(), failure.broken))
        .collect();
    assert!(
        told.is_empty(),
        "{} seeds failed:\n{}",
        report.failed,
        told.join("\n")
    );
    for what in happenings {
        assert!(
            report.tally.of(what) > SEEDS,
            "{what}: {}",
            report.tally.of(what)
        );
    }
}

#[test]
fn no_mark_is_forgotten_or_comes_late_flt39() {
    check(
        Scenario::Marks,
        &["marks learned", "marks that held", "crashes"],
    );
}

#[test]
fn sums_are_conserved_but_for_what_a_crash_takes_along_flt48() {
    check(
        Scenario::Counters,
        &[
            "requests",
            "requests lost with crashes",
            "requests in doubt",
        ],
    );
}

#[test]
fn no_acknowledged_edit_is_lost_done_twice_or_seen_in_part_flt46() {
    check(
        Scenario::Log,
        &[
            "edits acknowledged",
            "edits in conflict",
            "crashes",
            "views",
        ],
    );
}

#[test]
fn gateways_serve_whole_answers_with_living_keys_and_let_nobody_in_who_is_shut_out() {
    check(
        Scenario::Gateway,
        &[
            "requests served",
            "requests shut out",
            "requests after the trouble",
            "requests without a store",
            "calls with dead keys",
            "calls while overloaded",
        ],
    );
}
