//! How the process ends: a first signal drains, a second one ends at once.
//!
//! Drains nothing itself; connections listen to the token.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// How serving ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Everything was answered, or the time for it was over.
    Drained,
    /// A second signal, by its number.
    Forced(u8),
}

impl End {
    /// Exit code; a forced end is reported as shells report signals.
    pub fn code(self) -> u8 {
        match self {
            Self::Drained => 0,
            Self::Forced(signal) => 128u8.saturating_add(signal),
        }
    }
}

/// SIGINT and SIGTERM.
#[derive(Debug)]
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

/// Number of SIGINT (POSIX).
const SIGINT: u8 = 2;
/// Number of SIGTERM (POSIX).
const SIGTERM: u8 = 15;

impl Signals {
    /// Catches both from now on.
    ///
    /// # Errors
    ///
    /// If they cannot be caught.
    pub fn catch() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// The number of the next one.
    pub async fn next(&mut self) -> u8 {
        tokio::select! {
            _ = self.interrupt.recv() => SIGINT,
            _ = self.terminate.recv() => SIGTERM,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_are_those_that_shells_know() {
        assert_eq!(End::Drained.code(), 0);
        assert_eq!(End::Forced(SIGINT).code(), 130);
        assert_eq!(End::Forced(SIGTERM).code(), 143);
    }
}
