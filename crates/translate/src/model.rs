//! Names of models: what they may look like, what their suffixes ask for, what the model can do.

mod capabilities;
mod features;
mod name;

pub(crate) use capabilities::{LastTurn, ModelCapabilities, Sampling, capabilities};
pub use features::{Features, ThinkingOverride};
pub use name::ModelName;
