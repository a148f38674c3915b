//! The key pool: which Gemini key serves the next request, and what an answer says about the key that made it.
//!
//! It deliberately has no clock, no randomness, no HTTP and no storage: `now` and `random` are arguments, so every
//! rule here can be tested with plain values. It knows nothing of client keys, of wire dialects or of hosts.
//!
//! The way through it:
//!
//! 1. [`parse_keys`] turns a variable's text into [`KeySpec`]s, and [`Pool::with_keys`] makes a pool of them; or
//!    [`Pool::lay_out`] says how stored keys are divided into pages, and [`Pool::load`] brings the ones that are needed;
//! 2. [`Pool::select`] hands out a key for a [`Wish`], asks for a page, or says why there is [`NoKey`];
//! 3. [`classify()`] reads an upstream error into a [`Verdict`] (the rules are one table, `verdict_table.rs`);
//! 4. [`Pool::record`] applies the verdict, [`Verdict::retry`] says whether another attempt makes sense;
//! 5. [`Pool::changed_marks`] and [`Pool::merge_marks`] share what was learned with other instances;
//! 6. [`Pool::status`] is what `/v1/status` shows, [`Pool::explain`] why a key is chosen or not.
//!
//! Beside it stand [`QuotaBook`], which counts what projects have used of their quotas, and [`Egresses`], which know
//! the addresses that requests leave from; errors teach both ([`Lessons`], [`Verdict::Egress`]).
//!
//! ```
//! use gempool_pool::{
//!     Choice, Egresses, Policy, Pool, UnixMillis, Wish, classify, parse_keys,
//! };
//!
//! let mut pool = Pool::with_keys(Policy::default(), parse_keys("AIza-first*3, AIza-second")?);
//! let mut egresses = Egresses::default();
//! let (model, now, random) = ("gemini-2.5-flash", UnixMillis(1_800_000_000_000), 42);
//!
//! let wish = Wish { model, ..Wish::default() };
//! let Choice::Key(first) = pool.select(&wish, &egresses, now, random) else {
//!     return Err("there is a key".into());
//! };
//! let refusal = br#"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key."}}"#;
//! let verdict = classify(400, refusal, now, pool.policy()).verdict;
//! pool.record(&first.attempt(model), &verdict, &mut egresses, now, random);
//!
//! let tried = [first.id];
//! let again = Wish { tried: &tried, ..wish };
//! let Choice::Key(second) = pool.select(&again, &egresses, now, random) else {
//!     return Err("there is another key".into());
//! };
//! assert_ne!(second.id, first.id);
//! assert_eq!(pool.status(now).failed_keys, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod affinity;
mod backoff;
mod by_model;
mod chance;
mod choose;
mod classify;
mod cooling;
mod cooling_length;
mod coolings;
mod egress;
mod emergency;
mod explain;
mod google_error;
mod key;
mod key_id;
mod key_list;
mod layout;
mod lessons;
mod mark;
mod marks;
mod model_state;
mod pacific;
mod page;
mod page_turns;
mod paging;
mod policy;
mod pool;
mod profile;
mod projects;
mod quota;
mod quota_book;
mod quota_failure;
mod record;
mod report;
mod retry_delay;
#[cfg(test)]
mod rig;
mod room;
mod rules;
mod slot;
mod standing;
mod status;
mod strategy;
mod summary;
mod time;
mod turns;
mod verdict;
mod verdict_table;
mod wait;
mod wish;

pub use backoff::retry_delay;
pub use classify::{Classified, MAX_ERROR_BODY_BYTES, MAX_ERROR_MESSAGE_BYTES, classify};
pub use cooling::{MAX_COOLING, PROBE_LEASE};
pub use coolings::MAX_MODELS_PER_KEY;
pub use egress::{Blame, EgressIndex, Egresses, InvalidEgresses, MAX_EGRESSES};
pub use explain::{Explained, MAX_EXPLAINED, Why};
pub use key::{ApiKey, InvalidApiKey, MAX_KEY_BYTES};
pub use key_id::{InvalidKeyId, KeyId, MAX_PAGE_BITS};
pub use key_list::{
    InvalidKeyList, InvalidWeight, KeySpec, MAX_KEYS, Weight, parse_keys, parse_list,
};
pub use layout::{MAX_PAGE_KEYS, PageInfo};
pub use lessons::{LearnedLimit, Lessons, QuotaKind};
pub use mark::{CoolingMark, Mark};
pub use pacific::pacific_day;
pub use policy::{Affinity, Emergency, Policy};
pub use pool::Pool;
pub use profile::{Profile, network_verdict};
pub use quota::{
    InvalidQuota, MAX_MODEL_PATTERN_BYTES, MAX_QUOTA_LIMITS, QuotaLimit, validate_quotas,
};
pub use quota_book::{MAX_COUNTED, QuotaBook, QuotaFull, Spent, Subject};
pub use quota_failure::{Quota, QuotaWindow};
pub use record::{KeyRecord, MAX_NAME_BYTES, Tier};
pub use rules::{InvalidRule, MAX_RULE_TEXT_BYTES, MAX_RULES, Rule, RuleAction, validate_rules};
pub use status::{CoolingDetail, CoolingModel, FailedDetail, MAX_STATUS_DETAILS, PoolStatus};
pub use strategy::{InvalidStrategy, Strategy};
pub use summary::Summary;
pub use time::UnixMillis;
pub use verdict::{CoolingCause, DeathCause, EgressCause, FaultCause, Retry, Scope, Verdict};
pub use wait::WaitCause;
pub use wish::{Attempt, Choice, NoKey, Selected, Wish};
