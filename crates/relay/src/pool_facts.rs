//! What an admin decided about a pool, in the form that requests need it.
//!
//! Keys and their states are elsewhere; nothing here changes while a request is under way.

use gempool_pool::Policy;
use gempool_state::PoolConfig;
use gempool_translate::Aliases;

use crate::allow_list::AllowList;
use crate::limits::Limits;

/// One pool's decisions.
#[derive(Debug, Clone)]
pub(crate) struct PoolFacts {
    /// For people.
    pub(crate) name: String,
    /// Whether it serves nobody.
    pub(crate) disabled: bool,
    /// How it chooses and judges.
    pub(crate) policy: Policy,
    /// Models that its clients may use.
    pub(crate) allowed: AllowList,
    /// Other names for models, before the deployment's.
    pub(crate) aliases: Aliases,
    /// Of all its clients together.
    pub(crate) limits: Limits,
    /// Whether who brings a key may use it.
    pub(crate) contribute: bool,
}

impl PoolFacts {
    /// The pool of the deployment's variables.
    pub(crate) fn environment(policy: Policy) -> Self {
        Self {
            name: "environment".to_owned(),
            disabled: false,
            policy,
            allowed: AllowList::all(),
            aliases: Aliases::default(),
            limits: Limits::default(),
            contribute: false,
        }
    }
}

impl From<PoolConfig> for PoolFacts {
    fn from(config: PoolConfig) -> Self {
        let patterns = config.allowed_models.iter().map(String::as_str);
        Self {
            allowed: if config.allowed_models.is_empty() {
                AllowList::all()
            } else {
                AllowList::only(patterns)
            },
            // Whoever stored the text checked it; one that a newer version understands differently means nothing.
            aliases: config.aliases.parse().unwrap_or_default(),
            limits: Limits {
                requests_per_minute: config.rpm.map(u64::from),
                tokens_per_minute: config.tpm,
                tokens_per_day: None,
            },
            name: config.name,
            disabled: config.disabled,
            policy: config.policy,
            contribute: config.contribute,
        }
    }
}
