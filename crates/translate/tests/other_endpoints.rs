//! Runs recorded answers of Gemini, of every kind, through the endpoints that are not chat, if the
//! folder with them lies beside the project. Whatever comes, it is an answer that adds up or a fault,
//! never a panic; and a stream is the same however it is cut.
#![expect(
    clippy::unwrap_used,
    reason = "clippy knows `#[test]` functions, not their helpers"
)]

use std::{fs, path::Path};

use gempool_translate::{
    AnswerMeta, Exchange, UpstreamFault,
    embeddings::EmbeddingsRequest,
    images::ImageRequest,
    speech::SpeechRequest,
    transcription::{Task, TranscriptionRequest},
};
use serde_json::Value;

const FORM: &[u8] = b"--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n\
--b\r\nContent-Disposition: form-data; name=\"stream\"\r\n\r\ntrue\r\n\
--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\nRIFF....WAVE\r\n--b--\r\n";

/// Pieces that a stream is cut into, in bytes: primes, so that every place is cut sooner or later.
const PIECES: [usize; 3] = [usize::MAX, 1021, 7];

/// Recorded streams larger than this are images; cutting those into the smallest pieces takes long.
const LARGE_BYTES: usize = 64 * 1024;

fn meta() -> AnswerMeta {
    AnswerMeta {
        fallback_id: "0123456789abcdef".to_owned(),
        created_unix_s: 7,
        model: "m".to_owned(),
    }
}

fn requests() -> Vec<(&'static str, Box<dyn Exchange>)> {
    let form = "multipart/form-data; boundary=b";
    let transcription = TranscriptionRequest::parse(Task::Transcribe, form, FORM).unwrap();
    vec![
        (
            "embeddings",
            Box::new(EmbeddingsRequest::parse(br#"{"model":"m","input":"a"}"#).unwrap()),
        ),
        (
            "images",
            Box::new(ImageRequest::parse(br#"{"model":"m","prompt":"a","stream":true}"#).unwrap()),
        ),
        (
            "speech",
            Box::new(
                SpeechRequest::parse(
                    br#"{"model":"m","input":"a","voice":"alloy","stream_format":"sse"}"#,
                )
                .unwrap(),
            ),
        ),
        ("transcription", Box::new(transcription)),
    ]
}

#[test]
fn every_recorded_answer_is_an_answer_that_adds_up_or_a_fault() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("shared/fixtures"))
        .find(|folder| folder.is_dir());
    let Some(folder) = folder else {
        println!("skipped: no recorded answers beside the project");
        return;
    };
    let (mut answers, mut faults, mut streams) = (0, 0, 0);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let body = fs::read(&path).unwrap();
        for (endpoint, request) in requests() {
            match request.render(&[&body], &meta()) {
                Ok(answer) => {
                    check_usage(&name, &answer.usage);
                    if answer.content_type.starts_with("application/json") {
                        let read = serde_json::from_slice::<Value>(&answer.body);
                        assert!(read.is_ok(), "{name} as {endpoint}");
                    }
                    answers += 1;
                }
                Err(_) => faults += 1,
            }
            if name.ends_with(".sse") && request.streams() {
                check_stream(&name, request.as_ref(), &body);
                streams += 1;
            }
        }
    }
    println!("{answers} answers, {faults} faults, {streams} streams");
    assert!(answers > 0 && faults > 0 && streams > 0);
}

fn check_usage(name: &str, usage: &gempool_translate::Usage) {
    let sum = usage.prompt_tokens + usage.completion_tokens;
    assert_eq!(sum, usage.total_tokens, "{name}");
}

fn check_stream(name: &str, request: &dyn Exchange, body: &[u8]) {
    let pieces = PIECES
        .iter()
        .filter(|piece| body.len() <= LARGE_BYTES || **piece > 7);
    let mut outcomes: Vec<(Vec<u8>, Result<(), UpstreamFault>)> = pieces
        .map(|piece| {
            let mut stream = request.stream_translator(&meta()).unwrap();
            let mut out = Vec::new();
            let result = body
                .chunks(*piece)
                .try_for_each(|piece| stream.push(piece, &mut out))
                .and_then(|()| stream.finish(&mut out));
            (out, result)
        })
        .collect();
    let (out, _) = outcomes.first().cloned().unwrap();
    outcomes.dedup();
    assert_eq!(outcomes.len(), 1, "{name}");
    for event in String::from_utf8(out).unwrap().split_terminator("\n\n") {
        let data = event.split_once("\ndata: ").unwrap().1;
        assert!(serde_json::from_str::<Value>(data).is_ok(), "{name}");
    }
}
