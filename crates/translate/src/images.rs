//! OpenAI's image generations and edits (§6.3).
