//! The key pool: which Gemini key serves the next request, and what an answer says about the key that made it.
//!
//! It deliberately has no clock, no randomness, no HTTP and no storage: `now` and `random` are arguments, so every
//! rule here can be tested with plain values. It knows nothing of client keys, of wire dialects or of hosts.
//!
//! The way through it:
//!
//! 1. [`parse_keys`] turns a variable's text into [`KeySpec`]s, [`Pool::new`] makes the pool;
//! 2. [`Pool::select`] hands out a key for a model, or says why there is [`NoKey`];
//! 3. [`classify()`] reads an upstream error into a [`Verdict`] (the rules are one table, `verdict_table.rs`);
//! 4. [`Pool::record`] applies the verdict, [`Verdict::retry`] says whether another attempt makes sense;
//! 5. [`Pool::status`] is what `/v1/status` shows.
//!
//! ```
//! use gempool_pool::{Policy, Pool, Strategy, UnixMillis, classify, parse_keys};
//!
//! let mut pool = Pool::new(parse_keys("AIza-first*3, AIza-second")?, Strategy::Weighted);
//! let (model, now, random) = ("gemini-2.5-flash", UnixMillis(1_800_000_000_000), 42);
//!
//! let first = pool.select(model, now, random, &[])?;
//! let refusal = br#"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key."}}"#;
//! let verdict = classify(400, refusal, now, &Policy::default()).verdict;
//! pool.record(first.index, model, &verdict, now, random);
//!
//! let second = pool.select(model, now, random, &[first.index])?;
//! assert_ne!(second.index, first.index);
//! assert_eq!(pool.status(now).failed_keys, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod backoff;
mod by_model;
mod classify;
mod cooling;
mod egress;
mod google_error;
mod key;
mod key_id;
mod key_list;
mod lessons;
mod mark;
mod pacific;
mod policy;
mod pool;
mod profile;
mod quota;
mod quota_book;
mod quota_failure;
mod record;
mod retry_delay;
mod rules;
mod select;
mod state;
mod status;
mod strategy;
mod time;
mod verdict;
mod verdict_table;

pub use backoff::retry_delay;
pub use classify::{Classified, MAX_ERROR_BODY_BYTES, MAX_ERROR_MESSAGE_BYTES, classify};
pub use cooling::{MAX_COOLING, MAX_MODELS_PER_KEY, PROBE_LEASE};
pub use egress::{Blame, EgressIndex, Egresses, InvalidEgresses, MAX_EGRESSES};
pub use key::{ApiKey, InvalidApiKey, MAX_KEY_BYTES};
pub use key_id::{InvalidKeyId, KeyId, MAX_PAGE_BITS};
pub use key_list::{
    InvalidKeyList, InvalidWeight, KeySpec, MAX_KEYS, Weight, parse_keys, parse_list,
};
pub use lessons::{LearnedLimit, Lessons, QuotaKind};
pub use mark::{CoolingMark, Mark};
pub use pacific::pacific_day;
pub use policy::{Affinity, Emergency, Policy};
pub use pool::{KeyIndex, NoKey, Pool, Selected};
pub use profile::{Profile, network_verdict};
pub use quota::QuotaLimit;
pub use quota_book::{QuotaBook, QuotaFull, Spent, Subject};
pub use quota_failure::{Quota, QuotaWindow};
pub use record::{KeyRecord, MAX_NAME_BYTES, Tier};
pub use rules::{InvalidRule, MAX_RULE_TEXT_BYTES, MAX_RULES, Rule, RuleAction, validate_rules};
pub use status::{CoolingDetail, CoolingModel, FailedDetail, MAX_STATUS_DETAILS, PoolStatus};
pub use strategy::{InvalidStrategy, Strategy};
pub use time::UnixMillis;
pub use verdict::{CoolingCause, DeathCause, EgressCause, FaultCause, Retry, Scope, Verdict};
