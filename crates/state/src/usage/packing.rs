//! Two numbers in one counter, so that one call adds both and both come back.
//!
//! Sums stay exact as long as the lower number never overflows into the upper one; each layout says why it cannot.

use std::ops::{AddAssign, SubAssign};

/// Requests and tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Requests of clients.
    pub requests: u64,
    /// Those of them that got no usable answer.
    pub errors: u64,
    /// Tokens of prompts and answers.
    pub tokens: u64,
    /// Those of them that are the answers'.
    pub output_tokens: u64,
}

impl Usage {
    /// Whether there is nothing.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }

    fn zip(self, other: Self, join: impl Fn(u64, u64) -> u64) -> Self {
        Self {
            requests: join(self.requests, other.requests),
            errors: join(self.errors, other.errors),
            tokens: join(self.tokens, other.tokens),
            output_tokens: join(self.output_tokens, other.output_tokens),
        }
    }
}

impl AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        *self = self.zip(other, u64::saturating_add);
    }
}

impl SubAssign for Usage {
    fn sub_assign(&mut self, other: Self) {
        *self = self.zip(other, u64::saturating_sub);
    }
}

/// What a counter holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Requests above 32 bits of errors: 2^31 requests are 24,000 a second for a day. Errors are never more.
    Outcomes,
    /// Requests above 37 bits of tokens: 2^26 requests are 700 a second for a day, of 2,000 tokens each. For the use of
    /// one key, and of one client in a minute; a client's day may be more, and has a counter for its tokens.
    Spending,
    /// Tokens alone.
    Tokens,
    /// Tokens of answers alone.
    Output,
}

const ERROR_BITS: u32 = 32;
const TOKEN_BITS: u32 = 37;

impl Layout {
    /// The part of `usage` that this counter takes at once: what is left over waits for the next addition.
    pub(super) fn part(self, usage: Usage) -> Usage {
        let none = Usage::default();
        match self {
            Self::Outcomes => Usage {
                requests: usage.requests.min(most(63 - ERROR_BITS)),
                errors: usage.errors.min(most(ERROR_BITS)),
                ..none
            },
            Self::Spending => Usage {
                requests: usage.requests.min(most(63 - TOKEN_BITS)),
                tokens: usage.tokens.min(most(TOKEN_BITS)),
                ..none
            },
            Self::Tokens => Usage {
                tokens: usage.tokens.min(most(63)),
                ..none
            },
            Self::Output => Usage {
                output_tokens: usage.output_tokens.min(most(63)),
                ..none
            },
        }
    }

    /// A part as what is added.
    pub(super) fn pack(self, part: Usage) -> i64 {
        let number = match self {
            Self::Outcomes => part.requests << ERROR_BITS | part.errors,
            Self::Spending => part.requests << TOKEN_BITS | part.tokens,
            Self::Tokens => part.tokens,
            Self::Output => part.output_tokens,
        };
        i64::try_from(number).unwrap_or(i64::MAX)
    }

    /// What a sum says. One below zero has overflowed, in a store that lets it, and counts as the most there can be:
    /// limits stay closed.
    pub(super) fn unpack(self, sum: i64) -> Usage {
        let number = u64::try_from(sum).unwrap_or(most(63));
        let none = Usage::default();
        match self {
            Self::Outcomes => Usage {
                requests: number >> ERROR_BITS,
                errors: number & most(ERROR_BITS),
                ..none
            },
            Self::Spending => Usage {
                requests: number >> TOKEN_BITS,
                tokens: number & most(TOKEN_BITS),
                ..none
            },
            Self::Tokens => Usage {
                tokens: number,
                ..none
            },
            Self::Output => Usage {
                output_tokens: number,
                ..none
            },
        }
    }
}

/// The largest number of so many bits.
const fn most(bits: u32) -> u64 {
    (1 << bits) - 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LAYOUTS: [Layout; 4] = [
        Layout::Outcomes,
        Layout::Spending,
        Layout::Tokens,
        Layout::Output,
    ];

    #[test]
    fn a_sum_that_overflowed_leaves_no_room_under_any_limit() {
        assert_eq!(Layout::Tokens.unpack(-1).tokens, i64::MAX as u64);
        assert_eq!(Layout::Spending.unpack(-1).requests, (1 << 26) - 1);
        assert_eq!(Layout::Spending.unpack(-1).tokens, (1 << 37) - 1);
    }

    proptest! {
        #[test]
        fn sums_of_parts_are_parts_of_sums(numbers in prop::collection::vec((0..1_u64 << 20, 0..1_u64 << 20, 0..1_u64 << 31), 1..20)) {
            for layout in LAYOUTS {
                let (mut sum, mut all) = (0_i64, Usage::default());
                for (requests, errors, tokens) in &numbers {
                    let usage = Usage { requests: *requests, errors: *errors, tokens: *tokens, output_tokens: *tokens / 2 };
                    let part = layout.part(usage);
                    sum += layout.pack(part);
                    all += part;
                }
                prop_assert_eq!(layout.unpack(sum), all, "{:?}", layout);
            }
        }

        #[test]
        fn what_is_too_much_for_one_addition_is_left_over(requests: u64, tokens: u64) {
            let usage = Usage { requests, errors: requests, tokens, output_tokens: tokens };
            for layout in LAYOUTS {
                let part = layout.part(usage);
                prop_assert!(layout.pack(part) >= 0);
                prop_assert_eq!(layout.unpack(layout.pack(part)), part);
                let mut rest = usage;
                rest -= part;
                rest += part;
                prop_assert_eq!(rest, usage);
            }
        }
    }
}
