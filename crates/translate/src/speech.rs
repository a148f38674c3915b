//! OpenAI's speech (§6.4).
