//! Who asks: a client, its pool, and what it may do there.
//!
//! Which credential makes which client is `identify.rs`; headers are the gateway's `src/auth.rs`.

use std::rc::Rc;

use gempool_pool::UnixMillis;
use gempool_state::{ClientKeyId, ClientKeyRecord};
use gempool_translate::SafetySetting;

use crate::allow_list::AllowList;
use crate::client_keys::ClientId;
use crate::contribution::{Contributor, Standing};
use crate::failure::Failure;
use crate::limits::Limits;
use crate::pool_runtime::PoolRuntime;
use crate::settings::safety_settings;

/// The strictest threshold: what a stored one that cannot be read means, since it was set to narrow something.
const STRICTEST: &str = "BLOCK_LOW_AND_ABOVE";

/// A client that was let in.
#[derive(Clone)]
pub struct Client {
    pub(crate) id: ClientId,
    pub(crate) pool: Rc<PoolRuntime>,
    pub(crate) policy: Rc<ClientPolicy>,
    /// Under which name its use is counted; `None` for keys of the deployment's variables, which have no limits.
    pub(crate) account: Option<ClientKeyId>,
    /// Set if it has no client key but brought a Gemini key.
    pub(crate) contributor: Option<Rc<Contributor>>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Client({:?} of {})", self.id, self.pool.id)
    }
}

/// What one client key may do.
#[derive(Debug, Clone)]
pub(crate) struct ClientPolicy {
    disabled: bool,
    expires_at: Option<UnixMillis>,
    allowed: AllowList,
    pub(crate) limits: Limits,
    /// Whether only keys of paid projects may serve it.
    pub(crate) paid_only: bool,
    /// Thresholds instead of the deployment's.
    pub(crate) safety: Option<Vec<SafetySetting>>,
}

impl ClientPolicy {
    /// A key of the deployment's variables, which may do all that its pool may.
    pub(crate) fn unlimited() -> Self {
        Self {
            disabled: false,
            expires_at: None,
            allowed: AllowList::all(),
            limits: Limits::default(),
            paid_only: false,
            safety: None,
        }
    }

    /// # Errors
    /// [`Failure::KeyClosed`].
    pub(crate) fn open(&self, now: UnixMillis) -> Result<(), Failure> {
        let expired = self.expires_at.is_some_and(|at| at <= now);
        if self.disabled || expired {
            return Err(Failure::KeyClosed);
        }
        Ok(())
    }
}

#[cfg(test)]
impl ClientPolicy {
    /// Whether a request for `model` would be served at all.
    pub(crate) fn can(&self, model: &str, now: UnixMillis) -> bool {
        let closed = [
            self.limits.requests_per_minute,
            self.limits.tokens_per_minute,
            self.limits.tokens_per_day,
        ];
        self.open(now).is_ok() && self.allowed.allows(&[model]) && !closed.contains(&Some(0))
    }
}

impl From<&ClientKeyRecord> for ClientPolicy {
    fn from(record: &ClientKeyRecord) -> Self {
        let allowed = record.allowed_models.as_ref();
        let safety = record.safety.as_deref();
        Self {
            disabled: record.disabled,
            expires_at: record.expires_at,
            allowed: allowed.map_or_else(AllowList::all, |patterns| {
                AllowList::only(patterns.iter().map(String::as_str))
            }),
            limits: Limits {
                requests_per_minute: record.rpm.map(u64::from),
                tokens_per_minute: record.tpm,
                tokens_per_day: record.tokens_per_day,
            },
            paid_only: record.paid_only,
            safety: safety.map(|threshold| {
                let settings = safety_settings(threshold).ok();
                settings.unwrap_or_else(|| safety_settings(STRICTEST).unwrap_or_default())
            }),
        }
    }
}

impl Client {
    /// Whether it brought a key that serves its requests alone.
    pub(crate) fn uses_own_key(&self) -> bool {
        let contributor = self.contributor.as_ref();
        contributor.is_some_and(|contributor| contributor.standing != Standing::Living)
    }

    /// Whether it may use a model that it calls by `name`, and Google by `model`: the pool and the key must both
    /// allow it.
    pub(crate) fn may_use(&self, name: &str, model: &str) -> bool {
        let names = [name, model];
        self.pool.facts().allowed.allows(&names) && self.policy.allowed.allows(&names)
    }

    /// # Errors
    /// [`Failure::ModelNotAllowed`].
    pub(crate) fn check_model(&self, name: &str, model: &str) -> Result<(), Failure> {
        if self.may_use(name, model) {
            return Ok(());
        }
        Err(Failure::ModelNotAllowed {
            model: name.to_owned(),
        })
    }
}
