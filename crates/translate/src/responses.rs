//! OpenAI's Responses API (§8).
