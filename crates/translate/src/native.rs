//! The Gemini API itself, passed through (§9).
