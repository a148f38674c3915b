//! Where gempool deliberately does otherwise than the translation reference says.
//!
//! Also rules that cannot be tested here because the part of the API that they speak of is not
//! served. A rule that is only not implemented yet does not belong here.

/// A rule, what is done instead, and why.
#[derive(Debug, Clone, Copy)]
pub struct Difference {
    /// Its id in the translation reference, `M2` for instance; `§9` for a section without ids.
    pub rule: &'static str,
    /// What gempool does.
    pub instead: &'static str,
    /// Why that is better.
    pub because: &'static str,
}

/// By rule id: sections first.
pub const DIFFERENCES: &[Difference] = &[
    Difference {
        rule: "§2.2",
        instead: "an answer that ends with `CONTINUATION` ends as one that reached its limit",
        because: "going on is bounded and off by default; without it nothing is missing but the rest",
    },
    Difference {
        rule: "§2.2",
        instead: "an answer with a function call that ends with a fault of the model's is an error, also \
                  where text came before",
        because: "such a call must not be made, and a client that has seen a call makes it",
    },
    Difference {
        rule: "§9",
        instead: "a native stream without `alt=sse` is asked of Google with it, and the array is written \
                  here, element by element with Google's bytes",
        because: "only events can be checked as they pass: a cut array would look whole, and an error in it \
                  like an answer",
    },
    Difference {
        rule: "§9",
        instead: "`tunedModels/…` is answered 404",
        because: "a tuned model belongs to the project of one key, and others would get 403",
    },
    Difference {
        rule: "U1",
        instead: "`predictLongRunning`, `batchGenerateContent` and `interactions` are not passed on",
        because: "what they start belongs to the project of one key and is asked for again later",
    },
    Difference {
        rule: "X1",
        instead: "one event has at most 8 MiB rather than 64",
        because: "three times the largest recorded one, and a thousand streams share one memory",
    },
    Difference {
        rule: "X2",
        instead: "the first chunk waits for something that a client would notice, not only for the first \
                  event",
        because: "first events are often empty, and until then another key can still be tried",
    },
    Difference {
        rule: "X10",
        instead: "native streams are kept alive by blank lines rather than comments",
        because: "Google's own Python SDK takes a comment for JSON and fails",
    },
];
