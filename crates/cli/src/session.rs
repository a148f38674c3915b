//! One command on one store: what it needs, and which one runs.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use gempool_kv::Store;
use gempool_state::{
    Change, Current, EditError, Edited, Head, Ledger, MasterKey, PoolId, Root, Vault, current_head,
    find_pool,
};

use crate::args::Command;
use crate::backend::Backend;
use crate::output::remark;
use crate::{clients, clock, doctor, keys, pools};

/// Who the log says has edited.
const ACTOR: &str = "command line";

/// Where a command works.
pub struct Place {
    /// The open store.
    pub store: Arc<dyn Store>,
    /// What it is sealed with.
    pub master_key: MasterKey,
    /// What it was sealed with before.
    pub previous_master_key: Option<MasterKey>,
    /// Origin of the Gemini API, for tests of keys.
    pub upstream: String,
}

/// Runs a command to its end.
///
/// # Errors
/// Whatever kept it from being done; nothing is half done then, except that some keys of a long import may be in, and
/// that a client key may be valid beside the one that replaces it.
pub async fn run(command: &Command, place: Place) -> Result<ExitCode> {
    let session = Session::new(place);
    match command {
        Command::Keys(command) => keys::run(&session, command).await,
        Command::Pools(command) => pools::run(&session, command).await,
        Command::Clients(command) => clients::run(&session, command).await,
        Command::Doctor(arguments) => doctor::run(&session, arguments).await,
        Command::Reseal => session.reseal().await,
    }
}

/// The open store with everything to read and edit it.
pub(crate) struct Session {
    pub(crate) backend: Backend,
    pub(crate) vault: Vault,
    pub(crate) upstream: String,
}

impl Session {
    fn new(place: Place) -> Self {
        Self {
            backend: Backend::new(place.store),
            vault: Vault::new(&place.master_key, place.previous_master_key.as_ref()),
            upstream: place.upstream,
        }
    }

    fn ledger(&self) -> Ledger<'_> {
        Ledger {
            store: &self.backend,
            counters: &self.backend,
            rng: &self.backend,
            vault: &self.vault,
            clock: &clock::now,
            pause: &clock::pause,
        }
    }

    async fn reseal(&self) -> Result<ExitCode> {
        let resealed = self.ledger().reseal().await?;
        if let Some(damaged) = resealed.damaged.into_iter().next() {
            return Err(damaged)
                .context("not everything could be sealed anew: keep the previous master key");
        }
        remark(&format!(
            "{} documents are sealed anew; once every host has the new master key, the previous one is not needed any more",
            resealed.resealed
        ));
        Ok(ExitCode::SUCCESS)
    }

    /// Makes changes.
    ///
    /// # Errors
    /// In words for a person.
    pub(crate) async fn edit(&self, changes: Vec<Change>) -> Result<Edited> {
        match self.ledger().edit(ACTOR, changes).await {
            Ok(edited) => Ok(edited),
            Err(EditError::Conflict { current }) => match *current {
                Current::Nothing => bail!("somebody removed it meanwhile"),
                Current::Pool(_) | Current::Key(_) | Current::Client(_) => {
                    bail!("somebody changed it meanwhile: look at it again, then repeat")
                }
            },
            Err(other) => Err(other.into()),
        }
    }

    /// Everything as it is now; `None` before the first edit.
    pub(crate) async fn head(&self) -> Result<Option<Head>> {
        Ok(current_head(&self.backend, &self.vault).await?)
    }

    /// A pool that must exist.
    pub(crate) async fn pool(&self, id: &PoolId) -> Result<(Head, Root)> {
        let Some(head) = self.head().await? else {
            bail!("there is no pool yet: `gempool pools create {id}` makes one");
        };
        let root = find_pool(&self.backend, &self.vault, &head, id)
            .await
            .with_context(|| format!("pool {id}"))?;
        match root {
            Some(root) => Ok((head, root)),
            None => bail!("there is no pool `{id}`: `gempool pools list` shows all"),
        }
    }
}
