//! Streams of Gemini, in the dialect of the first byte, cut as the second says: however they are cut,
//! the same comes out.

#![no_main]

use gempool_translate::{AnswerStream, UpstreamFault};
use gempool_translate_fuzz::{dialect, meta};
use libfuzzer_sys::fuzz_target;

fn run<'a>(
    mut stream: AnswerStream,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> (Vec<u8>, Result<(), UpstreamFault>) {
    let mut out = Vec::new();
    let result = pieces
        .into_iter()
        .try_for_each(|piece| stream.push(piece, &mut out))
        .and_then(|()| stream.finish(&mut out));
    (out, result)
}

fuzz_target!(|data: &[u8]| {
    let Some((dialect, [cut, upstream @ ..])) = dialect(data) else {
        return;
    };
    let exchange = (dialect.read)(dialect.plain).expect("a plain request");
    let open = || exchange.stream_translator(&meta());
    let (Some(whole), Some(pieces), Some(halves)) = (open(), open(), open()) else {
        return;
    };
    let whole = run(whole, [upstream]);
    let size = usize::from(*cut % 32) + 1;
    assert_eq!(run(pieces, upstream.chunks(size)), whole);
    let (left, right) = upstream.split_at(upstream.len() * usize::from(*cut) / 256);
    assert_eq!(run(halves, [left, right]), whole);
});
