//! OpenAI's legacy completions (§6.6).
