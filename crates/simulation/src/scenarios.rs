//! What is simulated: one file (and folder) for each scenario, with its promises beside it.

pub(crate) mod counters;
pub(crate) mod gateway;
pub(crate) mod log;
pub(crate) mod marks;
