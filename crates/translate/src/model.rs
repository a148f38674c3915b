//! Names of models: what they may look like, what their suffixes ask for, what the model can do.

mod aliases;
mod capabilities;
mod families;
mod features;
mod name;
mod spec;
mod suffixes;

pub use aliases::{AliasError, Aliases};
pub(crate) use capabilities::{
    GoogleTools, Instructions, JsonMode, LastTurn, Logprobs, ModelCapabilities, Output,
    ResolutionPlace, ResultImages, Sampling, Schemas, Signatures, Thinking, ThinkingBudget,
    ThinkingLevels, Thoughts, ValidatedCalls, WebFiles,
};
pub(crate) use families::capabilities;
pub use features::{Features, ThinkingOverride};
pub use name::ModelName;
pub use spec::ModelSpec;
pub use suffixes::{SuffixKind, Suffixes, UnknownSuffix};
