//! Counts tests from what the test runners print.
//!
//! Reads only the closing lines of libtest, Vitest and Node's runner, and takes a runner's word for it.

use std::fmt;
use std::iter::Sum;

/// Tests that ran, by how they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Ended well.
    pub(crate) passed: u64,
    /// Did not.
    pub(crate) failed: u64,
    /// Were there and did not run.
    pub(crate) skipped: u64,
}

impl Tally {
    /// Sums libtest's lines, one per test binary:
    /// `test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; …`.
    pub(crate) fn of_libtest(output: &str) -> Self {
        output
            .lines()
            .filter_map(|line| line.trim().strip_prefix("test result: "))
            .map(|line| Self::of_counts(line.split([';', '.'])))
            .sum()
    }

    /// Reads Vitest's line `Tests  1 failed | 11 passed | 2 skipped (14)`.
    pub(crate) fn of_vitest(output: &str) -> Self {
        output
            .lines()
            .filter_map(|line| line.trim().strip_prefix("Tests "))
            .map(|line| Self::of_counts(line.split(['|', '('])))
            .sum()
    }

    /// Makes sure that a failed run counts, also one that ended before it could count itself: a
    /// test that took the whole process down.
    pub(crate) fn ended(mut self, success: bool) -> Self {
        if !success && self.failed == 0 {
            self.failed = 1;
        }
        self
    }

    /// Reads parts like `12 passed`.
    fn of_counts<'a>(parts: impl Iterator<Item = &'a str>) -> Self {
        let mut tally = Self::default();
        for part in parts {
            let Some((count, what)) = part.trim().split_once(' ') else {
                continue;
            };
            let Ok(count) = count.parse::<u64>() else {
                continue;
            };
            match what {
                "passed" => tally.passed += count,
                "failed" => tally.failed += count,
                "ignored" | "skipped" | "todo" => tally.skipped += count,
                _ => {}
            }
        }
        tally
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), |sum, it| Self {
            passed: sum.passed + it.passed,
            failed: sum.failed + it.failed,
            skipped: sum.skipped + it.skipped,
        })
    }
}

/// `12 passed, 0 failed`: the form that CI reads. Skipped tests are told elsewhere.
impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64, skipped: u64) -> Tally {
        Tally {
            passed,
            failed,
            skipped,
        }
    }

    #[test]
    fn sums_all_binaries_of_a_cargo_run() {
        let output = "\
running 3 tests
...
test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s

test result: FAILED. 11 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.05s
";
        assert_eq!(Tally::of_libtest(output), tally(14, 2, 1));
    }

    #[test]
    fn reads_vitest_with_and_without_failures() {
        for (line, expected) in [
            ("      Tests  12 passed (12)", tally(12, 0, 0)),
            (
                " Test Files  3 passed (3)\n      Tests  1 failed | 11 passed | 2 skipped (14)",
                tally(11, 1, 2),
            ),
        ] {
            assert_eq!(Tally::of_vitest(line), expected, "{line}");
        }
    }

    #[test]
    fn a_run_that_died_counts_as_one_failure() {
        assert_eq!(Tally::of_libtest("").ended(false), tally(0, 1, 0));
        assert_eq!(tally(3, 2, 0).ended(false), tally(3, 2, 0));
        assert_eq!(tally(3, 0, 0).ended(true), tally(3, 0, 0));
    }

    #[test]
    fn prints_the_line_that_ci_reads() {
        assert_eq!(tally(120, 0, 4).to_string(), "120 passed, 0 failed");
    }
}
