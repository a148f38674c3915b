//! Anthropic's Messages API (§7).
