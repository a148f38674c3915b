//! What the prefixes and suffixes of a client's model name ask for (features §6.1).
//!
//! How they are read from the name is in `spec`.

/// Wishes that came with the name of the model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Features {
    /// `-search`: with Google Search.
    pub search: bool,
    /// `-nothinking`, `-thinking-N`, `-low` …
    pub thinking: Option<ThinkingOverride>,
    /// `-image`, on a model that has no image variant by that name: the answer may hold images.
    pub image: bool,
    /// `fake/`: the client's stream is cut from one whole answer, for models whose streams break.
    pub fake_stream: bool,
    /// `anti-trunc/`: an answer that was cut off is continued.
    pub continuation: bool,
}

/// How much to think, by suffix. It wins over what the request says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThinkingOverride {
    /// As little as the model allows.
    Off,
    /// As much as the model likes, thoughts shown.
    On,
    /// Tokens.
    Budget(u32),
    /// `-low`
    Low,
    /// `-medium`
    Medium,
    /// `-high`
    High,
}
