//! Whole edits against a store in memory whose calls can be interleaved, cut off and made to fail.

mod concurrent;
mod damage;
mod edits;
mod folds;
mod format_1;
mod large;
mod rotation;
mod scheduler;
mod world;
