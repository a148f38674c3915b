//! What happened, for whoever looks at one seed. A run among thousands writes nothing down.

use std::cell::RefCell;

use super::START_MS;

/// Whether a run is told in lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tracing {
    Off,
    On,
}

/// Lines of a run, oldest first.
pub(crate) type Seen = Vec<String>;

pub(super) struct Trace {
    tracing: Tracing,
    seen: RefCell<Seen>,
}

impl Trace {
    pub(super) fn new(tracing: Tracing) -> Self {
        Self {
            tracing,
            seen: RefCell::default(),
        }
    }

    pub(super) fn note(&self, now: u64, what: impl FnOnce() -> String) {
        if self.tracing == Tracing::On {
            let since = now.saturating_sub(START_MS);
            let line = format!("{:>7}.{:03} {}", since / 1_000, since % 1_000, what());
            self.seen.borrow_mut().push(line);
        }
    }

    pub(super) fn take(&self) -> Seen {
        self.seen.take()
    }
}
