//! Whole answers of Gemini, rendered in the dialect of the first byte: a fault, or a body whose
//! counts add up; and the same answer given as a stream.

#![no_main]

use gempool_translate_fuzz::{dialect, meta};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((dialect, answer)) = dialect(data) else {
        return;
    };
    let exchange = (dialect.read)(dialect.plain).expect("a plain request");
    let meta = meta();
    if let Ok(rendered) = exchange.render(&[answer], &meta) {
        if rendered.content_type.starts_with("application/json") {
            let read: Result<serde::de::IgnoredAny, _> = serde_json::from_slice(&rendered.body);
            assert!(read.is_ok(), "not JSON");
        }
        assert!(rendered.usage.reasoning_tokens <= rendered.usage.completion_tokens);
    }
    if let Some(mut stream) = exchange.stream_translator(&meta) {
        let mut out = Vec::new();
        let _ = stream
            .push_whole(answer, &mut out)
            .and_then(|()| stream.finish(&mut out));
    }
});
