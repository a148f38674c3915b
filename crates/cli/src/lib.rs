//! The command line over a store: pools, keys, client keys, doctor.
//!
//! It edits the same state as the gateway, through the same log. It serves nothing; the native host does.
