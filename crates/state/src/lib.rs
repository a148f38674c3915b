//! What outlives an instance: pools, keys, client keys, marks and counters, in any key-value store that can get, set,
//! delete and increment.
//!
//! It lists nothing, compares and swaps nothing, reads no clock and makes no randomness of its own: the store, the
//! time and the random bits are arguments, so that the component, the command line and a simulation run the same code.
//! It chooses no key and knows no HTTP. `docs/state.md` says what is promised and why it holds.

mod admit;
mod append;
mod change;
mod client_key;
mod envelope;
mod fold;
mod ledger;
mod marks;
mod master_key;
mod names;
mod operation;
mod plain;
mod pool_config;
pub mod ports;
mod probe;
mod read;
mod reseal;
pub mod resources;
mod schema;
#[cfg(test)]
mod scripted_store;
mod summary;
#[cfg(test)]
mod tests;
mod tree;
pub mod usage;
mod validate;
mod vault;
mod whole;

pub use change::{Change, KeyPatch};
pub use client_key::{ClientKeyId, ClientKeyRecord, MAX_CLIENT_NAME_BYTES, SAFETY_THRESHOLDS};
pub use envelope::{Damage, MAX_DOCUMENT_BYTES, TooLarge};
pub use ledger::{Current, EditError, Edited, Ledger, PAUSE};
pub use marks::{
    MIGRATION_CALLS, MarkPage, Migrated, Stored, WrittenMarks, forget_marks, migrate_marks,
    read_marks, write_marks,
};
pub use master_key::{InvalidMasterKey, MASTER_KEY_BYTES, MasterKey};
pub use names::{DocId, HEAD_NAME};
pub use operation::{MAX_IDS_PER_CHANGE, MAX_KEYS_PER_CHANGE};
pub use plain::{read_plain, write_plain};
pub use pool_config::{InvalidPoolId, PoolConfig, PoolId};
pub use probe::{Capabilities, probe};
pub use read::{
    HeadChange, ReadError, current_head, read_clients, read_head, read_keys, read_root,
};
pub use reseal::Resealed;
pub use schema::check_schema;
pub use summary::summary_name;
pub use tree::{Head, PageRef, Pages, Refusal, Root, RootRef};
pub use validate::{
    Invalid, MAX_ACTOR_BYTES, MAX_CLIENT_BYTES, MAX_CLIENTS, MAX_CONFIG_BYTES,
    MAX_KEY_RECORD_BYTES, MAX_POOLS,
};
pub use vault::{KeyTag, Vault};
pub use whole::{Whole, find_client, find_key, find_pool, list_clients, load_pool_keys};
