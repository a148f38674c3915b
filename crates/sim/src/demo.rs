//! What a simulator for people to try contains.

use std::time::Duration;

use crate::content::DefaultAnswer;

/// The keys of a demo, made up, of the form that real ones have.
pub const DEMO_KEYS: [&str; 2] = [
    "AQ.demo-key-one-not-a-secret",
    "AQ.demo-key-two-not-a-secret",
];

/// Time between events of a demo: about 30 a second, as fast models write.
const DEMO_CHUNK_DELAY: Duration = Duration::from_millis(30);

/// Events of a demo's stream: enough to be seen as one.
const DEMO_CHUNKS: usize = 24;

pub(crate) fn demo_answer() -> DefaultAnswer {
    DefaultAnswer {
        greeting: "Hello from the Gemini simulator: there is no model here, but your request went \
                   the whole way and was checked as strictly as the real API does. "
            .to_owned(),
        chunks: DEMO_CHUNKS,
        chunk_delay: DEMO_CHUNK_DELAY,
        ..DefaultAnswer::default()
    }
}
