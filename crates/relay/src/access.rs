//! Calls of the store on a request's way: bounded, and not made while the store is away.

use std::future::Future;

use futures::future::{Either, select};
use gempool_state::ReadError;

use crate::gateway::Gateway;
use crate::ports::{STORE_PATIENCE, StoreUnavailable};
use crate::store_health::Meanwhile;

/// Why something is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unread {
    /// The store is away.
    Away,
    /// What is stored cannot be read; the reason is in the log.
    Damaged,
}

impl Gateway {
    /// Notes that the store did not answer, or not usefully.
    pub(crate) fn store_failed(&self) {
        let now = self.host.now();
        // Without a master key nothing that must be read is stored.
        let serves = self.directory.vault.is_none() || self.directory.is_servable(now);
        let meanwhile = if serves {
            Meanwhile::Serves
        } else {
            Meanwhile::HasNothing
        };
        self.health.failed(now, meanwhile);
    }

    /// Makes one call of the store, or several that belong together. A request waits for them no longer than
    /// [`STORE_PATIENCE`]; after a failure the store is left alone for a while.
    pub(crate) async fn ask_store<T, E: Into<ReadError>>(
        &self,
        call: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Unread> {
        if !self.health.may_ask(self.host.now()) {
            return Err(Unread::Away);
        }
        let call = std::pin::pin!(call);
        let answer = match select(call, self.host.sleep(STORE_PATIENCE)).await {
            Either::Left((answer, _)) => answer.map_err(Into::into),
            Either::Right(((), _)) => Err(ReadError::from(StoreUnavailable(
                "no answer in time".to_owned(),
            ))),
        };
        match answer {
            Ok(value) => {
                self.health.answered();
                Ok(value)
            }
            Err(error @ ReadError::Unavailable(_)) => {
                self.host.warn(&format!("state: {error}"));
                self.store_failed();
                Err(Unread::Away)
            }
            Err(error) => {
                self.health.answered();
                self.host.warn(&format!("state: {error}"));
                Err(Unread::Damaged)
            }
        }
    }
}
