//! How a pool chooses, what it makes of errors, and what it does when no key is left: an admin's decisions.
//!
//! Only values and their names; what each one does is in the file of its subject.

use serde::{Deserialize, Serialize};

use crate::profile::Profile;
use crate::quota::QuotaLimit;
use crate::rules::Rule;
use crate::strategy::Strategy;

/// The decisions for one pool. Every field has a default, so that documents of an older version can be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// How keys take turns.
    pub strategy: Strategy,
    /// What errors mean.
    pub profile: Profile,
    /// Whether one conversation prefers one key.
    pub affinity: Affinity,
    /// What happens when every key is out.
    pub emergency: Emergency,
    /// The admin's own rules for errors; the first that matches decides, before the table.
    pub rules: Vec<Rule>,
    /// Limits per project and model, known to the admin before Google tells.
    pub quotas: Vec<QuotaLimit>,
}

/// Whether requests that begin alike prefer the same key, which raises Google's implicit cache hits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Affinity {
    /// Every request takes the key whose turn it is. The default: shares are exact.
    #[default]
    Off,
    /// The head of the prompt decides, by rendezvous hash; another key where that one is out.
    Conversation,
}

/// What happens when every key is cooling for longer than a client waits. Dead and disabled keys stay out
/// whatever is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Emergency {
    /// The client hears 429 and when to come back.
    #[default]
    Fail,
    /// The key that returns first serves one request at a time before its time.
    ProbeSoonest,
    /// Every cooling of the pool is forgotten, once a minute at most: what the cooling balancer did.
    Reset,
}
