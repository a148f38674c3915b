//! OpenAI's transcriptions (§6.5).
