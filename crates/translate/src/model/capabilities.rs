//! What a model takes and what it refuses: the vocabulary of the table in `families`.
//!
//! Only differences that change what is sent belong here. It is not a list of models: Google says
//! which exist.

use crate::gemini::request::ThinkingLevel;

/// What to send to a model and what to leave out.
///
/// Penalties have no field here: they are never sent, because every model from 2.5 on refuses any but
/// 0, and 0 says nothing (G8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ModelCapabilities {
    /// Whether `temperature`, `topP` and `topK` may be sent (G2).
    pub(crate) sampling: Sampling,
    /// Whether a conversation may end with the model's turn (M11).
    pub(crate) last_turn: LastTurn,
    /// Highest `maxOutputTokens`; above it Gemini answers an opaque 400 (G1). `None`: unknown.
    pub(crate) output_tokens: Option<OutputTokens>,
    /// What `thinkingConfig` may say (table 1.5).
    pub(crate) thinking: Thinking,
    /// Where thought signatures are wanted (§3.2, §3.9).
    pub(crate) signatures: Signatures,
    /// Highest `candidateCount` (G5).
    pub(crate) candidates: u32,
    /// Whether `responseLogprobs` may be sent (G9).
    pub(crate) logprobs: Logprobs,
    /// Whether JSON may be demanded of an answer beside tools (G18).
    pub(crate) json_mode: JsonMode,
    /// Whether Google's own tools may be used beside functions (T15).
    pub(crate) google_tools: GoogleTools,
    /// Whether the mode `VALIDATED` is known (T6, T11).
    pub(crate) validated_calls: ValidatedCalls,
    /// How schemas are written (T3).
    pub(crate) schemas: Schemas,
    /// Where instructions go.
    pub(crate) instructions: Instructions,
    /// What the answer consists of (G19, G20).
    pub(crate) output: Output,
    /// Where the images of a call's result go (P9).
    pub(crate) result_images: ResultImages,
    /// Where the detail of images is asked for (P5).
    pub(crate) media_resolution: ResolutionPlace,
    /// Whether files of the public web may be named (P3).
    pub(crate) web_files: WebFiles,
}

/// How a model treats the sampling parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sampling {
    Accepted,
    /// Ignored today and announced to be refused, so they are not sent.
    Fixed,
}

/// Who may speak last in `contents`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LastTurn {
    Anyone,
    UserOnly,
}

/// Limits of `maxOutputTokens` by way of calling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OutputTokens {
    pub(crate) unary: u32,
    pub(crate) streaming: u32,
}

impl OutputTokens {
    pub(super) const fn same(limit: u32) -> Self {
        Self {
            unary: limit,
            streaming: limit,
        }
    }
}

/// How much a model thinks, and how that is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Thinking {
    /// `thinkingConfig` is refused as a whole.
    Unsupported,
    /// In tokens; a level is refused.
    Budget(ThinkingBudget),
    /// In levels; a budget is refused.
    Level(ThinkingLevels),
}

/// Which budgets a model takes, in tokens, besides -1, which leaves it to the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ThinkingBudget {
    pub(crate) min: i32,
    pub(crate) max: i32,
    /// What stands for not thinking: 0 where that is possible, else `min`.
    pub(crate) off: i32,
}

/// Which levels a model takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ThinkingLevels {
    /// From the least to the most, not empty.
    pub(crate) levels: &'static [ThinkingLevel],
    pub(crate) thoughts: Thoughts,
}

/// Whether `includeThoughts` may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Thoughts {
    Shown,
    Hidden,
}

/// What a model does with thought signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signatures {
    /// It makes none and is sent none.
    Unsupported,
    /// It makes some, likes them back and does not insist.
    Optional,
    /// The first call of each step must carry one.
    OnCalls,
    /// Calls, and every text and image that the model made, must carry one.
    OnEveryPart,
}

/// Whether a model tells log probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Logprobs {
    Accepted,
    Refused,
}

/// When an answer can be demanded to be JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JsonMode {
    Always,
    WithoutTools,
}

/// When Google's own tools can be offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GoogleTools {
    /// Together with functions, if `includeServerSideToolInvocations` is said.
    WithFunctions,
    WithoutFunctions,
}

/// Whether calls can be checked against their schemas without being forced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValidatedCalls {
    Supported,
    Unsupported,
}

/// The language of schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Schemas {
    /// JSON Schema: `parametersJsonSchema`, `responseJsonSchema`.
    Json,
    /// A subset of `OpenAPI` 3.0 where any other keyword is an error: `parameters`, `responseSchema`.
    OpenApi,
}

/// Where instructions may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Instructions {
    /// In `systemInstruction`.
    System,
    /// Only in the prompt.
    Prompt,
}

/// What answers are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    Text,
    /// Text and images.
    Images,
    /// Sound and nothing else.
    Speech,
}

/// Where the images of a call's result may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResultImages {
    /// In `functionResponse.parts`.
    InResult,
    /// In parts that follow the results.
    BesideResult,
}

/// Where the resolution of media may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResolutionPlace {
    /// At each part.
    Part,
    /// Once, in `generationConfig`.
    Request,
    /// Nowhere.
    Unsupported,
}

/// Whether Google fetches what a public URL names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WebFiles {
    Fetched,
    Refused,
}
