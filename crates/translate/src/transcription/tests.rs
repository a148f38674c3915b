//! Transcriptions and translations by rule.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::{
    AnswerMeta, Exchange, Features, InvalidRequest, Method, Signing, Target, UnaryAnswer,
    UpstreamFault, compatibility::Becomes, recorded::recorded,
};

const TYPE: &str = "multipart/form-data; boundary=4d2c";

type FormPart<'a> = (&'a str, Option<&'a str>, &'a [u8]);

const MODEL: FormPart<'_> = ("model", None, b"whisper-1");
const FILE: FormPart<'_> = ("file", Some("a.mp3"), b"ID3sound");

fn form(parts: &[FormPart<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, filename, content) in parts {
        let filename = filename.map_or(String::new(), |name| format!("; filename=\"{name}\""));
        let head =
            format!("--4d2c\r\nContent-Disposition: form-data; name=\"{name}\"{filename}\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--4d2c--\r\n");
    body
}

fn with(fields: &[(&str, &str)]) -> Vec<u8> {
    let fields = fields
        .iter()
        .map(|(name, value)| (*name, None, value.as_bytes()));
    let parts: Vec<FormPart<'_>> = [MODEL, FILE].into_iter().chain(fields).collect();
    form(&parts)
}

fn parts(task: Task, body: &[u8]) -> Result<Value, InvalidRequest> {
    let model = "gemini-2.5-flash".parse().unwrap();
    let request = TranscriptionRequest::parse(task, TYPE, body)?;
    assert_eq!(request.model(), "whisper-1");
    let plan = request.plan(&Target {
        model: &model,
        features: Features::default(),
        safety: &[],
        signatures: &BTreeMap::new(),
        signing: Signing::Kept,
        streamed: false,
    })?;
    assert_eq!((plan.method, plan.bodies.len()), (Method::Generate, 1));
    let sent: Value = serde_json::from_slice(&plan.bodies[0]).unwrap();
    Ok(sent["contents"][0]["parts"].clone())
}

fn check_words(task: Task, fields: &[(&str, &str)], words: &str) {
    let expected = json!([
        {"inlineData":{"mimeType":"audio/mp3","data":"SUQzc291bmQ="}},
        {"text":words},
    ]);
    assert_eq!(parts(task, &with(fields)).unwrap(), expected, "{fields:?}");
}

#[test]
fn sound_goes_before_the_words_6_5() {
    let plain = "Transcribe the audio verbatim. Output only the transcript.";
    for fields in [
        &[][..],
        &[("language", ""), ("prompt", ""), ("stream", "false")],
        &[
            ("chunking_strategy", "auto"),
            ("user", "u"),
            ("temperature", "0"),
        ],
        &[
            ("chunking_strategy[type]", "server_vad"),
            ("response_format", "text"),
        ],
    ] {
        check_words(Task::Transcribe, fields, plain);
    }
    check_words(
        Task::Translate,
        &[],
        "Translate the speech in the audio into English. Output only the translation.",
    );
}

#[test]
fn what_the_client_knows_of_the_sound_goes_into_the_words_6_5() {
    check_words(
        Task::Transcribe,
        &[("language", "en")],
        "Transcribe the audio verbatim. Output only the transcript. The language spoken is: en.",
    );
    check_words(
        Task::Transcribe,
        &[
            ("languages[]", "en"),
            ("languages[]", "pt-BR"),
            ("keywords[]", "gempool"),
            ("keywords[]", "WASI"),
        ],
        "Transcribe the audio verbatim. Output only the transcript. The languages spoken may be: en, pt-BR. \
         These words may be spoken: gempool, WASI.",
    );
    check_words(
        Task::Transcribe,
        &[("prompt", "Grüße von Zoë")],
        "Transcribe the audio verbatim. Output only the transcript. The following text shows the context, \
         style and spelling to expect; it is not part of the audio:\n\nGrüße von Zoë",
    );
}

#[test]
fn temperature_is_passed_on() {
    let body = with(&[("temperature", "0.25")]);
    let request = TranscriptionRequest::parse(Task::Transcribe, TYPE, &body).unwrap();
    assert_eq!(request.draft().sampling.temperature, Some(0.25));
}

#[test]
fn nonsense_is_refused_by_the_name_of_the_field() {
    let file = |name, content| form(&[MODEL, ("file", Some(name), content)]);
    for (body, param, code, wording) in [
        (
            form(&[FILE]),
            Some("model"),
            "missing_required_parameter",
            "required",
        ),
        (
            form(&[("model", None, b""), FILE]),
            Some("model"),
            "missing_required_parameter",
            "required",
        ),
        (
            form(&[MODEL]),
            Some("file"),
            "missing_required_parameter",
            "required",
        ),
        (
            form(&[MODEL, FILE, FILE]),
            Some("file"),
            "invalid_value",
            "given twice",
        ),
        (
            file("a.mp3", b""),
            Some("file"),
            "invalid_value",
            "empty file",
        ),
        (
            file("a.txt", b"hello"),
            Some("file"),
            "invalid_value",
            "not sound",
        ),
        (
            with(&[("model", "x")]),
            Some("model"),
            "invalid_value",
            "given twice",
        ),
        (
            with(&[("response_format", "srt")]),
            Some("response_format"),
            "unsupported_value",
            "when a word was said",
        ),
        (
            with(&[("response_format", "vtt")]),
            Some("response_format"),
            "unsupported_value",
            "use `json` or `text`",
        ),
        (
            with(&[("response_format", "verbose_json")]),
            Some("response_format"),
            "unsupported_value",
            "when",
        ),
        (
            with(&[("response_format", "diarized_json")]),
            Some("response_format"),
            "unsupported_value",
            "speakers",
        ),
        (
            with(&[("response_format", "xml")]),
            Some("response_format"),
            "invalid_value",
            "unknown format",
        ),
        (
            with(&[("temperature", "1.1")]),
            Some("temperature"),
            "invalid_value",
            "between 0 and 1",
        ),
        (
            with(&[("temperature", "-0.1")]),
            Some("temperature"),
            "invalid_value",
            "between 0 and 1",
        ),
        (
            with(&[("temperature", "warm")]),
            Some("temperature"),
            "invalid_type",
            "a number",
        ),
        (
            with(&[("language", "x")]),
            Some("language"),
            "invalid_value",
            "ISO 639-1",
        ),
        (
            with(&[("language", "en; DROP")]),
            Some("language"),
            "invalid_value",
            "not a language",
        ),
        (
            with(&[("languages[]", "en"), ("languages[]", "!!")]),
            Some("languages[1]"),
            "invalid_value",
            "not a language",
        ),
        (
            with(&[("stream", "yes")]),
            Some("stream"),
            "invalid_type",
            "`true` or `false`",
        ),
        (
            with(&vec![("keywords[]", "x"); 101]),
            Some("keywords"),
            "array_above_max_length",
            "at most 100",
        ),
        (
            b"--4d2c\r\n".to_vec(),
            None,
            "invalid_value",
            "multipart body",
        ),
    ] {
        let error = parts(Task::Transcribe, &body).unwrap_err();
        let case = String::from_utf8_lossy(&body);
        assert_eq!(error.param.as_deref(), param, "{case:.300}: {error}");
        assert_eq!(error.code, Some(code), "{case:.300}: {error}");
        assert!(error.message.contains(wording), "{case:.300}: {error}");
    }
    let json =
        TranscriptionRequest::parse(Task::Transcribe, "application/json", b"{}").unwrap_err();
    assert!(json.message.contains("multipart/form-data"), "{json}");
}

#[test]
fn what_the_policy_refuses_is_refused() {
    for row in PARAMETERS
        .iter()
        .filter(|row| matches!(row.becomes, Becomes::Refused(_)))
    {
        for name in [row.name.to_owned(), format!("{}[]", row.name)] {
            let error = parts(Task::Transcribe, &with(&[(&name, "x")])).unwrap_err();
            assert_eq!(error.param.as_deref(), Some(row.name), "{error}");
            assert_eq!(error.code, Some("unsupported_parameter"), "{error}");
        }
    }
}

#[test]
fn translations_are_not_streamed() {
    let body = with(&[("stream", "true")]);
    for (task, streams) in [(Task::Transcribe, true), (Task::Translate, false)] {
        let request = TranscriptionRequest::parse(task, TYPE, &body).unwrap();
        assert_eq!(request.streams(), streams);
    }
}

fn meta() -> AnswerMeta {
    AnswerMeta {
        fallback_id: "fallback".to_owned(),
        created_unix_s: 7,
        model: "whisper-1".to_owned(),
    }
}

fn render(task: Task, fields: &[(&str, &str)], answer: &str) -> Result<UnaryAnswer, UpstreamFault> {
    let body = with(fields);
    let request = TranscriptionRequest::parse(task, TYPE, &body).unwrap();
    request.render(&[answer.as_bytes()], &meta())
}

fn text(answer: UnaryAnswer) -> (String, &'static str) {
    (String::from_utf8(answer.body).unwrap(), answer.content_type)
}

const ANSWER: &str = r#"{"candidates":[{"content":{"parts":[
    {"text":"Listening.","thought":true},{"text":"Grüße, "},{"text":"\"Zoë\".\n"}]},"finishReason":"STOP"}],
  "usageMetadata":{"promptTokenCount":139,"candidatesTokenCount":10,"thoughtsTokenCount":26,"totalTokenCount":175,
    "promptTokensDetails":[{"modality":"TEXT","tokenCount":20},{"modality":"AUDIO","tokenCount":119}]}}"#;

#[test]
fn a_transcript_is_json_or_text_6_5() {
    let usage = r#""usage":{"type":"tokens","input_tokens":139,"input_token_details":{"text_tokens":20,"audio_tokens":119},"output_tokens":36,"total_tokens":175}"#;
    let transcript = r#""text":"Grüße, \"Zoë\".""#;
    let json = "application/json; charset=utf-8";
    for (task, fields, expected) in [
        (
            Task::Transcribe,
            &[][..],
            (format!("{{{transcript},{usage}}}"), json),
        ),
        (
            Task::Transcribe,
            &[("response_format", "json")],
            (format!("{{{transcript},{usage}}}"), json),
        ),
        (Task::Translate, &[], (format!("{{{transcript}}}"), json)),
        (
            Task::Transcribe,
            &[("response_format", "text")],
            ("Grüße, \"Zoë\".".to_owned(), "text/plain; charset=utf-8"),
        ),
    ] {
        assert_eq!(text(render(task, fields, ANSWER).unwrap()), expected);
    }
}

#[test]
fn silence_is_an_empty_transcript() {
    let answer = render(
        Task::Translate,
        &[],
        r#"{"candidates":[{"finishReason":"STOP"}]}"#,
    )
    .unwrap();
    assert!(answer.empty);
    assert_eq!(text(answer).0, r#"{"text":""}"#);
}

#[test]
fn half_a_transcript_is_a_fault() {
    let half = |reason: &str| ANSWER.replace("STOP", reason);
    for (answer, reason) in [
        (half("MAX_TOKENS"), "max_tokens"),
        (half("RECITATION"), "content_policy_violation"),
        (
            r#"{"candidates":[{"finishReason":"SAFETY"}]}"#.to_owned(),
            "content_policy_violation",
        ),
        (
            r#"{"promptFeedback":{"blockReason":"SAFETY"}}"#.to_owned(),
            "content_policy_violation",
        ),
        (
            r#"{"candidates":[{"finishReason":"MALFORMED_RESPONSE"}]}"#.to_owned(),
            "malformed_response",
        ),
    ] {
        match render(Task::Transcribe, &[], &answer).unwrap_err() {
            UpstreamFault::Unusable { reason: found, .. } => assert_eq!(found, reason, "{answer}"),
            other => panic!("{answer}: {other:?}"),
        }
    }
    for (answer, fault) in [
        ("{}", UpstreamFault::Empty),
        (
            r#"{"candidates":[{"finishReason":"OTHER"}]}"#,
            UpstreamFault::Empty,
        ),
        (r#"{"candidates":["#, UpstreamFault::Truncated),
        ("?", UpstreamFault::Malformed),
    ] {
        assert_eq!(
            render(Task::Transcribe, &[], answer),
            Err(fault),
            "{answer}"
        );
    }
}

fn run<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (String, Result<(), UpstreamFault>) {
    let body = with(&[("stream", "true")]);
    let request = TranscriptionRequest::parse(Task::Transcribe, TYPE, &body).unwrap();
    let mut stream = request.stream_translator(&meta()).unwrap();
    let mut out = Vec::new();
    let result = pieces
        .into_iter()
        .try_for_each(|piece| stream.push(piece, &mut out))
        .and_then(|()| stream.finish(&mut out));
    (String::from_utf8(out).unwrap(), result)
}

fn outcome(events: &[&str]) -> (String, Result<(), UpstreamFault>) {
    let input: String = events
        .iter()
        .map(|event| format!("data: {event}\r\n\r\n"))
        .collect();
    let bytes = input.as_bytes();
    let whole = run([bytes]);
    assert_eq!(run(bytes.chunks(1)), whole, "byte by byte");
    for at in 0..=bytes.len() {
        let (left, right) = bytes.split_at(at);
        assert_eq!(run([left, right]), whole, "split at {at}");
    }
    whole
}

#[test]
fn a_transcript_streams_as_events() {
    let (out, result) = outcome(&[
        r#"{"candidates":[{"content":{"parts":[{"text":"Hm","thought":true},{"text":"Grü"}]}}]}"#,
        r#"{"candidates":[{"content":{"parts":[{"text":"ße"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":2,"totalTokenCount":11,"promptTokensDetails":[{"modality":"AUDIO","tokenCount":5}]}}"#,
    ]);
    assert_eq!(result, Ok(()));
    insta::assert_snapshot!(out.replace("\n\n", "\n"), @r#"
    event: transcript.text.delta
    data: {"type":"transcript.text.delta","delta":"Grü"}
    event: transcript.text.delta
    data: {"type":"transcript.text.delta","delta":"ße"}
    event: transcript.text.done
    data: {"type":"transcript.text.done","text":"Grüße","usage":{"type":"tokens","input_tokens":9,"input_token_details":{"text_tokens":4,"audio_tokens":5},"output_tokens":2,"total_tokens":11}}
    "#);
}

#[test]
fn a_stream_with_half_a_transcript_does_not_look_whole() {
    let part = r#"{"candidates":[{"content":{"parts":[{"text":"Grü"}]}}]}"#;
    for (reason, code) in [
        ("MAX_TOKENS", "max_tokens"),
        ("RECITATION", "content_policy_violation"),
    ] {
        let end = format!(r#"{{"candidates":[{{"finishReason":"{reason}"}}]}}"#);
        let (out, result) = outcome(&[part, &end]);
        assert_eq!(result, Ok(()));
        assert!(
            out.contains("event: error\n") && !out.contains(DONE_EVENT),
            "{out}"
        );
        assert!(out.contains(&format!(r#""code":"{code}""#)), "{out}");
    }
    let (out, _) = outcome(&[r#"{"promptFeedback":{"blockReason":"SAFETY"}}"#]);
    assert!(out.contains("content_policy_violation"), "{out}");
    assert_eq!(outcome(&[part]).1, Err(UpstreamFault::Truncated));
}

const DONE_EVENT: &str = "transcript.text.done";

#[test]
fn recorded_answers_become_transcripts() {
    for file in [
        "audio_in_mp3.json",
        "audio_transcription_language_hint.json",
    ] {
        let Some(upstream) = recorded(file) else {
            return;
        };
        let upstream = String::from_utf8(upstream).unwrap();
        let answer = render(Task::Transcribe, &[("response_format", "text")], &upstream).unwrap();
        assert_eq!(
            text(answer).0,
            "Ruby is a programming language designed for developer happiness.",
            "{file}"
        );
    }
}
