//! OpenAI's embeddings (§6.1).
